//! Why a request was refused, by the numbers of the Stratum protocol.

use serde_json::{Value, json};

use crate::source::{JobError, SubmitError};

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Reject {
    #[error("{0}")]
    Other(String),
    #[error("stale share: {0}")]
    Stale(String),
    #[error("duplicate share")]
    Duplicate,
    #[error("low difficulty share")]
    LowDifficulty,
    #[error("unauthorized worker: {0}")]
    Unauthorized(String),
    #[error("not subscribed: send mining.subscribe first")]
    NotSubscribed,
}

impl Reject {
    /// The number that miners know it by.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Other(_) => 20,
            Self::Stale(_) => 21,
            Self::Duplicate => 22,
            Self::LowDifficulty => 23,
            Self::Unauthorized(_) => 24,
            Self::NotSubscribed => 25,
        }
    }

    /// The `error` of an answer.
    pub(crate) fn to_json(&self) -> Value {
        json!([self.code(), self.to_string(), null])
    }
}

impl From<JobError> for Reject {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Worker(why) => Self::Unauthorized(why),
            JobError::Unavailable(_) => Self::Other(error.to_string()),
        }
    }
}

impl From<SubmitError> for Reject {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Stale => Self::Stale(error.to_string()),
            SubmitError::Rejected(_) | SubmitError::Unavailable(_) => {
                Self::Other(error.to_string())
            }
        }
    }
}
