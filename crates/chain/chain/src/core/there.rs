//! Whether this node is there, and its clock agrees with others': by what its peers say, and its validators, where there are any.

use bolao_ledger::{BettingClosed, OwnClock};
use bolao_store::{Arrival, Snapshot, StoreError};

use crate::{
    consensus::Voting,
    core::Parts,
    io::{Event, Now},
    keeping::betting_closed,
    observer::HeardClocks,
};

impl Parts {
    fn heard_clocks(&self, votes: Option<&Voting>) -> HeardClocks {
        let peers = self
            .sync
            .peers()
            .values()
            .filter_map(|peer| peer.we_are_ahead_s);
        HeardClocks {
            validators: votes.and_then(|it| it.ahead_of_validators_s(self)),
            hears_validators: votes.is_some_and(|it| it.hears_validators(self)),
            has_vote: votes.is_some_and(Voting::has_vote),
            doubt: votes.and_then(Voting::clock_doubt),
            peers: peers.collect(),
        }
    }

    /// Gives the arrival of what comes with this input: it arrives now.
    pub(crate) fn arrives_now(&self, votes: Option<&Voting>) -> Arrival {
        let heard = self.heard_clocks(votes);
        self.observer.arrivals().arrival(self.cx.now, &heard)
    }

    /// Whether this node is there now.
    pub(crate) fn is_there(&self, votes: Option<&Voting>, now: Now) -> bool {
        let heard = self.heard_clocks(votes);
        self.observer.arrivals().arrival(now, &heard).there()
    }

    /// Whether this node is there and its clock is known to agree with others', with the validators' where they vote.
    pub(crate) fn clock_agrees(&self, votes: Option<&Voting>, now: Now) -> bool {
        let (arrivals, heard) = (self.observer.arrivals(), self.heard_clocks(votes));
        arrivals.arrival(now, &heard).there() && arrivals.agrees_for_sure(&heard)
    }

    /// Tells of a change of the clocks.
    pub(crate) fn compare_clocks(&mut self, votes: Option<&Voting>) {
        let latest = self.cx.latest_time();
        let held_back = self.sync.peers().values().any(|peer| {
            peer.too_new.is_some_and(|time| time > latest)
                && peer.says(|status| self.chain.is_ahead(status))
        });
        let heard = self.heard_clocks(votes);
        if let Some(clocks) = self.observer.compare_clocks(&heard, held_back) {
            self.cx.emit(Event::Clocks(clocks));
        }
    }

    /// The clocks by which kick-offs are judged now.
    pub(crate) fn betting_closed(
        &self,
        votes: Option<&Voting>,
        snapshot: &Snapshot,
    ) -> Result<BettingClosed, StoreError> {
        let cx = &self.cx;
        let clock = OwnClock {
            shows: cx.now.unix,
            agrees: self.clock_agrees(votes, cx.now),
        };
        betting_closed(snapshot, &cx.genesis, clock)
    }

    /// The clock was set, or the machine slept: what others said of the time before counts no more.
    pub(super) fn clock_leapt(&mut self) {
        self.observer.clock_leapt();
        self.sync.clock_leapt(&self.cx);
    }
}
