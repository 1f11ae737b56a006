//! Why something could not be done.

use std::fmt::Display;

use bolao_ledger::{CorruptEntry, Reason};
use thiserror::Error;

/// A stable code, and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refusal {
    /// Such as `wrong-passphrase`, or a code of the ledger's.
    pub code: &'static str,
    /// The cause, and what to do.
    pub message: String,
}

impl Refusal {
    pub(crate) fn new(code: &'static str, message: impl Display) -> Self {
        Self::said(code, &message)
    }

    #[cold]
    fn said(code: &'static str, message: &dyn Display) -> Self {
        Self {
            code,
            message: message.to_string(),
        }
    }

    pub(crate) fn rule(reason: Reason, message: impl Display) -> Self {
        Self::new(reason.code(), message)
    }
}

/// Our own state always reads.
pub(crate) fn unreadable(error: CorruptEntry) -> Refusal {
    Refusal::new("broken-chain", error)
}
