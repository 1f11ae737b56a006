#![doc = include_str!("../README.md")]

mod admission;
mod audit;
mod begun;
mod changes;
mod clocks;
mod config;
mod core;
mod deadlines;
mod error;
mod finality;
mod forkchoice;
mod guilt;
mod io;
mod keeping;
mod lateness;
mod looks;
mod mempool;
mod named;
mod notices;
mod rehearse;
mod salvage;
mod serve;
mod sync;
mod template;
mod times;
mod voting;
mod wire;
mod witness;

pub use audit::{AuditFailure, AuditReport, AuditSource, StoredChain, audit, look_up_all};
pub use begun::begun;
pub use clocks::{Clocks, most_clocks_differ_s};
pub use config::{CoreConfig, VotingKey};
pub use core::Core;
pub use deadlines::next_due;
pub use error::{CoreError, FinalError, Signers, no_mining};
pub use finality::Place;
pub use guilt::{Guilt, Stamp, guilt, stamp};
pub use io::{
    Accepted, Blocks, Cause, Event, Input, Item, Now, Output, PeerId, Rejection, RequestFailure,
    Submission, TipChange, Topic, Verdict,
};
pub use keeping::{Seals, WaitingSeals};
pub use lateness::{LateBlock, Lateness, lateness};
pub use looks::looks;
pub use named::Invited;
pub use rehearse::{Effect, MAX_REHEARSED, Proposal, Rehearsal, Rehearsed, rehearse};
pub use salvage::{Salvaged, salvage};
pub use serve::{MAX_RESPONSE_BYTES, serve};
pub use template::Template;
pub use voting::{Attendance, Attendee, LastVote};
pub use wire::{
    CertifiedBlock, MAX_BLOCKS, MAX_HEADERS, MAX_KEPT, MAX_KEPT_IDS, MAX_LOCATOR, MAX_PENDING_IDS,
    MAX_TRANSACTIONS, MAX_VOTES, Request, Response, Status,
};
