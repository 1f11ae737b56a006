//! Whom to refuse for a while. Bounded: the oldest entry makes room for the newest.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How long a refusal lasts.
pub(crate) const TERM: Duration = Duration::from_hours(1);

/// How many refusals are remembered.
const ENTRIES: usize = 1024;

#[derive(Debug)]
pub(crate) struct Discouraged<K> {
    entries: VecDeque<(K, Instant)>,
}

impl<K: PartialEq> Discouraged<K> {
    pub(crate) fn new() -> Self {
        Self {
            entries: VecDeque::new(),
        }
    }

    pub(crate) fn add(&mut self, key: K, now: Instant) {
        self.entries
            .retain(|(known, until)| *known != key && *until > now);
        if self.entries.len() == ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back((key, now + TERM));
    }

    pub(crate) fn contains(&self, key: &K, now: Instant) -> bool {
        self.entries
            .iter()
            .any(|(known, until)| known == key && *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_with_its_term() {
        let now = Instant::now();
        let mut list = Discouraged::new();
        list.add(1, now);
        assert!(list.contains(&1, now));
        assert!(!list.contains(&2, now));
        assert!(!list.contains(&1, now + TERM));
    }

    #[test]
    fn is_bounded() {
        let now = Instant::now();
        let mut list = Discouraged::new();
        for key in 0..=ENTRIES {
            list.add(key, now);
        }
        assert_eq!(list.entries.len(), ENTRIES);
        assert!(!list.contains(&0, now));
        assert!(list.contains(&ENTRIES, now));
    }
}
