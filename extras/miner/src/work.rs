//! What the miner is asked and what it answers.

use std::{fmt, sync::Arc};

use bolao_work::Job;

/// Gives the time of the chain's clock in unix seconds, for headers.
pub type Clock = Arc<dyn Fn() -> u32 + Send + Sync>;

/// A job under a number.
#[derive(Clone)]
pub struct Work {
    /// The caller's number for this work. One number is solved once.
    pub id: u64,
    /// The job to search.
    pub job: Job,
    /// Moves the header's time forward every few seconds, and each time a thread has spent its
    /// nonces. Without it the time stays the job's until the extra nonces are spent too.
    pub clock: Option<Clock>,
}

impl Work {
    /// Work whose time is the job's.
    pub fn new(id: u64, job: Job) -> Self {
        Self {
            id,
            job,
            clock: None,
        }
    }

    /// The same work with a clock.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self {
            clock: Some(clock),
            ..self
        }
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work")
            .field("id", &self.id)
            .field("job", &self.job)
            .field("clock", &self.clock.is_some())
            .finish()
    }
}
