//! Arrivals: when something reached this node, whether it was **there** then, and the one verdict on a block's time by that.
//! All that watches times and clocks ([`times`](super::times), [`lateness`](super::lateness), [`doubt`](super::doubt),
//! [`notices`](super::notices), and validators who refuse what came late) goes by these thresholds.
//!
//! A node is there while it is connected, has been in step with its peers for some seconds, and its clock agrees with
//! theirs.
//!
//! - In step: nothing is being fetched, and some peer stands where we do, or lower. Once that has held for `there_s`, it lasts
//!   until the last peer is gone or the machine has slept: a branch that somebody comes with later is not what we had missed. A
//!   peer that claims what it does not have changes nothing as long as another one claims nothing.
//! - The store keeps each arrival, in the write that keeps what arrived. That of a block which validators may decide is the
//!   time at which it was first heard of, however long they take.
//!
//! | threshold | as long as |
//! |---|---|
//! | [`Thresholds`]: those that differ from one kind of consensus to the other | see there |
//! | [`CONTRADICTS_S`]: so far may a clock that is right be from a witness, or behind the chain | an hour |
//! | [`CONFIRMED_S`]: so far ahead of what is proven two witnesses have to confirm the time | a day |
//! | [`NEAR_S`]: an end of betting so soon after what is proven needs nobody's word | a minute |
//! | [`TOLD_MS`]: so long the time counts that somebody told | a day |
//! | [`SLEPT_S`], [`STOOD_MS`]: the clock leapt, or the program was woken late, by more: the node was away | 30 s, 5 s |

use std::collections::BTreeSet;

use bolao_ledger::{Block, Genesis, MatchNo, StateView as _, UnixSeconds};
use bolao_store::{StoreError, Tables, Tip};

use super::notices::BettingClosed;
use crate::{
    io::{Cause, Now},
    kind::{Thresholds, kind, thresholds},
};

/// The most by which a witness, or the chain, and a clock that is right may differ, in seconds.
pub(crate) const CONTRADICTS_S: u64 = 3_600;
/// So far ahead of what is proven two witnesses have to agree, in seconds.
pub(super) const CONFIRMED_S: u64 = 86_400;
/// An end of betting is *near* what is proven if it comes no more seconds later: a program that is restarted as a match kicks off
/// goes on at once, and a false clock ends no betting earlier than by that.
pub(super) const NEAR_S: u64 = 60;
/// The time for which a time counts that somebody told, in milliseconds.
pub(crate) const TOLD_MS: u64 = 86_400_000;
/// A machine that has slept for longer was not in touch with anybody, in seconds.
const SLEPT_S: u64 = 30;
/// So long after the time at which it was to be woken, this program stood still, in milliseconds.
const STOOD_MS: u64 = 5_000;

/// Whether this node can judge what comes.
#[derive(Debug)]
pub(crate) struct Arrivals {
    pub(crate) thresholds: Thresholds,
    /// Whether the pool has validators.
    pub(super) votes: bool,
    /// Since when it has been in step.
    since_ms: Option<u64>,
    /// Since when somebody was connected without a break.
    pub(super) in_touch_since: UnixSeconds,
    /// When the node was last in step with its peers, where validators vote: it had all that they had.
    in_step_until: UnixSeconds,
    last: Now,
}

impl Arrivals {
    pub(super) fn new(genesis: &Genesis, now: Now) -> Self {
        Self {
            thresholds: thresholds(genesis),
            votes: kind(genesis).has_votes(),
            since_ms: None,
            in_touch_since: now.unix,
            in_step_until: UnixSeconds::ZERO,
            last: now,
        }
    }

    /// Notes the time, before an input is handled; where the wall clock has gone on without the other one, the machine slept, and where it should have been
    /// woken long ago, this program stood still. Says whether that is so or the clock was set.
    pub(crate) fn at(&mut self, now: Now, wake_ms: Option<u64>) -> bool {
        let ran_ms = now.mono_ms.saturating_sub(self.last.mono_ms);
        let expected = self.last.unix.0.saturating_add(ran_ms / 1_000);
        let leapt = now.unix.0.abs_diff(expected) > SLEPT_S;
        let stood = wake_ms.is_some_and(|at| now.mono_ms > at.saturating_add(STOOD_MS));
        if stood || leapt && now.unix.0 > expected {
            self.in_touch_since = now.unix;
        } else if leapt {
            // The clock was set back: what it said before is in the future.
            self.in_step_until = UnixSeconds::ZERO;
        }
        self.last = now;
        if leapt || stood {
            self.since_ms = None;
        }
        leapt || stood
    }

    /// The first peer is connected.
    pub(crate) fn in_touch(&mut self) {
        self.in_touch_since = self.last.unix;
    }

