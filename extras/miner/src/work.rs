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

/// A header that meets its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// The id of the work that it solves.
    pub work_id: u64,
    /// The whole header.
    pub header: [u8; 80],
    /// The last 16 bytes of the coinbase whose hash is in the header's Merkle root.
    pub extra_nonce: [u8; 16],
    /// The header's double SHA-256, in the order in which the function gives its bytes.
    pub hash: [u8; 32],
}

impl Solution {
    /// The header's time, in unix seconds.
    pub fn time(&self) -> u32 {
        self.word(68)
    }

    /// The header's nonce.
    pub fn nonce(&self) -> u32 {
        self.word(76)
    }

    fn word(&self, at: usize) -> u32 {
        let word = self.header.get(at..).and_then(<[u8]>::first_chunk);
        u32::from_le_bytes(*word.expect("a word is at 68 and at 76"))
    }
}
