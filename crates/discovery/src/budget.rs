//! How often somebody may make us do something: token buckets by key.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Token buckets, one per key, in bounded memory.
#[derive(Debug)]
pub(crate) struct Budget<K> {
    burst: u32,
    /// How long one spent token takes to come back.
    refill: Duration,
    keys: usize,
    /// When each key's bucket will be full again; a full bucket needs no entry.
    full_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Eq + Hash> Budget<K> {
    pub(crate) fn new(burst: u32, refill: Duration, keys: usize) -> Self {
        Self {
            burst,
            refill,
            keys,
            full_at: Mutex::default(),
        }
    }

    /// Takes a token, if there is one. With more busy keys than can be remembered, new ones get
    /// none: a flood from everywhere is refused, not served.
    pub(crate) fn take(&self, key: K, now: Instant) -> bool {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= self.keys {
            full_at.retain(|_, full| *full > now);
            if full_at.len() >= self.keys && !full_at.contains_key(&key) {
                return false;
            }
        }
        let full = full_at.get(&key).copied().unwrap_or(now).max(now) + self.refill;
        if full > now + self.refill * self.burst {
            return false;
        }
        full_at.insert(key, full);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_then_the_refill() {
        let budget = Budget::new(3, SECOND, 10);
        let start = Instant::now();
        let taken = (0..10).filter(|_| budget.take("a", start)).count();
        assert_eq!(taken, 3);
        assert!(budget.take("b", start));
        assert!(!budget.take("a", start + SECOND / 2));
        assert!(budget.take("a", start + SECOND));
        assert!(!budget.take("a", start + SECOND));
    }

    #[test]
    fn memory_is_bounded_and_comes_back() {
        let budget = Budget::new(1, SECOND, 4);
        let start = Instant::now();
        let taken = (0..100).filter(|key| budget.take(*key, start)).count();
        assert_eq!(taken, 4);
        assert!(budget.take(100, start + SECOND * 2));
    }
}
