//! Blocks that close a kick-off, or make a result final.
//!
//! A block may carry any time from the median of the last eleven on. On a chain where nothing happens, that median
//! stays before a kick-off long after it, and whoever finds one block could date it back and put a late bet into it.
//! So nodes that mine whenever transactions wait also mine, empty blocks if need be, until the median time has passed
//! the latest kick-off: at most eleven small blocks. From then on a late bet needs a longer chain from before.
//!
//! A result becomes final, and its pot is paid, in the first block after its dispute window. Nodes mine that block too,
//! since nothing else may happen after the last match.

use bolao_ledger::{Match, StateView as _, UnixSeconds, table::Due};
use bolao_store::Reader;

use crate::reading::read;

/// What the passing of time asks of a miner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deadlines {
    /// A kick-off has passed that the median time has not, or a result is due to become final: mine.
    Open,
    /// All are closed; the next one comes then.
    ClosedUntil(UnixSeconds),
    /// All are closed, and no more are known.
    Closed,
}

/// Looks at the kick-offs of the chain's matches and at the results that are not final; where they cannot be read, all
/// count as closed.
pub(crate) async fn deadlines_now(
    reader: &Reader,
    median_time: UnixSeconds,
    now: UnixSeconds,
) -> Deadlines {
    let found = read(reader, move |snapshot| {
        let due = snapshot.scan::<Due>(&(), None, 1)?;
        let due = due.first().map(|((time, _), ())| *time);
        Ok(deadlines(&snapshot.matches()?, due, median_time, now))
    });
    found.await.unwrap_or(Deadlines::Closed)
}

/// Looks at the kick-offs of all matches and at when the next result becomes final.
fn deadlines(
    matches: &[Match],
    due: Option<UnixSeconds>,
    median_time: UnixSeconds,
    now: UnixSeconds,
) -> Deadlines {
    let kickoffs = || matches.iter().filter_map(|game| game.fixture.kickoff);
    if due.is_some_and(|due| due <= now)
        || kickoffs().any(|kickoff| kickoff <= now && kickoff > median_time)
    {
        return Deadlines::Open;
    }
    kickoffs()
        .filter(|kickoff| *kickoff > now)
        .chain(due)
        .min()
        .map_or(Deadlines::Closed, Deadlines::ClosedUntil)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::Genesis;

    use super::*;

    fn matches(times: &[Option<u64>]) -> Vec<Match> {
        let fixture = Genesis::article().matches.pop().unwrap();
        times
            .iter()
            .map(|time| {
                let mut fixture = fixture.clone();
                fixture.kickoff = time.map(UnixSeconds);
                Match::new(fixture, 0)
            })
            .collect()
    }

    #[test]
    fn a_kickoff_is_open_until_the_median_has_passed_it() {
        let matches = matches(&[None, Some(100), Some(200)]);
        let at = |median, now| deadlines(&matches, None, UnixSeconds(median), UnixSeconds(now));
        assert_eq!(at(50, 60), Deadlines::ClosedUntil(UnixSeconds(100)));
        assert_eq!(at(50, 100), Deadlines::Open);
        assert_eq!(at(99, 150), Deadlines::Open);
        assert_eq!(at(100, 150), Deadlines::ClosedUntil(UnixSeconds(200)));
        assert_eq!(at(100, 200), Deadlines::Open);
        assert_eq!(at(200, 300), Deadlines::Closed);
    }

    #[test]
    fn a_result_is_due_until_it_is_final() {
        let matches = matches(&[Some(100), Some(900)]);
        let at = |due: u64, now| {
            deadlines(
                &matches,
                Some(UnixSeconds(due)),
                UnixSeconds(100),
                UnixSeconds(now),
            )
        };
        assert_eq!(at(300, 299), Deadlines::ClosedUntil(UnixSeconds(300)));
        assert_eq!(at(300, 300), Deadlines::Open);
        assert_eq!(at(950, 300), Deadlines::ClosedUntil(UnixSeconds(900)));
    }
}
