//! How soon an empty block may follow another, so that the disks of an easy pool do not fill.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bolao_ledger::BlockHash;
use tokio::time::Instant;

/// When a block that nobody wants is to be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Now,
    /// Not before.
    At(Instant),
    /// Another on the same tip waits already.
    Never,
}

/// The pace of the miners of other processes, all together.
#[derive(Debug)]
pub(super) struct Pace {
    least: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: Option<Instant>,
    /// The tip on which a block waits.
    waits_on: Option<BlockHash>,
}

impl Pace {
    /// No sooner than `least` after the last block.
    pub(super) fn new(least: Duration) -> Self {
        Self {
            least,
            state: Mutex::default(),
        }
    }

    /// A block was found just now.
    pub(super) fn found(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last = Some(Instant::now());
    }

    /// When a block on this tip has its turn. Who is told to wait is expected to hand it over then.
    pub(super) fn turn(&self, tip: BlockHash) -> Turn {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let end = state.last.and_then(|last| last.checked_add(self.least));
        match end.filter(|end| *end > Instant::now()) {
            None => Turn::Now,
            Some(_) if state.waits_on == Some(tip) => Turn::Never,
            Some(end) => {
                state.waits_on = Some(tip);
                Turn::At(end)
            }
        }
    }
}
