//! What a label's traffic may be: so many bytes a second, so many a month.

use std::{
    io,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bolao_limits::Bucket;
use tokio::time::{Instant, sleep_until};

/// The meter of a label.
#[derive(Debug)]
pub(crate) struct Meter {
    start: Instant,
    bucket: Mutex<Bucket>,
    /// The bytes of a month.
    most: u64,
    /// Those that are in the file of labels.
    kept: AtomicU64,
    /// Those that are not yet.
    spent: AtomicU64,
}

impl Meter {
    pub(crate) fn new(bytes_per_second: u32, most: u64) -> Self {
        let second = Duration::from_secs(1);
        Self {
            start: Instant::now(),
            bucket: Mutex::new(Bucket::new(bytes_per_second, second, bytes_per_second)),
            most,
            kept: AtomicU64::new(0),
            spent: AtomicU64::new(0),
        }
    }

    /// Pays for bytes, and waits until as many may pass. Fails where the month's are used up.
    pub(crate) async fn pay(&self, bytes: usize) -> io::Result<()> {
        let bytes = u32::try_from(bytes).map_err(io::Error::other)?;
        if self.is_used_up() {
            return Err(io::Error::other("the month's traffic is used up"));
        }
        self.spent.fetch_add(u64::from(bytes), Ordering::Relaxed);
        let ready_at = {
            let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
            bucket.take(bytes, self.start.elapsed());
            bucket.ready_at()
        };
        // In a bucket that has nothing left, the next token comes after those that are owed.
        sleep_until(self.start + ready_at).await;
        Ok(())
    }

    pub(crate) fn is_used_up(&self) -> bool {
        let used = self.kept.load(Ordering::Relaxed) + self.spent.load(Ordering::Relaxed);
        used >= self.most
    }

    /// Notes what the file says of this month.
    pub(crate) fn kept(&self, bytes: u64) {
        self.kept.store(bytes, Ordering::Relaxed);
    }

    /// The bytes that are not yet in the file; from now on they count as if they were.
    pub(crate) fn take_spent(&self) -> u64 {
        let spent = self.spent.swap(0, Ordering::Relaxed);
        self.kept.fetch_add(spent, Ordering::Relaxed);
        spent
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_second_of_bytes_at_once_then_the_rate() {
        let meter = Meter::new(1_000, u64::MAX);
        let start = Instant::now();
        meter.pay(900).await.unwrap();
        assert!(start.elapsed() < Duration::from_millis(10));
        for _ in 0..10 {
            meter.pay(1_000).await.unwrap();
        }
        let took = start.elapsed().as_millis();
        assert!((9_850..=9_950).contains(&took), "{took} ms");
    }

    #[tokio::test]
    async fn the_month_ends_it() {
        let meter = Meter::new(1_000, 100);
        meter.kept(50);
        meter.pay(49).await.unwrap();
        assert_eq!(meter.take_spent(), 49);
        assert_eq!(meter.take_spent(), 0);
        meter.pay(10).await.unwrap();
        meter.pay(1).await.unwrap_err();
        meter.kept(0);
        meter.pay(1).await.unwrap();
    }
}
