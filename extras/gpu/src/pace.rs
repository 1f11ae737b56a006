//! How many nonces a dispatch gets.
//!
//! A dispatch cannot be called back, and while it runs a desktop may get no new picture: so it
//! must be short. But each costs some time of its own, so it must not be too short. The number of
//! nonces follows the measured rate. Dispatches queue on the device, so one is timed from its
//! submission or from the end of the one before, whichever is later.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use crate::source::GROUP;

/// The time that a dispatch should take.
const GOAL: Duration = Duration::from_millis(25);
/// The measured time that counts; older measurements fade.
const MEMORY: Duration = Duration::from_millis(200);

const FIRST: u32 = 1 << 16;
const LEAST: u32 = 1 << 10;
/// Row after row the indices of a dispatch must not reach 2³².
const MOST: u32 = 1 << 30;

#[derive(Debug)]
pub(crate) struct Pace {
    nonces: AtomicU32,
    measured: Mutex<Measured>,
}

#[derive(Debug, Default)]
struct Measured {
    end: Option<Instant>,
    nonces: u128,
    nanos: u128,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self {
            nonces: AtomicU32::new(FIRST),
            measured: Mutex::default(),
        }
    }

    pub(crate) fn nonces(&self) -> u32 {
        self.nonces.load(Ordering::Relaxed)
    }

    /// Takes note of a dispatch.
    pub(crate) fn took(&self, nonces: u32, submitted: Instant, ended: Instant) {
        let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        let start = measured.end.map_or(submitted, |end| end.max(submitted));
        measured.end = Some(measured.end.map_or(ended, |end| end.max(ended)));
        let now = self.nonces();
        // What a short one costs says nothing of a long one.
        if nonces < now / 2 {
            return;
        }
        measured.nonces += u128::from(nonces);
        measured.nanos += ended.saturating_duration_since(start).as_nanos();
        let fitting = (measured.nonces * GOAL.as_nanos()).checked_div(measured.nanos);
        let fitting = fitting.map_or(u32::MAX, |n| u32::try_from(n).unwrap_or(u32::MAX));
        let next = fitting
            .clamp(now / 2, now.saturating_mul(2))
            .clamp(LEAST, MOST);
        self.nonces.store(next - next % GROUP, Ordering::Relaxed);
        if measured.nanos > MEMORY.as_nanos() {
            measured.nonces /= 2;
            measured.nanos /= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use super::*;

    /// Dispatches on a device of that speed, two at a time as two threads send them.
    fn run(pace: &Pace, start: Instant, nonces_a_second: u32, dispatches: u32) -> Instant {
        let mut free = start;
        let mut submitted = [start; 2];
        for turn in 0..dispatches {
            let mine = &mut submitted[turn as usize % 2];
            let nonces = pace.nonces();
            free += Duration::from_secs(1) * nonces / nonces_a_second;
            pace.took(nonces, *mine, free);
            *mine = free;
        }
        free
    }

    #[test]
    fn a_dispatch_comes_to_take_the_time_that_it_should() {
        for rate in [1_000_000, 30_000_000, 4_000_000_000] {
            let pace = Pace::new();
            let end = run(&pace, Instant::now(), rate, 60);
            let wanted = u64::from(rate) / 40;
            let got = u64::from(pace.nonces());
            assert!(got.abs_diff(wanted) < wanted / 10, "{got}, want {wanted}");

            // The device becomes four times slower.
            run(&pace, end, rate / 4, 60);
            let got = u64::from(pace.nonces());
            assert!((wanted / 5..wanted / 3).contains(&got), "{got}");
        }
    }

    #[test]
    fn it_stays_in_bounds_and_is_whole_groups() {
        let pace = Pace::new();
        let now = Instant::now();
        for _ in 0..40 {
            pace.took(pace.nonces(), now, now);
        }
        assert_eq!(pace.nonces(), MOST);
        for second in 1..60 {
            let end = now + Duration::from_secs(100 * second);
            pace.took(pace.nonces(), now, end);
            assert_eq!(pace.nonces() % GROUP, 0);
        }
        assert_eq!(pace.nonces(), LEAST);
    }

    #[test]
    fn short_dispatches_change_nothing() {
        let pace = Pace::new();
        let now = Instant::now();
        pace.took(FIRST / 4, now, now + Duration::from_secs(1));
        assert_eq!(pace.nonces(), FIRST);
    }
}
