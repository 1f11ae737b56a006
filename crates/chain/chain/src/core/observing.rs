//! What the core tells its observer, and asks of it.

use std::sync::Arc;

use bolao_ledger::BlockHash;
use bolao_store::{Arrival, Durability, Notice, NoticedChange, StoreError, Tables};

use super::Core;
use crate::{
    io::{Event, Now},
    observer::{HeardClocks, notices::keep},
};

impl Core {
    fn heard_clocks(&self) -> HeardClocks {
        let peers = self.peers.values().filter_map(|peer| peer.we_are_ahead_s);
        HeardClocks {
            validators: self.ahead_of_validators_s(),
            hears_validators: self.hears_validators(),
            has_vote: self.has_vote(),
            doubt: self.clock_doubt(),
            peers: peers.collect(),
        }
    }

    /// Gives the arrival of what comes with this input: it arrives now.
    pub(crate) fn arrives_now(&self) -> Arrival {
        self.observer.arrival(self.now, &self.heard_clocks())
    }

    /// Whether this node is there now.
    pub fn is_there(&self, now: Now) -> bool {
        self.observer.arrival(now, &self.heard_clocks()).there()
    }

    /// Whether this node is there and its clock is known to agree with others', with the validators' where they vote.
    pub fn clock_agrees(&self, now: Now) -> bool {
        let heard = self.heard_clocks();
        self.observer.arrival(now, &heard).there() && self.observer.agrees_for_sure(&heard)
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

    /// Looks whether the node is in step, after an input was handled.
    pub(super) fn look_in_step(&mut self) {
        let mut statuses = self.peers.values().filter_map(|peer| peer.status.as_ref());
        let in_step = (!self.peers.is_empty())
            .then(|| !self.is_syncing() && statuses.any(|status| !self.is_ahead(status)));
        self.observer.look_in_step(self.now, in_step);
    }

    /// Tells of a change of the clocks.
    pub(crate) fn compare_clocks(&mut self) {
        let latest = self.latest_time();
        let held_back = self.peers.values().any(|peer| {
            let status = peer.status.as_ref();
            peer.too_new.is_some_and(|time| time > latest)
                && status.is_some_and(|status| self.is_ahead(status))
        });
        let heard = self.heard_clocks();
        if let Some(clocks) = self.observer.compare_clocks(&heard, held_back) {
            self.emit(Event::Clocks(clocks));
        }
    }

    /// Compares what blocks that were taken off had left with what is there now, and tells what differs.
    pub(super) fn compare_taken_back(&mut self) -> Result<(), StoreError> {
        let (now, height, syncing) = (self.now, self.tip.height, self.is_syncing());
        let notices = self
            .observer
            .compare_taken_back(&mut self.store, now, height, syncing)?;
        self.send_notices(notices);
        Ok(())
    }

    /// Keeps what was noticed outside the chain, and tells it.
    pub(super) fn notice(&mut self, change: NoticedChange) -> Result<(), StoreError> {
        let (now, height) = (self.now, self.tip.height);
        let write = |tables: &mut Tables<'_>| keep(tables, now, height, change);
        let told = self.store.write(Durability::Durable, write)?;
        self.send_notices(vec![told]);
        Ok(())
    }

    pub(crate) fn send_notices(&mut self, notices: Vec<(u64, Arc<Notice>)>) {
        for (number, notice) in notices {
            self.emit(Event::Noticed { number, notice });
        }
    }
}
