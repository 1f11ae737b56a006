//! Whether this node is there, and its clock agrees with others': by what its peers say, and its validators, where there are any.

use bolao_ledger::OwnClock;

use crate::{
    core::Core,
    io::{Event, Now},
    observer::HeardClocks,
};

impl Core {
    /// The clocks of others as this node hears them.
    pub(super) fn heard_clocks(&self) -> HeardClocks {
        match &self.votes {
            Some(votes) => votes.heard_clocks(&self.cx, &self.sync),
            None => self.sync.heard_clocks(),
        }
    }

    /// Whether this node is there now.
    pub fn is_there(&self, now: Now) -> bool {
        self.observer.arrivals().lasts(now) && self.heard_clocks().agree(&self.cx)
    }

    /// Whether this node is there and its clock is known to agree with others', with the validators' where they vote.
    pub fn clock_agrees(&self, now: Now) -> bool {
        let in_step = self.observer.arrivals().lasts(now);
        self.heard_clocks().agree_for_sure(&self.cx, in_step)
    }

    /// The own clock, by which kick-offs are judged now.
    pub(super) fn own_clock(&self) -> OwnClock {
        OwnClock {
            shows: self.cx.now.unix,
            agrees: self
                .heard_clocks()
                .agree_for_sure(&self.cx, self.cx.in_step),
        }
    }

    /// Tells of a change of the clocks.
    pub(super) fn compare_clocks(&mut self) {
        let latest = self.cx.latest_time();
        let held_back = self.sync.peers().values().any(|peer| {
            peer.too_new.is_some_and(|time| time > latest)
                && peer.says(|status| self.chain.is_ahead(status))
        });
        let heard = self.heard_clocks();
        if let Some(clocks) = self.observer.compare_clocks(&heard, held_back) {
            self.cx.emit(Event::Clocks(clocks));
        }
    }
}