    /// The node has been in step until now, with validators' votes.
    pub(crate) fn in_step(&mut self) {
        self.in_step_until = self.last.unix;
    }

    /// Takes, after an input was handled, whether the node is in step with its peers; none if it has no peers.
    pub(crate) fn look_in_step(&mut self, now: Now, in_step: Option<bool>) {
        match in_step {
            Some(true) => {
                self.since_ms.get_or_insert(now.mono_ms);
            }
            Some(false) if self.lasts(now) => {}
            _ => self.since_ms = None,
        }
    }

    /// Whether the node has been in step for long enough.
    pub(crate) fn lasts(&self, now: Now) -> bool {
        let there_ms = u64::from(self.thresholds.there_s).saturating_mul(1_000);
        let since = self.since_ms;
        since.is_some_and(|since| now.mono_ms >= since.saturating_add(there_ms))
    }

    /// Whether the node was in step so long after some time that it had what was there then.
    pub(super) fn had_all_of(&self, time: UnixSeconds) -> bool {
        self.thresholds.grace_end(time) <= self.in_step_until
    }

    /// Those of `matches` on which a block that `arrived` then can hold no bet in time, as far as this node can know. `left`: the
    /// tip of the branch that is left for another one.
    pub(crate) fn betting_closed(
        &self,
        tables: &Tables<'_>,
        cause: Cause,
        arrived: UnixSeconds,
        left: Option<&Tip>,
        matches: BTreeSet<MatchNo>,
    ) -> Result<BettingClosed, StoreError> {
        let known = |end: UnixSeconds| {
            !matches!(cause, Cause::Sync | Cause::Final)
                || self.in_touch_since < end
                || self.had_all_of(end)
                || left.is_some_and(|left| end <= left.time)
        };
        let mut closed = BettingClosed::new();
        for no in matches {
            let deadline = tables.item(no)?.and_then(|item| item.deadline);
            if let Some(end) = deadline
                && self.thresholds.grace_end(end) <= arrived
                && known(end)
            {
                closed.insert(no, end);
            }
        }
        Ok(closed)
    }

    /// The same of a block that comes next, as far as its bets may be late. Most come at their time, or belong to a time that this
    /// node can say nothing of: for these no match is read.
    pub(crate) fn betting_closed_for(
        &self,
        tables: &Tables<'_>,
        cause: Cause,
        arrived: UnixSeconds,
        block: &Block,
    ) -> Result<BettingClosed, StoreError> {
        let after = self.thresholds.grace_end(block.header.time());
        let knows = !matches!(cause, Cause::Sync | Cause::Final)
            || self.thresholds.grace_end(self.in_touch_since) < arrived
            || after < self.in_step_until;
        if after >= arrived || !knows {
            return Ok(BettingClosed::new());
        }
        let placed = block.transactions.iter();
        let placed = placed.flat_map(|it| it.body.action.placed());
        let matches = placed.map(|bet| bet.match_no).collect();
        self.betting_closed(tables, cause, arrived, None, matches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(unix: u64, mono_ms: u64) -> Now {
        Now {
            unix: UnixSeconds(unix),
            mono_ms,
        }
    }

    fn begin() -> Arrivals {
        Arrivals::new(&Genesis::article(), at(1_000, 0))
    }

    #[test]
    fn who_slept_or_stood_still_was_not_in_touch() {
        // A minute in which nothing happened, and nothing was to.
        let mut arrivals = begin();
        assert!(!arrivals.at(at(1_060, 60_000), None));
        assert!(!arrivals.at(at(1_120, 120_000), Some(119_000)));
        assert_eq!(arrivals.in_touch_since, UnixSeconds(1_000));
        // It was to be woken after a second.
        assert!(begin().at(at(1_060, 60_000), Some(1_000)));
        // The machine slept, and its other clock with it.
        assert!(begin().at(at(1_060, 1_000), Some(1_000)));
        let mut arrivals = begin();
        arrivals.at(at(1_060, 60_000), Some(1_000));
        assert_eq!(arrivals.in_touch_since, UnixSeconds(1_060));
    }

    #[test]
    fn once_in_step_for_long_enough_it_lasts_until_all_are_gone() {
        let mut arrivals = begin();
        arrivals.look_in_step(at(1_000, 0), Some(true));
        arrivals.look_in_step(at(1_005, 5_000), Some(false));
        arrivals.look_in_step(at(1_006, 6_000), Some(true));
        assert!(!arrivals.lasts(at(1_015, 15_999)));
        assert!(arrivals.lasts(at(1_016, 16_000)));
        arrivals.look_in_step(at(1_016, 16_000), Some(false));
        assert!(arrivals.lasts(at(1_016, 16_000)));
        arrivals.look_in_step(at(1_017, 17_000), None);
        assert!(!arrivals.lasts(at(1_017, 17_000)));
    }
}
