//! The observer: what this node saw of when things came, and what is to be told of it. No block is invalid by it.
//!
//! - [`arrival_log`]: whether the node is there, so that what comes late is known to have come late.
//! - [`clocks`]: whether its clock agrees with others'.
//! - [`doubt`]: whether whoever decides alone may go by it.
//! - [`times`]: whether a block's time is off, as it comes; [`lateness`] the same of the blocks of the past.
//! - [`notices`]: what is told of all that, and of what people counted on and lost.
//! - [`thresholds`]: from how many seconds on.

mod arrival_log;
mod clocks;
mod doubt;
mod lateness;
pub(crate) mod notices;
mod thresholds;
mod times;

use bolao_ledger::{CheckedBlock, Genesis, Height, UnixSeconds};
use bolao_store::{Arrival, NoticedChange, StoreError, Tables, Tip};

use crate::{
    chain::Chain,
    consensus::{self, kind},
    core::Context,
    io::{Cause, ClockWitness, Now},
};
use arrival_log::ArrivalLog;
use doubt::Witnesses;
use notices::{BettingClosed, Noticing};
use times::Times;

pub use clocks::{Clocks, most_clocks_differ_s};
pub(crate) use clocks::{HeardClocks, median};
pub(crate) use doubt::Facts;
pub use doubt::{ClockDoubt, DoubtCause};
pub use lateness::{LateBlock, Lateness, lateness};
pub(crate) use thresholds::Thresholds;
pub(crate) use times::Evidence;

/// The part of the core that watches when things come.
#[derive(Debug)]
pub(crate) struct Observer {
    thresholds: Thresholds,
    /// Whether the pool has validators.
    votes: bool,
    opening_window_s: u32,
    arrivals: ArrivalLog,
    times: Times,
    noticing: Noticing,
    /// The comparison of clocks that watchers last heard of.
    told: Clocks,
    witnesses: Witnesses,
}

impl Observer {
    /// `taken_back`: whether blocks were taken off and what they had left was not compared yet.
    pub(crate) fn new(genesis: &Genesis, now: Now, taken_back: bool) -> Self {
        Self {
            thresholds: consensus::thresholds(genesis),
            votes: kind(genesis).has_votes(),
            opening_window_s: genesis.rules.opening_window_s,
            arrivals: ArrivalLog::default(),
            times: Times::default(),
            noticing: Noticing::new(now, taken_back),
            told: Clocks::default(),
            witnesses: Witnesses::default(),
        }
    }

    /// Notes the time, before an input is handled. Says whether the machine slept, or stood still, or its clock was set.
    pub(crate) fn begin(&mut self, now: Now, wake_ms: Option<u64>) -> bool {
        let leapt = self.noticing.at(now, wake_ms);
        if leapt {
            self.arrivals.lost_touch();
        }
        leapt
    }

    /// Takes what a witness to the time besides the own clock says.
    pub(crate) fn hear_witness(&mut self, now: Now, witness: ClockWitness) {
        self.witnesses.hear(now, witness);
    }

    /// The clock was set, or the machine slept.
    pub(crate) fn clock_leapt(&mut self) {
        self.witnesses.leapt();
    }

    /// The doubt about the clock by which somebody is to decide alone.
    pub(crate) fn judge_clock(&mut self, facts: Facts<'_>) -> Option<ClockDoubt> {
        self.witnesses.judge(facts)
    }

    /// The first peer is connected.
    pub(crate) fn in_touch(&mut self) {
        self.noticing.in_touch();
    }

    /// The node has been in step until now, with validators' votes.
    pub(crate) fn in_step(&mut self) {
        self.noticing.in_step();
    }

    /// Takes, after an input was handled, whether the node is in step with its peers; none if it has no peers.
    pub(crate) fn look_in_step(&mut self, now: Now, in_step: Option<bool>) {
        match in_step {
            Some(in_step) => self.arrivals.look(&self.thresholds, now, in_step),
            None => self.arrivals.lost_touch(),
        }
    }

    /// The arrival of what comes now.
    pub(crate) fn arrival(&self, now: Now, heard: &HeardClocks) -> Arrival {
        let ahead_s = heard.ahead_s(self.votes);
        Arrival {
            at: now.unix,
            in_step: self.arrivals.lasts(&self.thresholds, now),
            clock_agrees: heard.doubt.is_none()
                && ahead_s.is_none_or(|ahead_s| self.takes(ahead_s)),
        }
    }

    /// Whether others' clocks are known by which the rules go, and this one agrees with them.
    pub(crate) fn agrees_for_sure(&self, heard: &HeardClocks) -> bool {
        let ahead_s = if self.votes {
            heard.validators
        } else {
            heard.ahead_s(false)
        };
        heard.doubt.is_none() && ahead_s.is_some_and(|ahead_s| self.takes(ahead_s))
    }

    /// Whether a clock that is so far ahead of the others' still agrees with them.
    fn takes(&self, ahead_s: i64) -> bool {
        ahead_s.unsigned_abs() <= self.thresholds.clock_s.into()
    }

    /// Compares the clocks; gives what is new. `held_back`: whether a peer has blocks that wait for this clock.
    pub(crate) fn compare_clocks(
        &mut self,
        heard: &HeardClocks,
        held_back: bool,
    ) -> Option<Clocks> {
        let most_s = self.thresholds.clocks_differ_s;
        let clocks = heard.compared(self.votes, most_s, held_back);
        (!clocks.is_as(self.told, most_s)).then(|| {
            self.told = clocks;
            clocks
        })
    }

    /// Whether a block of this time that arrives then comes late.
    pub(crate) fn is_late(&self, time: UnixSeconds, arrived: UnixSeconds) -> bool {
        self.thresholds.is_late(time, arrived)
    }

    /// Gives what is to be noticed of a block that validators decided and that comes next.
    pub(crate) fn judge_times(
        &mut self,
        evidence: &Evidence<'_>,
        height: Height,
        block: &CheckedBlock,
        arrived: Arrival,
    ) -> Result<Vec<NoticedChange>, StoreError> {
        let (thresholds, noticing) = (&self.thresholds, &self.noticing);
        self.times
            .judge(evidence, thresholds, noticing, height, block, arrived)
    }

    /// The matches on which a block that `arrived` then can hold no bet in time, as far as this node can know. `left`: the
    /// tip of the branch that is left for another one.
    pub(crate) fn betting_closed(
        &self,
        tables: &Tables<'_>,
        cause: Cause,
        arrived: UnixSeconds,
        left: Option<&Tip>,
    ) -> Result<BettingClosed, StoreError> {
        let grace_s = self.thresholds.grace_s;
        self.noticing
            .betting_closed(grace_s, tables, cause, arrived, left)
    }

    /// The tip has moved.
    pub(crate) fn tip_moved(&mut self, blocks_taken_off: bool) {
        self.noticing.moved(blocks_taken_off);
    }

    /// Compares what blocks that were taken off had left with what is there now, and keeps and tells what differs. `syncing`:
    /// whether a download is on its way.
    pub(crate) fn compare_taken_back(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        syncing: bool,
    ) -> Result<(), StoreError> {
        let window_s = self.opening_window_s;
        let notices = self
            .noticing
            .compare_taken_back(chain, window_s, cx.now, syncing)?;
        cx.send_notices(notices);
        Ok(())
    }

    /// When there may be something to say although nothing happens.
    pub(crate) fn wake_times(&self) -> impl Iterator<Item = u64> {
        self.noticing.times()
    }
}
