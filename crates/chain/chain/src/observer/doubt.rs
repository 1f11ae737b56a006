//! Whether whoever decides alone may date a block by this machine's clock. Several validators bound one another's times; one that
//! holds more than two thirds of the weight has nobody, and a block that it dates a year ahead ends all betting for good.
//!
//! **Silence is a doubt.** A time is far ahead of what is [proven](super::proven) if it is more than [`CONFIRMED_S`] later (where the
//! machine has run on and the network set its clock meanwhile, [`CONTRADICTS_S`]), or if betting on something open has ended
//! between the two. Such a time needs two [witnesses](super::witnesses) of different kinds, by both of which it has come:
//!
//! - players and the clock itself: no network answers for a player;
//! - or dates and the network that sets the clock, where no player contradicts. A kernel that says that no network sets its clock
//!   does not make up a pair with a date; one that does not say does.
//!
//! Where nothing is far ahead, nobody need confirm it. But it is in doubt
//!
//! 1. where the kernel tells another time than the program is given;
//! 2. where dates contradict, unless the network and players agree;
//! 3. where players contradict, unless the network and dates agree. Where they are even, the network decides;
//! 4. where it is more than [`CONTRADICTS_S`] before the last block, whoever agrees.
//!
//! The operator's word is the last one. It holds as long as the clock goes on as it was then.

// # Rule F21: whoever decides alone dates no block far ahead of what is proven without two witnesses of different kinds.

use std::{
    collections::BTreeSet,
    ops::Bound::{Excluded, Unbounded},
};

use bolao_ledger::{AccountId, UnixSeconds};
use bolao_store::ProvenTime;

use super::{
    arrivals::{CONFIRMED_S, CONTRADICTS_S, NEAR_S},
    proven::Proven,
    witnesses::{Side, Witnesses, contradicts},
};
use crate::io::{ClockDoubt, ClockWitness, DoubtCause, Now};

/// The facts by which the clock is judged, besides what is remembered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) now: Now,
    /// The time of the last block.
    pub(crate) last: UnixSeconds,
    /// The players whose nodes are connected, each with the number of seconds by which the clock is ahead of the node's.
    pub(crate) players: &'a [(AccountId, i64)],
    /// The ends of betting.
    pub(crate) ends: &'a BTreeSet<UnixSeconds>,
    /// Whether players' nodes are heard first: until then dates prove nothing.
    pub(crate) hears: bool,
}

/// The judge of a clock by which somebody decides alone.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    witnesses: Witnesses,
    proven: Option<Proven>,
    /// The fewest seconds by which the clock was ahead of that while the network set it.
    settled_s: Option<u64>,
}

impl Judge {
    /// Goes on from what an earlier run kept.
    pub(crate) fn new(kept: Option<ProvenTime>) -> Self {
        Self {
            proven: kept.map(Proven::kept),
            ..Self::default()
        }
    }

    pub(crate) fn hear(&mut self, now: Now, witness: ClockWitness) {
        self.witnesses.hear(now, witness);
    }

    pub(crate) fn leapt(&mut self) {
        self.witnesses.leapt();
    }

    /// The seconds by which the clock is ahead of what is proven, on a chain whose last block has this time.
    pub(crate) fn unproven_s(&self, now: Now, last: UnixSeconds) -> u64 {
        now.unix.0.saturating_sub(self.floor(now, last).0)
    }

    /// The time that is proven now. Where nothing was kept, it is the last block's.
    fn floor(&self, now: Now, last: UnixSeconds) -> UnixSeconds {
        let moment = self.witnesses.moment(now);
        self.proven.map_or(last, |proven| proven.by(moment))
    }

    /// A time has certainly passed.
    fn prove(&mut self, now: Now, time: UnixSeconds) {
        self.proven = Some(Proven::new(time, self.witnesses.moment(now)));
    }

    /// Validators of whom none decides alone made a block of this time: they bound it.
    fn bounded(&mut self, now: Now, time: UnixSeconds) {
        let time = self.floor(now, time).max(time);
        self.prove(now, time);
    }

    /// The time that is proven with blocks of which the last has this time, to keep it. `alone`: whether one validator made them, whose
    /// clock nobody bounds.
    pub(crate) fn proven_with(
        &mut self,
        now: Now,
        last: UnixSeconds,
        alone: bool,
    ) -> Option<ProvenTime> {
        if !alone {
            self.bounded(now, last);
        }
        Some(self.proven?.keep(self.witnesses.moment(now)))
    }

