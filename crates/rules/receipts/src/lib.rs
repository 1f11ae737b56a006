#![doc = include_str!("../README.md")]

mod base64;
mod comparison;
mod deciders;
mod error;
mod form;
mod found;
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
pub use form::{
    SLIP_BYTES_MAX, SLIP_CHANGES_MAX, SLIP_HEADERS_MAX, SLIP_VERSION_CHECKPOINT,
    SLIP_VERSION_VOTES, SLIP_VERSION_WORK,
};
pub use found::{Proven, ProvenVotes, ProvenWork};
pub use proof::{PROOF_VERSION, Proof, ProofError, ProofReport};
pub use slip::{SetChanged, SignedHeader, Slip};
pub use verify::{SlipReport, verify};
