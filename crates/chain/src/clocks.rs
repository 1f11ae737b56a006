//! Whether this machine's clock agrees with those of others. Deadlines go by clocks, and a block that is too far ahead of
//! one waits.
//!
//! - Each status carries its sender's time. Whoever asked knows that it was told between the question and the answer, and takes
//!   what in that time is nearest to its own clock: a busy machine's answers come late, and say nothing of its clock.
//! - Anybody may be many peers, so where validators vote, their [signed clocks](crate::voting) decide, each with its weight. A node
//!   without a vote, on which no rule rests, is told that its clock is off only if both they and most of its peers say so.
//! - Elsewhere the median of what the connected peers say is compared with our own, and people are told only if there are at
//!   least three of them.
//! - A peer's branch is *held back* while a header of it is too new for our clock ([`check_not_too_new`]): we have not
//!   caught up with that peer, whatever else we have. Only a header that has its work counts.
//!
//! [`check_not_too_new`]: bolao_headers::check_not_too_new

use bolao_ledger::{Genesis, UnixSeconds};

use crate::{
    core::Core,
    io::{Event, PeerId},
};

/// From how many seconds on a difference is worth a word where no rule says how far a clock may be off.
const MOST_S: u64 = 60;
/// So many peers have to tell the time where nobody votes, before people hear that their clock differs.
const ENOUGH: usize = 3;

/// The number of seconds by which two clocks of one pool may differ before somebody should hear of it: `clock_s` where validators
/// vote, else a minute.
pub fn most_clocks_differ_s(genesis: &Genesis) -> u64 {
    let voting = genesis.consensus.voting();
    voting.map_or(MOST_S, |voting| voting.clock_s.into())
}

/// A comparison of this machine's clock with those of the peers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// The number of seconds by which it is ahead of most of them, or behind if negative; none up to a minute, or up to `clock_s`
    /// where validators vote.
    pub ahead_s: Option<i64>,
    /// Whether a peer has blocks that wait for this clock.
    pub held_back: bool,
}

impl Clocks {
    /// Whether there is nothing new to say of the same difference, measured again.
    fn is_as(self, before: Self, most_s: u64) -> bool {
        let differ = |(now, before): (i64, i64)| now.abs_diff(before) > most_s / 2;
        self.held_back == before.held_back
            && self.ahead_s.is_some() == before.ahead_s.is_some()
            && !self.ahead_s.zip(before.ahead_s).is_some_and(differ)
    }
}

/// Of many with their weights, the one in the middle; where the middle lies between two, the one nearer to nought.
pub(crate) fn median(mut seconds: Vec<(i64, u64)>) -> Option<i64> {
    seconds.sort_unstable();
    let weight = |(_, weight): &(i64, u64)| u128::from(*weight);
    let total: u128 = seconds.iter().map(weight).sum();
    // The first by which so much of the weight, doubled, is reached or passed.
    let at = |passed: fn(&u128, &u128) -> bool| {
        let mut sum = 0;
        let mut all = seconds.iter();
        let found = all.find(|one| {
            sum += weight(one) * 2;
            passed(&sum, &total)
        });
        found.map(|(seconds, _)| *seconds)
    };
    nearer(at(u128::ge), at(u128::gt))
}

/// The one nearer to nought; the other where one is not known.
fn nearer(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    let both = one.into_iter().chain(other);
    both.min_by_key(|seconds| seconds.unsigned_abs())
}

impl Core {
    /// The number of seconds by which this clock is ahead of others': what arrives is judged by it, and people are told of it.
    pub(crate) fn clock_ahead_s(&self) -> Option<i64> {
        let validators = self.ahead_of_validators_s();
        if self.has_vote() {
            return validators;
        }
        let known = self.peers.values().filter_map(|peer| peer.we_are_ahead_s);
        let peers: Vec<_> = known.map(|ahead_s| (ahead_s, 1)).collect();
        if self.genesis.consensus.voting().is_some() {
            return validators.and_then(|ahead| nearer(Some(ahead), median(peers)));
        }
        median(peers)
    }

    /// Whether others' clocks are known by which the rules go, and this one agrees with them.
    pub(crate) fn agrees_for_sure(&self) -> bool {
        let ahead_s = if self.genesis.consensus.voting().is_some() {
            self.ahead_of_validators_s()
        } else {
            self.clock_ahead_s()
        };
        ahead_s.is_some_and(|ahead_s| self.witness.takes(ahead_s))
    }

    /// Compares a peer's clock with this one. It was read before now, and not before the peer was asked, if it was.
    pub(crate) fn compare_clock_with(
        &mut self,
        peer: &PeerId,
        theirs: Option<UnixSeconds>,
        asked_ms: Option<u64>,
    ) {
        let now = self.now;
        let most = theirs.and_then(|theirs| now.unix.0.checked_signed_diff(theirs.0));
        if let Some(known) = self.peers.get_mut(peer) {
            known.we_are_ahead_s = match (most, asked_ms) {
                (Some(most), Some(asked)) => {
                    let waited_s = now.mono_ms.saturating_sub(asked) / 1_000;
                    Some(0.clamp(most.saturating_sub_unsigned(waited_s), most))
                }
                (Some(most), None) => known.we_are_ahead_s.map(|before| before.min(most)),
                (None, _) => None,
            };
        }
    }

    /// Tells of a change.
    pub(crate) fn compare_clocks(&mut self) {
        let most_s = most_clocks_differ_s(&self.genesis);
        let latest = self.latest_time();
        let held_back = self.peers.values().any(|peer| {
            let status = peer.status.as_ref();
            peer.too_new.is_some_and(|time| time > latest)
                && status.is_some_and(|status| self.is_ahead(status))
        });
        let told = self.peers.values().filter(|it| it.we_are_ahead_s.is_some());
        let enough = self.genesis.consensus.voting().is_some() || told.count() >= ENOUGH;
        let ahead_s = self.clock_ahead_s().filter(|_| enough);
        let clocks = Clocks {
            ahead_s: ahead_s.filter(|it| it.unsigned_abs() > most_s),
            held_back,
        };
        if !clocks.is_as(self.clocks, most_s) {
            self.clocks = clocks;
            self.emit(Event::Clocks(clocks));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_counts() {
        let of = |seconds: &[i64]| median(seconds.iter().map(|it| (*it, 1)).collect());
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[7]), Some(7));
        assert_eq!(of(&[900, 0]), Some(0));
        assert_eq!(of(&[0, -900]), Some(0));
        assert_eq!(of(&[-900, 1, 900]), Some(1));
        assert_eq!(of(&[600, 601, 602, -9]), Some(600));
        assert_eq!(median(vec![(900, 3), (0, 1), (-9, 1)]), Some(900));
        assert_eq!(median(vec![(900, 2), (0, 1), (-9, 1)]), Some(0));
    }
}