    /// The doubt about the clock, if there is one.
    pub(crate) fn judge(&mut self, facts: Facts<'_>) -> Option<ClockDoubt> {
        let now = facts.now;
        let moment = self.witnesses.moment(now);
        self.proven.iter_mut().for_each(|it| it.go_on(moment));
        let floor = self.floor(now, facts.last);
        if self.proven.is_none() || now.unix < floor {
            // Once it was set back, what it showed before is proven no more; but no clock takes the last block's time back.
            self.prove(now, floor.min(now.unix.max(facts.last)));
        }
        if self.is_trusted(now) {
            self.prove(now, now.unix);
            return None;
        }
        let dates = self.witnesses.dates(now);
        let players = self.witnesses.players(now, facts.players);
        let network = self.witnesses.kernel.map(|(_, is_set)| is_set);
        let doubt = |(cause, ahead_s)| ClockDoubt {
            cause,
            ahead_s,
            synchronised: network,
            dates: dates.testimony(),
            players: players.testimony(),
        };
        if let Some(contradicted) = self.contradicted(&facts, &dates, &players) {
            return Some(doubt(contradicted));
        }
        let vouched = if facts.hears {
            vouched(now.unix, network, &Side::default(), &players)
        } else {
            vouched(now.unix, network, &dates, &players)
        };
        if let Some(vouched) = vouched.filter(|it| *it > self.floor(now, facts.last)) {
            self.prove(now, vouched);
        }
        let far = self.far_ahead(&facts, network == Some(true))?;
        let contradicted = (DoubtCause::Others, players.nearest_off());
        Some(doubt(if players.contradicts() {
            contradicted
        } else {
            far
        }))
    }

    /// Whether the operator said that the clock is right, and it has gone on since.
    fn is_trusted(&mut self, now: Now) -> bool {
        let moment = self.witnesses.moment(now);
        let trusted = self.witnesses.trusted.filter(|(said, at)| {
            let expected = Proven::new(*said, *at).by(moment);
            now.unix.0.abs_diff(expected.0) <= CONTRADICTS_S
        });
        self.witnesses.trusted = trusted;
        trusted.is_some()
    }

    /// The side that contradicts the clock, wherever it stands.
    fn contradicted(
        &self,
        facts: &Facts<'_>,
        dates: &Side,
        players: &Side,
    ) -> Option<(DoubtCause, i64)> {
        let is_set = match self.witnesses.kernel {
            Some((ahead_s, _)) if contradicts(ahead_s) => {
                return Some((DoubtCause::Kernel, ahead_s));
            }
            Some((_, is_set)) => is_set,
            None => false,
        };
        let is_even = |side: &Side| side.is_even() && is_set;
        if dates.contradicts() && !is_even(dates) && !(is_set && players.agrees()) {
            return Some((DoubtCause::Date, dates.nearest_off()));
        }
        if players.contradicts() && !is_even(players) && !(is_set && dates.agrees()) {
            return Some((DoubtCause::Others, players.nearest_off()));
        }
        let after_last = facts.now.unix.0.checked_signed_diff(facts.last.0)?;
        let is_before = after_last < 0 && contradicts(after_last);
        is_before.then_some((DoubtCause::LastBlock, after_last))
    }

    /// Why the clock is too far ahead of what is proven.
    fn far_ahead(&mut self, facts: &Facts<'_>, is_set: bool) -> Option<(DoubtCause, i64)> {
        let (now, floor) = (facts.now.unix, self.floor(facts.now, facts.last));
        let ahead_s = now.0.saturating_sub(floor.0);
        if is_set {
            self.settled_s = Some(self.settled_s.map_or(ahead_s, |it| it.min(ahead_s)));
        }
        let since = |time: UnixSeconds| now.0.checked_signed_diff(time.0).unwrap_or(i64::MAX);
        // The last block has ended betting on what came before it.
        let near = UnixSeconds(floor.0.saturating_add(NEAR_S)).max(facts.last);
        let later = facts.ends.range((Excluded(near), Unbounded)).next();
        if let Some(end) = later.filter(|end| **end <= now) {
            return Some((DoubtCause::BettingEnds, since(*end)));
        }
        // Set while it ran, it would not go on with what is proven.
        let most_s = self.settled_s.map_or(CONFIRMED_S, |settled| {
            settled.saturating_add(CONTRADICTS_S).min(CONFIRMED_S)
        });
        (ahead_s > most_s).then(|| (DoubtCause::Unconfirmed, since(facts.last)))
    }
}

/// The time that two kinds of witnesses say has passed.
fn vouched(
    now: UnixSeconds,
    network: Option<bool>,
    dates: &Side,
    players: &Side,
) -> Option<UnixSeconds> {
    if players.contradicts() {
        return None;
    }
    let by_players = players.vouched(now);
    if dates.contradicts() && !(network == Some(true) && by_players.is_some()) {
        return None;
    }
    let by_dates = dates.vouched(now).filter(|_| network != Some(false));
    by_players.max(by_dates)
}
