//! When blocks first reached this node, and whether it was **there** then: so that what came late is known to have come late.
//!
//! A node is there while it is connected, has been in step with its peers for some seconds, and its clock agrees with
//! theirs.
//!
//! - In step: nothing is being fetched, and some peer stands where we do, or lower. Once that has held for `there_s`
//!   (`hybrid`; elsewhere ten seconds), it lasts until the last peer is gone or the machine has slept: a branch that
//!   somebody comes with later is not what we had missed. A peer that claims what it does not have changes nothing as long
//!   as another one claims nothing.
//! - The store keeps each arrival, in the write that keeps what arrived. That of a block which validators may decide is the
//!   time at which it was first heard of, however long they take.

use bolao_ledger::{BlockHash, Consensus, Genesis};
use bolao_store::{Arrival, StoreError};

use crate::{core::Core, io::Now};

/// The time for which a node is in step before it is there, where genesis does not say, in seconds.
const THERE_S: u32 = 10;
/// The most by which a clock may differ from others' in pools without validators, in seconds.
const CLOCK_S: u32 = 5;

/// Whether this node can judge what comes.
#[derive(Debug)]
pub(crate) struct ArrivalLog {
    there_ms: u64,
    clock_s: u32,
    /// Since when it has been in step.
    since_ms: Option<u64>,
}

impl ArrivalLog {
    pub(crate) fn new(genesis: &Genesis) -> Self {
        let there_s = match &genesis.consensus {
            Consensus::Hybrid(rules) => rules.there_s,
            Consensus::Pow | Consensus::Pos(_) => THERE_S,
        };
        let voting = genesis.consensus.voting();
        Self {
            there_ms: u64::from(there_s).saturating_mul(1_000),
            clock_s: voting.map_or(CLOCK_S, |voting| voting.clock_s),
            since_ms: None,
        }
    }

    /// Whether a clock that is so far ahead of the others' still agrees with them.
    pub(crate) fn takes(&self, ahead_s: i64) -> bool {
        ahead_s.unsigned_abs() <= self.clock_s.into()
    }

    fn lasts(&self, now: Now) -> bool {
        let since = self.since_ms;
        since.is_some_and(|since| now.mono_ms >= since.saturating_add(self.there_ms))
    }

    /// Nobody is connected, or the machine has slept.
    pub(crate) fn lost_touch(&mut self) {
        self.since_ms = None;
    }

    fn look(&mut self, now: Now, in_step: bool) {
        if !in_step && !self.lasts(now) {
            self.since_ms = None;
        } else if in_step {
            self.since_ms.get_or_insert(now.mono_ms);
        }
    }
}

impl Core {
    /// Gives the arrival of what comes with this input: it arrives now.
    pub(crate) fn arrives_now(&self) -> Arrival {
        self.arrives_at(self.now)
    }

    fn arrives_at(&self, now: Now) -> Arrival {
        let ahead_s = self.clock_ahead_s();
        Arrival {
            at: now.unix,
            in_step: self.witness.lasts(now),
            clock_agrees: ahead_s.is_none_or(|ahead| self.witness.takes(ahead)),
        }
    }

    /// Looks whether the node is in step, after an input was handled.
    pub(crate) fn look_in_step(&mut self) {
        if self.peers.is_empty() {
            return self.witness.lost_touch();
        }
        let mut statuses = self.peers.values().filter_map(|peer| peer.status.as_ref());
        let in_step = !self.is_syncing() && statuses.any(|status| !self.is_ahead(status));
        self.witness.look(self.now, in_step);
    }

    /// Whether this node is there now.
    pub fn is_there(&self, now: Now) -> bool {
        self.arrives_at(now).there()
    }

    /// When a block of any branch first reached this node; none if it did not, or before arrivals were noted.
    pub fn arrival(&self, hash: &BlockHash) -> Result<Option<Arrival>, StoreError> {
        let snapshot = self.snapshot()?;
        let Some(record) = snapshot.header(hash)? else {
            return Ok(None);
        };
        let arrivals = snapshot.block_arrivals(record.height, hash)?;
        Ok(arrivals.map(|arrivals| arrivals.block))
    }
}
