//! Whether this machine's clock agrees with those of others. Deadlines go by clocks, and a block that is too far ahead of
//! one waits.
//!
//! - Each status carries its sender's time. Whoever asked knows that it was told between the question and the answer, and takes
//!   what in that time is nearest to its own clock: a busy machine's answers come late, and say nothing of its clock.
//! - Anybody may be many peers, so where validators vote, their [signed clocks](crate::consensus) decide, each with its weight. A node
//!   without a vote, on which no rule rests, is told that its clock is off only if both they and most of its peers say so.
//! - Elsewhere the median of what the connected peers say is compared with our own, and people are told only if there are at
//!   least three of them.
//! - A peer's branch is *held back* while a header of it is too new for our clock ([`check_not_too_new`]): we have not
//!   caught up with that peer, whatever else we have. Only a header that has its work counts.
//!
//! [`check_not_too_new`]: bolao_headers::check_not_too_new

use bolao_ledger::Genesis;
use bolao_store::Arrival;

use crate::{
    context::Context,
    io::{ClockDoubt, Clocks},
    kind::thresholds,
};

/// So many peers have to tell the time where nobody votes, before people hear that their clock differs.
const ENOUGH: usize = 3;

/// The number of seconds by which two clocks of one pool may differ before somebody should hear of it: `clock_s` where validators
/// vote, else a minute.
pub fn most_clocks_differ_s(genesis: &Genesis) -> u64 {
    thresholds(genesis).clocks_differ_s
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

/// The clocks of others as this node hears them, each as the number of seconds by which its own is ahead.
#[derive(Debug, Default)]
pub(crate) struct HeardClocks {
    /// The difference from the validators, where enough of them are heard.
    pub(crate) validators: Option<i64>,
    /// Whether they are enough without this node.
    pub(crate) hears_validators: bool,
    /// Whether this node votes on what comes next.
    pub(crate) has_vote: bool,
    /// The doubt about this clock, where this node decides alone.
    pub(crate) doubt: Option<ClockDoubt>,
    /// Those of the peers that have told theirs.
    pub(crate) peers: Vec<i64>,
}

impl HeardClocks {
    /// The number of seconds by which this clock is ahead of others': what arrives is judged by it, and people are told of it.
    /// `votes`: whether the pool has validators.
    pub(super) fn ahead_s(&self, votes: bool) -> Option<i64> {
        if self.has_vote {
            return self.validators;
        }
        let peers = median(self.peers.iter().map(|ahead_s| (*ahead_s, 1)).collect());
        if votes {
            return self.validators.and_then(|ahead| nearer(Some(ahead), peers));
        }
        peers
    }

    /// The arrival of what comes with this input.
    pub(crate) fn arrival(&self, cx: &Context) -> Arrival {
        Arrival {
            at: cx.now.unix,
            in_step: cx.in_step,
            clock_agrees: self.agree(cx),
        }
    }

    /// Whether nothing speaks against this clock.
    pub(crate) fn agree(&self, cx: &Context) -> bool {
        let ahead_s = self.ahead_s(cx.kind.has_votes());
        self.doubt.is_none() && ahead_s.is_none_or(|it| is_near(cx, it))
    }

    /// Whether the node, if it is in step, is there, and others' clocks are known by which the rules go, and this one agrees with them.
    pub(crate) fn agree_for_sure(&self, cx: &Context, in_step: bool) -> bool {
        let ahead_s = if cx.kind.has_votes() {
            self.validators
        } else {
            self.ahead_s(false)
        };
        in_step && self.agree(cx) && ahead_s.is_some_and(|it| is_near(cx, it))
    }

    /// The comparison with them: a difference counts only if enough of them are heard and it is large.
    pub(super) fn compared(&self, votes: bool, most_s: u64, held_back: bool) -> Clocks {
        let enough = votes || self.peers.len() >= ENOUGH;
        let ahead_s = self.ahead_s(votes).filter(|_| enough);
        let ahead_s = ahead_s.filter(|it| it.unsigned_abs() > most_s);
        Clocks {
            ahead_s,
            agrees: self.hears_validators && ahead_s.is_none(),
            held_back,
            doubt: self.doubt,
        }
    }
}

/// Whether a clock that is so far ahead of the others' still agrees with them.
fn is_near(cx: &Context, ahead_s: i64) -> bool {
    ahead_s.unsigned_abs() <= cx.thresholds.clock_s.into()
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
