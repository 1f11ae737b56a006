#![doc = include_str!("../README.md")]

mod base64;
mod comparison;
mod deciders;
mod error;
mod headers;
mod path;
mod proof;
mod slip;
mod verify;
mod votes;
mod work;

pub use comparison::{Answer, Beside, Comparison};
pub use deciders::Deciders;
pub use error::SlipError;
pub use proof::{PROOF_VERSION, Proof, ProofError, ProofReport};
pub use slip::{
    SLIP_BYTES_MAX, SLIP_CHANGES_MAX, SLIP_HEADERS_MAX, SLIP_VERSION_CHECKPOINT,
    SLIP_VERSION_VOTES, SLIP_VERSION_WORK, SetChanged, SignedHeader, Slip,
};
pub use verify::{Proven, SlipReport, verify};
pub use votes::ProvenVotes;
pub use work::ProvenWork;
