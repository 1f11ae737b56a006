//! Blocks that close a kick-off.
//!
//! A block may carry any time from the median of the last eleven on. On a chain where nothing happens, that median
//! stays before a kick-off long after it, and whoever finds one block could date it back and put a late bet into it.
//! So nodes that mine whenever transactions wait also mine, empty blocks if need be, until the median time has passed
//! the latest kick-off: at most eleven small blocks. From then on a late bet needs a longer chain from before.

use bolao_ledger::{Match, UnixSeconds};
use bolao_store::Reader;

/// What the kick-offs ask of a miner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kickoffs {
    /// One has passed that the median time has not: mine.
    Open,
    /// All are closed; the next one comes then.
    ClosedUntil(UnixSeconds),
    /// All are closed, and no more are known.
    Closed,
}

/// Looks at the kick-offs of the chain's matches; where they cannot be read, all count as closed.
pub(crate) fn kickoffs_now(
    reader: &Reader,
    median_time: UnixSeconds,
    now: UnixSeconds,
) -> Kickoffs {
    let matches = reader.snapshot().and_then(|snapshot| snapshot.matches());
    match matches {
        Ok(matches) => kickoffs(&matches, median_time, now),
        Err(error) => {
            tracing::error!(%error, "the kick-offs could not be read");
            Kickoffs::Closed
        }
    }
}

/// Looks at the kick-offs of all matches.
fn kickoffs(matches: &[Match], median_time: UnixSeconds, now: UnixSeconds) -> Kickoffs {
    let times = || matches.iter().filter_map(|game| game.fixture.kickoff);
    if times().any(|kickoff| kickoff <= now && kickoff > median_time) {
        return Kickoffs::Open;
    }
    times()
        .filter(|kickoff| *kickoff > now)
        .min()
        .map_or(Kickoffs::Closed, Kickoffs::ClosedUntil)
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
        let at = |median, now| kickoffs(&matches, UnixSeconds(median), UnixSeconds(now));
        assert_eq!(at(50, 60), Kickoffs::ClosedUntil(UnixSeconds(100)));
        assert_eq!(at(50, 100), Kickoffs::Open);
        assert_eq!(at(99, 150), Kickoffs::Open);
        assert_eq!(at(100, 150), Kickoffs::ClosedUntil(UnixSeconds(200)));
        assert_eq!(at(100, 200), Kickoffs::Open);
        assert_eq!(at(200, 300), Kickoffs::Closed);
    }
}
