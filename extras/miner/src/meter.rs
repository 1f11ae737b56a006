//! Counts hashes and gives a rate over the last ten seconds of searching. Idle time does not
//! count, so a node that mines one block an hour still sees what its CPU does.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bolao_work::HashRate;

/// The time of searching over which the rate is taken.
const WINDOW: Duration = Duration::from_secs(10);

/// Least searching time between two samples; with [`WINDOW`] it bounds how many are kept.
pub(crate) const SAMPLE_INTERVAL: Duration = Duration::from_millis(500);

#[derive(Debug, Default)]
pub(crate) struct Meter {
    total: AtomicU64,
    timeline: Mutex<Timeline>,
}

impl Meter {
    pub(crate) fn count(&self, hashes: u64) {
        self.total.fetch_add(hashes, Ordering::Relaxed);
    }

    pub(crate) fn search_begins(&self) {
        self.timeline().begin(Instant::now());
    }

    pub(crate) fn search_ends(&self) {
        self.timeline().end(Instant::now());
    }

    pub(crate) fn sample(&self, now: Instant) {
        self.timeline().sample(now, self.total());
    }

    pub(crate) fn rate(&self) -> HashRate {
        let total_hashes = self.total();
        HashRate {
            hashes_per_second: self.timeline().rate(Instant::now(), total_hashes),
            total_hashes,
        }
    }

    fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    fn timeline(&self) -> MutexGuard<'_, Timeline> {
        self.timeline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number of hashes that had been counted when the search had lasted so long.
#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    searched: Duration,
    total: u64,
}

#[derive(Debug, Default)]
struct Timeline {
    searched: Duration,
    since: Option<Instant>,
    oldest: Sample,
    newer: VecDeque<Sample>,
}

impl Timeline {
    fn begin(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    fn end(&mut self, now: Instant) {
        self.searched = self.searched_until(now);
        self.since = None;
    }

    fn searched_until(&self, now: Instant) -> Duration {
        let running = self
            .since
            .map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        self.searched + running
    }

    fn sample(&mut self, now: Instant, total: u64) {
        let searched = self.searched_until(now);
        let newest = self.newer.back().unwrap_or(&self.oldest);
        if searched >= newest.searched + SAMPLE_INTERVAL {
            self.newer.push_back(Sample { searched, total });
        }
        while let Some(next) = self.newer.front().copied()
            && next.searched + WINDOW <= searched
        {
            self.oldest = next;
            self.newer.pop_front();
        }
    }

    fn rate(&mut self, now: Instant, total: u64) -> u64 {
        self.sample(now, total);
        let elapsed = self
            .searched_until(now)
            .saturating_sub(self.oldest.searched);
        let hashes = u128::from(total.saturating_sub(self.oldest.total));
        (hashes * 1_000_000_000)
            .checked_div(elapsed.as_nanos())
            .map_or(0, |rate| u64::try_from(rate).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn idle_time_does_not_lower_the_rate() {
        let start = Instant::now();
        let mut timeline = Timeline::default();
        assert_eq!(timeline.rate(start, 0), 0);

        timeline.begin(start + seconds(3600));
        timeline.end(start + seconds(3602));
        assert_eq!(timeline.rate(start + seconds(7200), 2_000), 1_000);
    }

    #[test]
    fn the_rate_forgets_what_is_older_than_the_window_and_memory_is_bounded() {
        let start = Instant::now();
        let mut timeline = Timeline::default();
        timeline.begin(start);
        let mut total = 0;
        for tenth in 0..2_000 {
            let now = start + Duration::from_millis(100 * tenth);
            timeline.sample(now, total);
            total += if tenth < 1_000 { 1 } else { 100 };
        }
        assert_eq!(timeline.rate(start + seconds(200), total), 1_000);
        assert!(timeline.newer.len() <= 21, "{}", timeline.newer.len());
    }

    #[test]
    fn rates_are_shown_with_a_unit() {
        let shown = |hashes_per_second| {
            HashRate {
                hashes_per_second,
                total_hashes: 0,
            }
            .to_string()
        };
        assert_eq!(shown(0), "0.0 H/s");
        assert_eq!(shown(999), "999.0 H/s");
        assert_eq!(shown(8_390_000), "8.3 MH/s");
        assert_eq!(shown(u64::MAX), "18446744.0 TH/s");
    }
}
