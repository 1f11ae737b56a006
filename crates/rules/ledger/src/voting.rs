//! Votes of validators: what they sign, who they are, what makes a block final, and what proves that one cheated. The
//! protocol by which they come to vote is not here, but in `bolao-finality`: slips, sync, audit, the page in a browser and
//! the rule for `Evidence` all check votes, and none of them votes.

mod certificate;
mod set;
mod statement;

pub use certificate::{Certificate, CertificateError, Conflict, Decided};
pub use set::{ValidatorSet, ValidatorSetError};
pub use statement::{Decision, DoubleSign, Statement, StatementKind};
