#![doc = include_str!("../README.md")]

mod admission;
mod audit;
mod chain;
mod changes;
mod config;
mod consensus;
mod context;
mod core;
mod dated_ahead;
mod deadlines;
mod equivocation;
mod error;
mod import;
mod io;
mod keeping;
mod kind;
mod looks;
mod mempool;
mod observer;
mod recovery;
mod rehearse;
mod serve;
mod sync;
mod template;
#[cfg(test)]
mod tests;
mod viewers;
mod wire;

pub use audit::{AuditFailure, AuditReport, AuditSource, StoredChain, audit, look_up_all};
pub use config::{CoreConfig, Recalls, VotingKey};
pub use core::Core;
pub use dated_ahead::{DatedAhead, dated_ahead};
pub use deadlines::next_due;
pub use equivocation::{Equivocation, Stamp, equivocation, stamp};
pub use error::{CoreError, FinalError, Signers};
pub use import::{ImportError, import};
pub use io::{
    Accepted, Attendance, Attendee, Blocks, Cause, ClockDoubt, ClockWitness, Clocks, Disagreement,
    DoubtCause, Event, Input, Item, LastVote, MissingCheckpoint, Now, Output, PeerId, Rejection,
    RequestFailure, Submission, Testimony, TipChange, Topic, Verdict,
};
pub use keeping::{Seals, WaitingSeals, betting_closed};
pub use kind::no_mining;
pub use looks::looks;
pub use observer::{LateBets, LateBlock, Lateness, lateness, most_clocks_differ_s};
pub use recovery::{Recovered, recover};
pub use rehearse::{Effect, MAX_REHEARSED, Proposal, Rehearsed, rehearse};
pub use serve::{MAX_RESPONSE_BYTES, serve};
pub use template::Template;
pub use viewers::{finds_viewer, is_invited, may_look};
pub use wire::{
    CertifiedBlock, MAX_BLOCKS, MAX_HEADERS, MAX_KEPT, MAX_KEPT_IDS, MAX_LOCATOR, MAX_PENDING_IDS,
    MAX_SAID, MAX_SAID_BYTES, MAX_TRANSACTIONS, MAX_VOTES, Pass, Question, Request, Response, Said,
    Signed, Status, TicketProof, Told,
};
