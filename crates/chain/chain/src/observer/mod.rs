//! The observer: what this node saw of when things came, and what is to be told of it. No block is invalid by it.
//!
//! - [`arrivals`]: whether the node is there, and the verdict on a block's time by when it came, with the table of thresholds.
//! - [`clocks`]: whether its clock agrees with others'.
//! - [`doubt`]: whether whoever decides alone may go by it, by [`witnesses`] and by what is [`proven`].
//! - [`times`]: whether a block's time is off, as it comes; [`lateness`] the same of the blocks of the past.
//! - [`notices`]: what is told of all that, and of what people counted on and lost.

mod arrivals;
mod clocks;
mod doubt;
mod lateness;
pub(crate) mod notices;
mod proven;
mod times;
mod witnesses;

use bolao_ledger::{CheckedBlock, Genesis, Height, Rules, StateView};
use bolao_store::{Arrival, NoticedChange, Reader, StoreError};

use crate::io::{Clocks, Now};
use notices::{Noticing, Settled};
use times::Times;

pub(crate) use arrivals::{Arrivals, CONTRADICTS_S, TOLD_MS};
pub use clocks::most_clocks_differ_s;
pub(crate) use clocks::{HeardClocks, median};
pub(crate) use doubt::{Facts, Judge};
pub use lateness::{LateBets, LateBlock, Lateness, lateness};
pub(crate) use times::Evidence;
pub(crate) use witnesses::contradicts;

/// The part of the core that watches when things come.
#[derive(Debug)]
pub(crate) struct Observer {
    rules: Rules,
    arrivals: Arrivals,
    times: Times,
    noticing: Noticing,
    /// The comparison of clocks that watchers last heard of.
    told: Clocks,
}

impl Observer {
    /// `taken_back`: whether blocks were taken off and what they had left was not compared yet.
    pub(crate) fn new(genesis: &Genesis, now: Now, taken_back: bool) -> Self {
        Self {
            rules: genesis.rules.clone(),
            arrivals: Arrivals::new(genesis, now),
            times: Times::default(),
            noticing: Noticing::new(now, taken_back),
            told: Clocks::default(),
        }
    }

    /// The arrivals of blocks, and the verdict on each.
    pub(crate) const fn arrivals(&self) -> &Arrivals {
        &self.arrivals
    }

    /// Whether the node can judge what comes, for whoever learns of that.
    pub(crate) const fn arrivals_mut(&mut self) -> &mut Arrivals {
        &mut self.arrivals
    }

    /// Compares the clocks; gives what is new. `held_back`: whether a peer has blocks that wait for this clock.
    pub(crate) fn compare_clocks(
        &mut self,
        heard: &HeardClocks,
        held_back: bool,
    ) -> Option<Clocks> {
        let most_s = self.arrivals.thresholds.clocks_differ_s;
        let clocks = heard.compared(self.arrivals.votes, most_s, held_back);
        (!clocks.is_as(self.told, most_s)).then(|| {
            self.told = clocks;
            clocks
        })
    }

    /// Gives what is to be noticed of a block that validators decided and that comes next.
    pub(crate) fn judge_times(
        &mut self,
        evidence: &Evidence<'_, impl StateView<Error = StoreError>>,
        height: Height,
        block: &CheckedBlock,
        arrived: Arrival,
    ) -> Result<Vec<NoticedChange>, StoreError> {
        self.times
            .judge(evidence, &self.arrivals, height, block, arrived)
    }

    /// The tip has moved.
    pub(crate) fn tip_moved(&mut self, now: Now, blocks_taken_off: bool) {
        self.noticing.moved(now.mono_ms, blocks_taken_off);
    }

    /// Compares what blocks that were taken off had left with what is there now, and gives what differs, for the chain to keep and tell. `syncing`:
    /// whether a download is on its way.
    pub(crate) fn compare_taken_back(
        &mut self,
        now: Now,
        reader: &Reader,
        syncing: bool,
    ) -> Result<Option<Settled>, StoreError> {
        self.noticing
            .compare_taken_back(reader, &self.rules, now, syncing)
    }

    /// When there may be something to say although nothing happens.
    pub(crate) fn wake_times(&self) -> impl Iterator<Item = u64> {
        self.noticing.times()
    }
}
