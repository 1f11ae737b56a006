//! Why a request was refused, by the numbers of the Stratum protocol.

use serde_json::{Value, json};

/// A refusal; its text says what was wrong, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reject {
    /// For a reason that the protocol has no number for.
    #[error("{0}")]
    Other(String),
    /// The chain has gone on.
    #[error("stale share: {0}")]
    Stale(String),
    /// The share was counted before.
    #[error("duplicate share")]
    Duplicate,
    /// The hash is higher than was asked for.
    #[error("low difficulty share")]
    LowDifficulty,
    /// The worker's name will not do.
    #[error("unauthorized worker: {0}")]
    Unauthorized(String),
    /// There is no extra nonce yet.
    #[error("not subscribed: send mining.subscribe first")]
    NotSubscribed,
}

impl Reject {
    /// The node has no work now; it is asked again later.
    #[must_use]
    pub fn no_work(why: impl std::fmt::Display) -> Self {
        Self::Other(format!("no work now: {why}"))
    }

    /// The node could not look at a block.
    #[must_use]
    pub fn not_taken(why: impl std::fmt::Display) -> Self {
        Self::Other(format!("the node could not take the block: {why}"))
    }

    /// The `error` of an answer.
    pub(crate) fn to_json(&self) -> Value {
        let code = match self {
            Self::Other(_) => 20,
            Self::Stale(_) => 21,
            Self::Duplicate => 22,
            Self::LowDifficulty => 23,
            Self::Unauthorized(_) => 24,
            Self::NotSubscribed => 25,
        };
        json!([code, self.to_string(), null])
    }
}
