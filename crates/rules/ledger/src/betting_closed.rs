//! Whether a match has begun for sure, so that its seals may be opened: nobody can call back a score and a salt that were sent, nor
//! a keeper's share. A rule for nodes and pages, not for blocks.

use std::collections::BTreeMap;

use crate::{
    fixture::MatchNo,
    genesis::Genesis,
    item::Item,
    state::{StateView, Vote},
    table::Acts,
    units::{Height, UnixSeconds},
};

/// The most acts of organisers that are looked through; with more of them above the last final block nothing counts as long ago.
const MOST_ACTS: usize = 1_000;

/// The clock of whoever judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnClock {
    /// The time that the clock shows, in unix seconds.
    pub shows: UnixSeconds,
    /// Whether it agrees with the peers', as far as there are any.
    pub agrees: bool,
}

/// The last final block of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastFinal {
    /// The number of blocks below it.
    pub height: Height,
    /// The time of the block, in unix seconds.
    pub time: UnixSeconds,
}

/// By what kick-offs are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BettingClosed {
    /// The time that the own clock shows, in unix seconds.
    pub own: UnixSeconds,
    /// The pool's time at the tip.
    pub chain: UnixSeconds,
    /// The time of the last block that nobody can take back; the pool's unless blocks are mined and made final by votes.
    pub decided: UnixSeconds,
    /// Half of the opening window ago, if that counts.
    pub long_ago: Option<UnixSeconds>,
    /// The matches that were scheduled above that last block, with when they began by it, as far as that is known.
    pub scheduled: BTreeMap<MatchNo, Option<UnixSeconds>>,
}

impl BettingClosed {
    /// Reads what the chain's state has of it. `last_final`: of a hybrid pool, if a block is final.
    pub fn read<V: StateView>(
        state: &V,
        genesis: &Genesis,
        clock: OwnClock,
        last_final: Option<LastFinal>,
    ) -> Result<Self, V::Error> {
        let chain = state.totals()?.clock;
        let half_s = u64::from(genesis.rules.opening_window_s) / 2;
        // # Rule O8: Where validators vote, that counts only while the node is there and knows peers' clocks (F15).
        let counts = clock.agrees || genesis.consensus.voting().is_none();
        let mut begun = Self {
            own: clock.shows,
            chain,
            decided: chain,
            long_ago: counts.then(|| UnixSeconds(clock.shows.0.saturating_sub(half_s))),
            scheduled: BTreeMap::new(),
        };
        if genesis.consensus.votes_on_mined() {
            begun.decided = last_final.map_or(UnixSeconds::ZERO, |last| last.time);
            if begun.long_ago.is_some() {
                let height = last_final.map_or(Height::ZERO, |last| last.height);
                match scheduled_above(state, genesis, height)? {
                    Some(scheduled) => begun.scheduled = scheduled,
                    None => begun.long_ago = None,
                }
            }
        }
        Ok(begun)
    }

    /// Whether a match has begun for sure.
    #[must_use]
    pub fn has(&self, item: &Item) -> bool {
        // # Rule O8: a match has begun *for sure* only if its kick-off has passed by the node's clock and by the pool's time at
        // # its tip, in `hybrid` also by the time of the last final block of its chain.
        item.has_begun_at(self.own.min(self.chain))
            && (item.has_begun_at(self.decided) || self.long_ago(item))
    }

    /// Whether it began so long ago that nothing else is waited for.
    #[must_use]
    pub fn long_ago(&self, item: &Item) -> bool {
        // # Rule O8: and for no match that a block above the last final one has brought forward, or has scheduled first.
        let as_decided = match self.scheduled.get(&item.of) {
            Some(before) => before.is_some() && item.begins >= *before,
            None => true,
        };
        as_decided && self.long_ago.is_some_and(|it| item.has_begun_at(it))
    }
}

/// The matches that organisers scheduled in blocks above a height, with when they began before; none if there are too many acts to look
/// through.
fn scheduled_above<V: StateView>(
    state: &V,
    genesis: &Genesis,
    height: Height,
) -> Result<Option<BTreeMap<MatchNo, Option<UnixSeconds>>>, V::Error> {
    let mut scheduled = BTreeMap::new();
    let mut open = Vec::new();
    for (looked, seq) in (0..state.totals()?.acts).rev().enumerate() {
        let Some(act) = state.get::<Acts>(&seq)? else {
            break;
        };
        let above = act.height > height;
        if looked >= MOST_ACTS && above {
            return Ok(None);
        }
        if looked >= MOST_ACTS || (!above && open.is_empty()) {
            return Ok(Some(scheduled));
        }
        let Some(no) = act.about().filter(|_| act.effect.is_some()) else {
            continue;
        };
        // What is put off may have lost its kick-off, but it is not scheduled by that.
        if above && matches!(act.vote, Vote::Result(_)) {
            continue;
        }
        if above {
            if scheduled.insert(no, None).is_none() {
                open.push(no);
            }
        } else if let Some(at) = open.iter().position(|it| *it == no) {
            open.swap_remove(at);
            scheduled.insert(no, act.vote.begins());
        }
    }
    for fixture in &genesis.matches {
        if open.contains(&fixture.no) {
            scheduled.insert(fixture.no, fixture.kickoff);
        }
    }
    Ok(Some(scheduled))
}
