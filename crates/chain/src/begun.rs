//! What this node knows of which matches have begun for sure (rule O8).

use bolao_ledger::{BettingClosed, Genesis, LastFinal, OwnClock};
use bolao_store::{Snapshot, StoreError};

use crate::{core::Core, io::Now};

/// By what kick-offs are judged, by this machine's clock and its chain's.
pub fn begun(
    snapshot: &Snapshot,
    genesis: &Genesis,
    clock: OwnClock,
) -> Result<BettingClosed, StoreError> {
    let last_final = match snapshot.held_final()? {
        Some(last) => snapshot.header(&last.hash)?.map(|record| LastFinal {
            height: last.height,
            time: record.header.time(),
        }),
        None => None,
    };
    BettingClosed::read(snapshot, genesis, clock, last_final)
}

impl Core {
    /// Whether this node is there and its clock is known to agree with others', with the validators' where they vote.
    pub fn clock_agrees(&self, now: Now) -> bool {
        self.is_there(now) && self.agrees_for_sure()
    }

    /// By what kick-offs are judged now.
    pub(crate) fn begun(&self, snapshot: &Snapshot) -> Result<BettingClosed, StoreError> {
        let clock = OwnClock {
            shows: self.now.unix,
            agrees: self.clock_agrees(self.now),
        };
        begun(snapshot, &self.genesis, clock)
    }
}
