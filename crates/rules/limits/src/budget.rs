//! Token buckets by key.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::Bucket;

/// A token bucket for each key, in bounded memory.
#[derive(Debug)]
pub struct Budget<K> {
    full: Bucket,
    keys: usize,
    /// A full bucket needs no entry.
    buckets: Mutex<HashMap<K, Bucket>>,
}

impl<K: Eq + Hash> Budget<K> {
    /// A bucket like `full` for each key, and at most `keys` that are not full.
    #[must_use]
    pub fn new(full: Bucket, keys: usize) -> Self {
        Self {
            full,
            keys,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token, if there is one. With more busy keys than can be remembered, new ones get
    /// none: a flood from everywhere is refused, not served.
    pub fn take(&self, key: K, now: Duration) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= self.keys {
            buckets.retain(|_, bucket| !bucket.is_full(now));
            if buckets.len() >= self.keys && !buckets.contains_key(&key) {
                return false;
            }
        }
        let bucket = buckets.entry(key).or_insert_with(|| self.full.clone());
        let is_ready = bucket.ready_at() <= now;
        if is_ready {
            bucket.take(1, now);
        }
        is_ready
    }

    /// Takes tokens; those that the bucket lacks are owed. Gives when there is one next, or nothing for a new key where more are
    /// busy than can be remembered.
    pub fn owe(&self, key: K, tokens: u32, now: Duration) -> Option<Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= self.keys {
            buckets.retain(|_, bucket| !bucket.is_full(now));
            if buckets.len() >= self.keys && !buckets.contains_key(&key) {
                return None;
            }
        }
        let bucket = buckets.entry(key).or_insert_with(|| self.full.clone());
        bucket.take(tokens, now);
        Some(bucket.ready_at())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const START: Duration = Duration::from_secs(100);

    #[test]
    fn a_burst_then_the_refill() {
        let budget = Budget::new(Bucket::new(1, SECOND, 3), 10);
        let taken = (0..10).filter(|_| budget.take("a", START)).count();
        assert_eq!(taken, 3);
        assert!(budget.take("b", START));
        assert!(!budget.take("a", START + SECOND / 2));
        assert!(budget.take("a", START + SECOND));
        assert!(!budget.take("a", START + SECOND));
    }

    #[test]
    fn memory_is_bounded_and_comes_back() {
        let budget = Budget::new(Bucket::new(1, SECOND, 1), 4);
        let taken = (0..100).filter(|key| budget.take(*key, START)).count();
        assert_eq!(taken, 4);
        assert!(budget.take(100, START + SECOND * 2));
    }
}
