//! A token bucket.

use std::time::Duration;

/// A bucket of tokens that fills evenly. It holds time: a token is the time in which one comes.
#[derive(Clone, Debug)]
pub struct Bucket {
    token: Duration,
    room: Duration,
    /// When the bucket is full again.
    full_at: Duration,
}

impl Bucket {
    /// A full bucket at time zero: `burst` tokens, of which `rate` come in `period`.
    #[must_use]
    pub fn new(rate: u32, period: Duration, burst: u32) -> Self {
        let token = period / rate.max(1);
        Self {
            token,
            room: token.saturating_mul(burst.saturating_sub(1)),
            full_at: Duration::ZERO,
        }
    }

    /// Takes tokens. Those that the bucket lacks are owed.
    pub fn take(&mut self, tokens: u32, now: Duration) {
        let taken = self.token.saturating_mul(tokens);
        self.full_at = self.full_at.max(now).saturating_add(taken);
    }

    /// When there is a token next; not after `now` if there is one.
    #[must_use]
    pub fn ready_at(&self) -> Duration {
        self.full_at.saturating_sub(self.room)
    }

    /// Whether no token is missing.
    #[must_use]
    pub fn is_full(&self, now: Duration) -> bool {
        self.full_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn gives_a_burst_then_the_rate() {
        let mut bucket = Bucket::new(10, SECOND, 3);
        let start = SECOND * 100;
        for _ in 0..3 {
            assert!(bucket.ready_at() <= start);
            bucket.take(1, start);
        }
        assert_eq!(bucket.ready_at(), start + SECOND / 10);
        let later = start + SECOND / 10;
        bucket.take(1, later);
        assert_eq!(bucket.ready_at(), later + SECOND / 10);
        assert!(bucket.ready_at() <= later + SECOND);
    }

    #[test]
    fn does_not_save_more_than_its_room() {
        let mut bucket = Bucket::new(1, SECOND, 2);
        let late = SECOND * 1000;
        bucket.take(1, late);
        assert!(bucket.ready_at() <= late);
        bucket.take(1, late);
        assert!(bucket.ready_at() > late);
    }

    #[test]
    fn what_costs_more_than_there_is_is_owed() {
        let mut bucket = Bucket::new(10, SECOND, 3);
        bucket.take(0, SECOND);
        assert!(bucket.ready_at() <= SECOND);
        bucket.take(8, SECOND);
        assert_eq!(bucket.ready_at(), SECOND + SECOND * 6 / 10);
    }
}
