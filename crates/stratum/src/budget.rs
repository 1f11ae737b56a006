//! What one connection may ask of the server, and how much all may have logged.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// A bucket of tokens that fills evenly. It holds time: a token is the time in which one comes.
#[derive(Debug)]
pub(crate) struct Bucket {
    token: Duration,
    room: Duration,
    /// When the bucket was, or will be, empty.
    empty: Duration,
}

impl Bucket {
    /// A full bucket at time zero: `burst` tokens, of which `rate` come in `period`.
    pub(crate) fn new(rate: u32, period: Duration, burst: u32) -> Self {
        let token = period / rate.max(1);
        Self {
            token,
            room: token.saturating_mul(burst.saturating_sub(1)),
            empty: Duration::ZERO,
        }
    }

    /// Takes tokens, be there so many or not.
    pub(crate) fn take(&mut self, tokens: u32, now: Duration) {
        let taken = self.token.saturating_mul(tokens);
        self.empty = self.empty.max(now).saturating_add(taken);
    }

    /// When there is a token next; not after `now` if there is one.
    pub(crate) fn ready_at(&self) -> Duration {
        self.empty.saturating_sub(self.room)
    }
}

/// Lines that strangers cause in a log that nobody asked to be long: some at once, then one in ten seconds.
#[derive(Debug)]
pub(crate) struct News {
    start: Instant,
    bucket: Mutex<Bucket>,
}

impl Default for News {
    fn default() -> Self {
        Self {
            start: Instant::now(),
            bucket: Mutex::new(Bucket::new(1, Duration::from_secs(10), 20)),
        }
    }
}

impl News {
    /// Whether the next line may be written, which then counts.
    pub(crate) fn is_due(&self) -> bool {
        let now = self.start.elapsed();
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = bucket.ready_at() <= now;
        if is_due {
            bucket.take(1, now);
        }
        is_due
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
    fn strangers_fill_no_log() {
        let news = News::default();
        assert_eq!((0..1_000).filter(|_| news.is_due()).count(), 20);
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
