//! What a label's traffic may be: so many bytes a second, so many a month, and of these a share for each caller. Who takes more goes
//! on, but slowly; so does a label whose month is used up.

use std::{
    io,
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bolao_limits::{Bucket, Budget, address_key};
use tokio::time::{Instant, sleep_until};

use crate::limits::RelayLimits;

/// The most callers that are counted one by one.
const CALLERS: usize = 4096;
const SECOND: Duration = Duration::from_secs(1);

/// The meter of a label.
#[derive(Debug)]
pub(crate) struct Meter {
    start: Instant,
    bucket: Mutex<Bucket>,
    /// For when the month is used up.
    slow: Mutex<Bucket>,
    callers: Budget<IpAddr>,
    /// For those that are too many to be counted one by one.
    crowd: Mutex<Bucket>,
    /// The bytes of a month.
    most: u64,
    /// Those that are in the file of labels.
    kept: AtomicU64,
    /// Those that are not yet.
    spent: AtomicU64,
}

/// Takes tokens. Gives when there is one next: in a bucket that has none left, after those that are owed.
fn owe(bucket: &Mutex<Bucket>, tokens: u32, now: Duration) -> Duration {
    let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
    bucket.take(tokens, now);
    bucket.ready_at()
}

impl Meter {
    pub(crate) fn new(limits: &RelayLimits) -> Self {
        let even = |rate| Bucket::new(rate, SECOND, rate);
        let of_caller = limits.caller_bytes_per_second;
        Self {
            start: Instant::now(),
            bucket: Mutex::new(even(limits.bytes_per_second)),
            slow: Mutex::new(even(limits.bytes_per_second_used_up)),
            callers: Budget::new(Bucket::new(of_caller, SECOND, limits.caller_bytes), CALLERS),
            crowd: Mutex::new(even(of_caller)),
            most: limits.bytes_per_month,
            kept: AtomicU64::new(0),
            spent: AtomicU64::new(0),
        }
    }

    /// Pays for a caller's bytes, and waits until as many may pass.
    pub(crate) async fn pay(&self, caller: IpAddr, bytes: usize) -> io::Result<()> {
        let bytes = u32::try_from(bytes).map_err(io::Error::other)?;
        let is_used_up = self.is_used_up();
        self.spent.fetch_add(u64::from(bytes), Ordering::Relaxed);
        // The caller's own first: who waits for that takes nothing from the others.
        let now = self.start.elapsed();
        let of_caller = self.callers.owe(address_key(caller), bytes, now);
        let of_caller = of_caller.unwrap_or_else(|| owe(&self.crowd, bytes, now));
        sleep_until(self.start + of_caller).await;
        let now = self.start.elapsed();
        let of_label = if is_used_up {
            owe(&self.slow, bytes, now)
        } else {
            owe(&self.bucket, bytes, now)
        };
        sleep_until(self.start + of_label).await;
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

    const ANA: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const EVA: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 66));

    fn limits(bytes_per_second: u32, bytes_per_month: u64) -> RelayLimits {
        RelayLimits {
            bytes_per_second,
            bytes_per_month,
            ..RelayLimits::default()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_second_of_bytes_at_once_then_the_rate() {
        let meter = Meter::new(&limits(1_000, u64::MAX));
        let start = Instant::now();
        meter.pay(ANA, 900).await.unwrap();
        assert!(start.elapsed() < Duration::from_millis(10));
        for _ in 0..10 {
            meter.pay(ANA, 1_000).await.unwrap();
        }
        let took = start.elapsed().as_millis();
        assert!((9_850..=9_950).contains(&took), "{took} ms");
    }

    /// It took the whole month's, in less than three hours.
    #[tokio::test(start_paused = true)]
    async fn one_address_takes_its_share_and_no_friends() {
        let meter = Meter::new(&RelayLimits::default());
        let drains = async {
            loop {
                meter.pay(EVA, 64_000).await.unwrap();
            }
        };
        let drained = tokio::time::timeout(Duration::from_hours(24), drains).await;
        drained.unwrap_err();
        let spent = meter.take_spent();
        assert!((100_000_000..300_000_000).contains(&spent), "{spent}");
        let before = Instant::now();
        for _ in 0..30 {
            meter.pay(ANA, 64_000).await.unwrap();
        }
        let took = before.elapsed();
        assert!(took < Duration::from_secs(1), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_month_makes_it_slow_until_the_next() {
        let mut limits = limits(1_000_000, 100);
        limits.bytes_per_second_used_up = 1_000;
        let meter = Meter::new(&limits);
        meter.kept(50);
        meter.pay(ANA, 49).await.unwrap();
        assert_eq!(meter.take_spent(), 49);
        assert_eq!(meter.take_spent(), 0);
        let start = Instant::now();
        for _ in 0..11 {
            meter.pay(ANA, 1_000).await.unwrap();
        }
        let took = start.elapsed();
        assert!((Duration::from_secs(9)..Duration::from_secs(11)).contains(&took));
        meter.take_spent();
        meter.kept(0);
        let start = Instant::now();
        meter.pay(ANA, 100_000).await.unwrap();
        assert!(start.elapsed() < Duration::from_millis(10));
    }
}
