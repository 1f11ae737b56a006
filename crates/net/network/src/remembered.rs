//! What is remembered for an hour. Bounded: the oldest entry makes room for the newest.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// The time that an entry lasts.
pub(crate) const TERM: Duration = Duration::from_hours(1);

/// The most entries that are kept.
const ENTRIES: usize = 1024;

#[derive(Debug)]
pub(crate) struct Remembered<K, V = ()> {
    entries: VecDeque<(K, V, Instant)>,
}

impl<K: PartialEq, V: Copy> Remembered<K, V> {
    pub(crate) fn new() -> Self {
        Self {
            entries: VecDeque::new(),
        }
    }

    pub(crate) fn add(&mut self, key: K, value: V, now: Instant) {
        self.entries
            .retain(|(known, _, until)| *known != key && *until > now);
        if self.entries.len() == ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back((key, value, now + TERM));
    }

    pub(crate) fn remove(&mut self, key: &K) {
        self.entries.retain(|(known, _, _)| known != key);
    }

    pub(crate) fn get(&self, key: &K, now: Instant) -> Option<V> {
        let good = |(known, _, until): &&(K, V, Instant)| known == key && *until > now;
        self.entries.iter().find(good).map(|(_, value, _)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_with_its_term() {
        let now = Instant::now();
        let mut list = Remembered::new();
        list.add(1, 7, now);
        assert_eq!(list.get(&1, now), Some(7));
        assert_eq!(list.get(&2, now), None);
        assert_eq!(list.get(&1, now + TERM), None);
    }

    #[test]
    fn is_bounded() {
        let now = Instant::now();
        let mut list = Remembered::new();
        for key in 0..=ENTRIES {
            list.add(key, (), now);
        }
        assert_eq!(list.entries.len(), ENTRIES);
        assert_eq!(list.get(&0, now), None);
        assert_eq!(list.get(&ENTRIES, now), Some(()));
    }
}
