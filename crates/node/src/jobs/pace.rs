//! How soon an empty block may follow another, so that the disks of an easy pool do not fill.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The pace of the miners of other processes, all together.
#[derive(Debug)]
pub(super) struct Pace {
    least: Duration,
    last: Mutex<Option<Instant>>,
}

impl Pace {
    /// No sooner than `least` after the last block.
    pub(super) const fn new(least: Duration) -> Self {
        Self {
            least,
            last: Mutex::new(None),
        }
    }

    /// A block was found just now.
    pub(super) fn found(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Until when to rest before a block that nobody wants, if that is not over.
    pub(super) fn rests_until(&self) -> Option<Instant> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let end = last?.checked_add(self.least)?;
        (end > Instant::now()).then_some(end)
    }
}
