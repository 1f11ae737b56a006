//! When the passing of time alone asks for a block.
//!
//! - A kick-off is **closed** by a block that comes after it; so are the beginning and the end of a day, where no more is known
//!   of a match. Until then a miner may date a block back, and a late bet with
//!   it, to before the kick-off; and what depends on the pool's time goes on as if the match had not begun.
//! - A result becomes final, and its pot is paid, in the first block after its dispute window; that block is made too, since
//!   nothing else may happen after the last match. So is one when chips that a validator has taken back are free, or a change of
//!   validators is due.

use bolao_ledger::{
    Match, StateView as _, UnixSeconds,
    table::{Coming, Due, StakesDue},
};
use bolao_store::{Snapshot, StoreError};

/// The time from which on a block is due, whatever waits, on a chain on which all is closed up to `closed`: none if nothing is
/// known that is still to come.
pub fn next_due(
    snapshot: &Snapshot,
    closed: UnixSeconds,
) -> Result<Option<UnixSeconds>, StoreError> {
    let result = snapshot.scan::<Due>(&(), None, 1)?;
    let stake = snapshot.scan::<StakesDue>(&(), None, 1)?;
    let result = result.first().map(|((time, _), ())| *time);
    let stake = stake.first().map(|((time, _), ())| *time);
    let coming = snapshot.scan::<Coming>(&(), None, 1)?;
    let coming = coming.first().map(|((time, _), _)| *time);
    let due = result.into_iter().chain(stake).chain(coming).min();
    Ok(first_due(&snapshot.matches()?, due, closed))
}

fn first_due(
    matches: &[Match],
    due: Option<UnixSeconds>,
    closed: UnixSeconds,
) -> Option<UnixSeconds> {
    let begin = matches.iter().filter_map(Match::begins_at);
    let days = matches.iter().filter_map(|game| game.day);
    let times = begin.chain(days.map(|day| day.begins));
    times.filter(|at| *at > closed).chain(due).min()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::{Day, Genesis};

    use super::*;

    fn matches(times: &[Option<u64>]) -> Vec<Match> {
        let fixture = Genesis::article().matches.pop().unwrap();
        let times = times.iter().map(|time| {
            let mut fixture = fixture.clone();
            fixture.kickoff = time.map(UnixSeconds);
            Match::new(fixture, None, 0)
        });
        times.collect()
    }

    fn first(due: Option<u64>, closed: u64) -> Option<u64> {
        let matches = matches(&[None, Some(100), Some(200)]);
        let found = first_due(&matches, due.map(UnixSeconds), UnixSeconds(closed));
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
        let mut matches = matches(&[None]);
        let [begins, ends] = [100, 200].map(UnixSeconds);
        matches[0].day = Some(Day { begins, ends });
        let first = |closed| first_due(&matches, None, UnixSeconds(closed));
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
