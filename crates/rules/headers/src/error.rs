//! Why a header is refused.

use bolao_ledger::{BlockHash, Reason, UnixSeconds};
use thiserror::Error;

/// Why a header is refused, given the headers under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum HeaderError {
    #[error("block {hash} is above the target that its header names")]
    HighHash { hash: BlockHash },
    #[error("got bits {got:#010x} in block {hash}, wanted {wanted:#010x}")]
    BadTarget {
        hash: BlockHash,
        got: u32,
        wanted: u32,
    },
    #[error("got block {hash} of time {got}, wanted at least {wanted}, as the blocks under it ask")]
    TimeTooOld {
        hash: BlockHash,
        got: UnixSeconds,
        wanted: UnixSeconds,
    },
    #[error("got block {hash} of time {got}, wanted at most {wanted} for now: it waits until then")]
    TimeTooNew {
        hash: BlockHash,
        got: UnixSeconds,
        wanted: UnixSeconds,
    },
    #[error("block {hash} builds on {parent}, which is not known")]
    UnknownParent { hash: BlockHash, parent: BlockHash },
    #[error("block {hash} builds on {parent}, which is invalid")]
    InvalidAncestor { hash: BlockHash, parent: BlockHash },
}

impl HeaderError {
    /// The stable code.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::HighHash { .. } => Reason::HighHash,
            Self::BadTarget { .. } => Reason::BadTarget,
            Self::TimeTooOld { .. } => Reason::TimeTooOld,
            Self::TimeTooNew { .. } => Reason::TimeTooNew,
            Self::UnknownParent { .. } => Reason::UnknownParent,
            Self::InvalidAncestor { .. } => Reason::InvalidAncestor,
        }
    }
}
