//! How long proposals are on their way, so that rounds wait for them: where links are long, a height would else begin with
//! rounds that end too early, each time anew.
//!
//! - Of each proposer it is measured how long its block took to be here and judged, from the beginning of its round on, in time
//!   or late. It counts for the next of its rounds, half of it more, up to the pool's longest round; of a proposer that was not
//!   measured the longest of the others'. So a proposer that is down, and one that delays its blocks, hold up their own rounds.
//! - It at most doubles at once, so that what one cut of the network held up costs little. It shrinks by an eighth with each block
//!   that comes sooner, and by half with each round in which none came in time.
//! - For a while after a peer has connected, proposals are waited for longer: the parts of a network come back one after the
//!   other, and so a proposer may begin a height later than those who wait for it. A proposer that was
//!   waited for in vain is waited for as usual then, until a peer connects again.
//! - No rule rests on it: each validator waits as long as it likes.

use std::collections::{BTreeMap, BTreeSet};

use arc_malachitebft_core_types::TimeoutKind;
use bolao_ledger::{ValidatorKey, ValidatorSet};

/// Of so many rounds it is known when they began.
const ROUNDS: usize = 16;
/// It grows to twice this at once, however short it was, in milliseconds.
const SOON_MS: u64 = 500;
/// The time after a connection in which proposals are waited for longer, and the least such wait, in milliseconds.
const COMING_BACK_MS: u64 = 3000;
const LONGER_MS: u64 = 2000;

/// The time that each proposer's blocks took, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Pace {
    took: BTreeMap<ValidatorKey, u64>,
    /// When the last rounds of this height began.
    began: BTreeMap<u32, u64>,
    /// When a peer connected last.
    connected: Option<u64>,
    /// Proposers whose block did not come in time since then.
    away: BTreeSet<ValidatorKey>,
}

impl Pace {
    pub(super) fn begin_height(&mut self, set: &ValidatorSet) {
        self.began.clear();
        self.took.retain(|key, _| set.get(key).is_some());
        self.away.retain(|key| set.get(key).is_some());
    }

    pub(super) fn begin_round(&mut self, round: u32, now_ms: u64) {
        self.began.entry(round).or_insert(now_ms);
        if self.began.len() > ROUNDS {
            self.began.pop_first();
        }
    }

    /// A peer connected: what took until now may have waited for it.
    pub(super) fn begin_again(&mut self, now_ms: u64) {
        self.connected = Some(now_ms);
        self.away.clear();
        for began in self.began.values_mut() {
            *began = now_ms;
        }
    }

    /// A proposer's block of this round is here and judged.
    pub(super) fn came(&mut self, proposer: ValidatorKey, round: u32, now_ms: u64) {
        if let Some(began) = self.began.get(&round) {
            let took = now_ms.saturating_sub(*began);
            let before = self.took.entry(proposer).or_default();
            let most = before.saturating_mul(2).max(2 * SOON_MS);
            *before = took.min(most).max(*before - *before / 8);
        }
    }

    /// A round is over, and no block of its proposer came.
    pub(super) fn missed(&mut self, proposer: ValidatorKey) {
        self.away.insert(proposer);
        if let Some(took) = self.took.get_mut(&proposer) {
            *took /= 2;
        }
    }

    /// Gives the least time to wait in a round of this proposer, in milliseconds.
    pub(super) fn wait_ms(&self, proposer: &ValidatorKey, kind: TimeoutKind, now_ms: u64) -> u64 {
        let is_soon = |at| now_ms.saturating_sub(at) < COMING_BACK_MS;
        let comes_back = self.connected.is_some_and(is_soon) && !self.away.contains(proposer);
        let least = if comes_back { LONGER_MS } else { 0 };
        let known = self.took.get(proposer);
        let took = known.or_else(|| self.took.values().max());
        let took = took.copied().unwrap_or_default();
        match kind {
            TimeoutKind::Propose => took.saturating_add(took / 2).max(least),
            TimeoutKind::Prevote | TimeoutKind::Precommit => took / 4 * 3,
            // All three.
            TimeoutKind::Rebroadcast => took.saturating_mul(3),
            TimeoutKind::FinalizeHeight(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_waited_for_longer_after_a_connection() {
        let (mut pace, proposer) = (Pace::default(), ValidatorKey([1; 32]));
        let wait = |pace: &Pace, now_ms| pace.wait_ms(&proposer, TimeoutKind::Propose, now_ms);
        assert_eq!(wait(&pace, 0), 0, "nobody has connected");
        pace.begin_again(10_000);
        assert_eq!(wait(&pace, 10_000), LONGER_MS);
        assert_eq!(wait(&pace, 9_999 + COMING_BACK_MS), LONGER_MS);
        assert_eq!(wait(&pace, 10_000 + COMING_BACK_MS), 0);
        let votes = pace.wait_ms(&proposer, TimeoutKind::Prevote, 10_000);
        assert_eq!(votes, 0, "votes are not");
    }

    #[test]
    fn a_proposer_that_stays_away_is_waited_for_longer_once() {
        let (mut pace, [one, other]) = (Pace::default(), [1, 2].map(|it| ValidatorKey([it; 32])));
        let wait = |pace: &Pace, of| pace.wait_ms(&of, TimeoutKind::Propose, 0);
        pace.begin_again(0);
        pace.missed(one);
        assert_eq!((wait(&pace, one), wait(&pace, other)), (0, LONGER_MS));
        pace.begin_again(0);
        assert_eq!(wait(&pace, one), LONGER_MS, "somebody connected anew");
    }
}
