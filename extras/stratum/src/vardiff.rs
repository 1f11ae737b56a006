//! How hard a miner's shares are: so that it reports about every five seconds, whatever its speed.
//!
//! Each share counts with the difficulty it was admitted for, so that shares of old jobs count right.
//! From these and the time passed follows the difficulty that would have given the wanted rate.
//! - After [`FAST_SHARES`] shares it is taken if it is at least twice the present one: a fast
//!   miner floods for moments only.
//! - After [`TIMEOUT`] without a share the difficulty is quartered.
//! - After [`WINDOW`] it is taken if it is outside [`BAND`] around the present one; either way
//!   counting starts anew.
//!
//! One step is at most [`MAX_STEP`] up and a quarter down.

use std::{ops::RangeInclusive, time::Duration};

use crate::difficulty::Difficulty;

const FAST_SHARES: u32 = 16;
const TIMEOUT: Duration = Duration::from_secs(30);
const WINDOW: Duration = Duration::from_secs(90);
const BAND: RangeInclusive<f64> = 0.6..=1.6;
const MAX_STEP: f64 = 64.0;

/// The difficulty of one connection's shares.
#[derive(Debug)]
pub(crate) struct Vardiff {
    difficulty: Difficulty,
    floor: Difficulty,
    shares_per_minute: u32,
    since: Duration,
    shares: u32,
    work: f64,
}

impl Vardiff {
    pub(crate) fn new(start: Difficulty, floor: Difficulty, shares_per_minute: u32) -> Self {
        Self {
            difficulty: start,
            floor,
            shares_per_minute: shares_per_minute.max(1),
            since: Duration::ZERO,
            shares: 0,
            work: 0.0,
        }
    }

    /// The difficulty of shares where a block has the difficulty `block`: no share is harder.
    pub(crate) fn difficulty(&self, block: Difficulty) -> Difficulty {
        self.difficulty.min(block.eased())
    }

    /// Starts counting with this difficulty.
    pub(crate) fn set(&mut self, difficulty: Difficulty, now: Duration) {
        self.difficulty = if difficulty < self.floor {
            self.floor
        } else {
            difficulty
        };
        self.since = now;
        self.shares = 0;
        self.work = 0.0;
    }

    /// Counts a share of this difficulty.
    pub(crate) fn share(&mut self, difficulty: Difficulty) {
        self.shares = self.shares.saturating_add(1);
        self.work += difficulty.value();
    }

    /// Looks whether another difficulty is due; says whether [`Vardiff::difficulty`] changed.
    pub(crate) fn retarget(&mut self, block: Difficulty, now: Duration) -> bool {
        let before = self.difficulty(block);
        let passed = now.saturating_sub(self.since);
        let full = passed >= WINDOW;
        let wanted = if self.shares == 0 {
            (passed >= TIMEOUT).then_some(0.25)
        } else {
            // A burst in no time at all is a very fast miner.
            let seconds = passed.as_secs_f64().max(0.001);
            let interval = 60.0 / f64::from(self.shares_per_minute);
            let ratio = self.work / seconds * interval / before.value();
            let fast = self.shares >= FAST_SHARES && ratio >= 2.0;
            (fast || full && !BAND.contains(&ratio)).then_some(ratio)
        };
        if let Some(ratio) = wanted {
            let next = before.value() * ratio.clamp(0.25, MAX_STEP);
            let next = Difficulty::new(next).min(block.eased());
            self.set(next, now);
        } else if full {
            self.set(self.difficulty, now);
        }
        self.difficulty(block) != before
    }
}

#[cfg(test)]
mod tests;
