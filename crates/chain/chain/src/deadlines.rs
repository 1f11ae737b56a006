//! When the passing of time alone asks for a block.
//!
//! - A kick-off is **closed** by a block that comes after it; so are the beginning and the end of a day, where no more is known
//!   of a match. Until then a miner may date a block back, and a late bet with
//!   it, to before the kick-off; and what depends on the pool's time goes on as if the match had not begun.
//! - A result becomes final, and its pot is paid, in the first block after its dispute window; that block is made too, since
//!   nothing else may happen after the last match. So is one when chips that a validator has taken back are free, or a change of
//!   validators is due.

use std::{
    collections::BTreeSet,
    ops::Bound::{Excluded, Unbounded},
};

use bolao_ledger::{
    Item, MatchNo, StateView as _, UnixSeconds,
    table::{Coming, Due, Leaving, StakesDue},
};
use bolao_store::{Snapshot, StoreError};

/// The time from which on a block is due, whatever waits, on a chain on which all is closed up to `closed`: none if nothing is
/// known that is still to come.
pub fn next_due(
    snapshot: &Snapshot,
    closed: UnixSeconds,
) -> Result<Option<UnixSeconds>, StoreError> {
    Kickoffs::of(&snapshot.items()?).next_due(snapshot, closed)
}

/// Kick-offs, and days of which no more is known, for whoever asks with every block: read anew only after organisers have acted,
/// since nobody else changes them.
#[derive(Debug, Default)]
pub(crate) struct Kickoffs {
    /// The number of acts by then, and of branches.
    read_at: Option<(u64, u64)>,
    items: BTreeSet<(UnixSeconds, MatchNo)>,
    days: BTreeSet<UnixSeconds>,
    /// The ends of betting.
    ends: BTreeSet<UnixSeconds>,
}

impl Kickoffs {
    fn of(items: &[Item]) -> Self {
        let begin = items
            .iter()
            .filter_map(|item| Some((item.begins?, item.no)));
        let days = items.iter().filter_map(|item| item.day_begins);
        Self {
            read_at: None,
            items: begin.collect(),
            days: days.collect(),
            ends: items.iter().filter_map(|item| item.deadline).collect(),
        }
    }

    /// Takes over what has changed up to a chain's tip, which was replaced so often.
    pub(crate) fn follow(
        &mut self,
        replacements: u64,
        snapshot: &Snapshot,
    ) -> Result<(), StoreError> {
        let read_at = Some((snapshot.totals()?.acts, replacements));
        if self.read_at != read_at {
            *self = Self::of(&snapshot.items()?);
            self.read_at = read_at;
        }
        Ok(())
    }

    /// The first time after this one at which something begins.
    pub(crate) fn next_after(&self, time: UnixSeconds) -> Option<UnixSeconds> {
        let later = self.items.range((time, MatchNo(u16::MAX))..);
        later.map(|(at, _)| *at).find(|at| *at > time)
    }

    /// The ends of betting on all that there is.
    pub(crate) const fn ends(&self) -> &BTreeSet<UnixSeconds> {
        &self.ends
    }

    /// The numbers of what begins from the first of these times to the second.
    pub(crate) fn between(
        &self,
        first: UnixSeconds,
        last: UnixSeconds,
    ) -> impl Iterator<Item = MatchNo> {
        let all = (first, MatchNo(0))..=(last.max(first), MatchNo(u16::MAX));
        self.items.range(all).map(|(_, no)| *no)
    }

    /// As [`next_due`].
    pub(crate) fn next_due(
        &self,
        snapshot: &Snapshot,
        closed: UnixSeconds,
    ) -> Result<Option<UnixSeconds>, StoreError> {
        let result = snapshot.scan::<Due>(&(), None, 1)?;
        let stake = snapshot.scan::<StakesDue>(&(), None, 1)?;
        let result = result.first().map(|((time, _), ())| *time);
        let stake = stake.first().map(|((time, _), ())| *time);
        let coming = snapshot.scan::<Coming>(&(), None, 1)?;
        let coming = coming.first().map(|((time, _), _)| *time);
        let leaving = snapshot.scan::<Leaving>(&(), None, 1)?;
        let leaving = leaving.first().map(|((time, _), _)| *time);
        let all = result.into_iter().chain(stake).chain(coming);
        let due = all.chain(leaving).min();
        Ok(self.first_due(due, closed))
    }

    fn first_due(&self, due: Option<UnixSeconds>, closed: UnixSeconds) -> Option<UnixSeconds> {
        let day = self.days.range((Excluded(closed), Unbounded)).next();
        let times = self.next_after(closed).into_iter().chain(day.copied());
        times.chain(due).min()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::{Genesis, Match};

    use super::*;

    fn items(times: &[Option<u64>]) -> Vec<Item> {
        let fixture = Genesis::article().matches.pop().unwrap();
        let times = times.iter().map(|time| {
            let mut fixture = fixture.clone();
            fixture.kickoff = time.map(UnixSeconds);
            Match::new(fixture, None, 0).into()
        });
        times.collect()
    }

    fn first(due: Option<u64>, closed: u64) -> Option<u64> {
        let items = items(&[None, Some(100), Some(200)]);
        let found = Kickoffs::of(&items).first_due(due.map(UnixSeconds), UnixSeconds(closed));
        found.map(|time| time.0)
    }

    #[test]
    fn a_kickoff_is_due_until_a_later_block_has_closed_it() {
        assert_eq!(first(None, 50), Some(100));
        assert_eq!(first(None, 99), Some(100));
        assert_eq!(first(None, 100), Some(200));
        assert_eq!(first(None, 200), None);
    }

    #[test]
    fn a_day_is_closed_when_it_begins_and_when_it_is_over() {
        let mut items = items(&[None]);
        let [begins, ends] = [100, 200].map(UnixSeconds);
        (items[0].day_begins, items[0].begins) = (Some(begins), Some(ends));
        let first = |closed| Kickoffs::of(&items).first_due(None, UnixSeconds(closed));
        assert_eq!(first(99), Some(begins));
        assert_eq!(first(100), Some(ends));
        assert_eq!(first(200), None);
    }

    #[test]
    fn a_result_is_due_until_it_is_final() {
        assert_eq!(first(Some(150), 100), Some(150));
        assert_eq!(first(Some(300), 100), Some(200));
        assert_eq!(first(Some(300), 200), Some(300));
    }
}
