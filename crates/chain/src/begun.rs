//! Whether a match has begun for sure, so that its seals may be opened (rule O8): nobody can call back a score and a salt that
//! were sent, nor a keeper's share.
//!
//! - This machine's clock and the pool's have passed the kick-off.
//! - Where blocks are mined and made final by votes, the last final block of the chain has, too. A kick-off that a block above it
//!   moved lies ahead of it (rule S2), so a branch that nobody has decided begins no match.
//! - Where none becomes final, half of the opening window after the kick-off is enough. That is by this machine's clock alone:
//!   so where validators vote, it counts only if that clock agrees with the peers', and only for matches that no block above the
//!   last final one has scheduled.

use std::collections::BTreeSet;

use bolao_ledger::{
    Consensus, Genesis, Height, Match, MatchNo, StateView as _, UnixSeconds, Vote, table::Acts,
};
use bolao_store::{Snapshot, StoreError};

use crate::{core::Core, io::Now};

/// The most acts of organisers above the last final block that are looked through; with more of them nothing counts as long ago.
const MOST_ACTS: usize = 1_000;

/// This machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnClock {
    /// What it shows.
    pub shows: UnixSeconds,
    /// Whether it agrees with the peers' clocks, as [`Core::clock_agrees`] says.
    pub agrees: bool,
}

/// By what kick-offs are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// What this machine's clock shows.
    pub own: UnixSeconds,
    /// The pool's time at the tip.
    pub chain: UnixSeconds,
    /// The time of the last block that nobody can take back; the pool's with work alone.
    pub decided: UnixSeconds,
    /// Half of the opening window ago, if that counts.
    pub long_ago: Option<UnixSeconds>,
    /// The matches that were scheduled above that last block, if there are validators.
    pub scheduled: BTreeSet<MatchNo>,
}

impl Begun {
    /// Reads what the chain has of it.
    pub fn read(
        snapshot: &Snapshot,
        genesis: &Genesis,
        clock: OwnClock,
    ) -> Result<Self, StoreError> {
        let chain = snapshot.totals()?.clock;
        let half_s = u64::from(genesis.rules.opening_window_s) / 2;
        let counts = clock.agrees || matches!(genesis.consensus, Consensus::Pow);
        let mut begun = Self {
            own: clock.shows,
            chain,
            decided: chain,
            long_ago: counts.then(|| UnixSeconds(clock.shows.0.saturating_sub(half_s))),
            scheduled: BTreeSet::new(),
        };
        if let Consensus::Hybrid(_) = genesis.consensus {
            let last = snapshot.held_final()?;
            let record = match &last {
                Some(last) => snapshot.header(&last.hash)?,
                None => None,
            };
            begun.decided = record.map_or(UnixSeconds::ZERO, |record| record.header.time());
            if begun.long_ago.is_some() {
                let height = last.map_or(Height::ZERO, |last| last.height);
                match scheduled_above(snapshot, height)? {
                    Some(scheduled) => begun.scheduled = scheduled,
                    None => begun.long_ago = None,
                }
            }
        }
        Ok(begun)
    }

    /// Whether a match has begun for sure.
    #[must_use]
    pub fn has(&self, game: &Match) -> bool {
        game.has_begun_at(self.own.min(self.chain))
            && (game.has_begun_at(self.decided) || self.long_ago(game))
    }

    /// Whether it began so long ago that nothing else is waited for.
    #[must_use]
    pub fn long_ago(&self, game: &Match) -> bool {
        !self.scheduled.contains(&game.fixture.no)
            && self.long_ago.is_some_and(|it| game.has_begun_at(it))
    }
}

/// The matches that organisers scheduled in blocks above a height; none if there are too many acts to look through.
fn scheduled_above(
    snapshot: &Snapshot,
    height: Height,
) -> Result<Option<BTreeSet<MatchNo>>, StoreError> {
    let mut scheduled = BTreeSet::new();
    for (looked, seq) in (0..snapshot.totals()?.acts).rev().enumerate() {
        let Some(act) = snapshot.get::<Acts>(&seq)?.filter(|it| it.height > height) else {
            break;
        };
        if looked >= MOST_ACTS {
            return Ok(None);
        }
        if act.took_effect && matches!(act.vote, Vote::Schedule(_) | Vote::Day(_)) {
            scheduled.insert(act.match_no);
        }
    }
    Ok(Some(scheduled))
}

impl Core {
    /// Whether this node is there and its clock agrees with the peers', as far as they say what theirs show.
    pub fn clock_agrees(&self, now: Now) -> bool {
        self.is_there(now) && self.clock_ahead_s().is_some()
    }

    /// By what kick-offs are judged now.
    pub(crate) fn begun(&self, snapshot: &Snapshot) -> Result<Begun, StoreError> {
        let clock = OwnClock {
            shows: self.now.unix,
            agrees: self.clock_agrees(self.now),
        };
        Begun::read(snapshot, &self.genesis, clock)
    }
}
