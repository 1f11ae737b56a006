//! The last few of something, the oldest of which make room for new ones.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// At most `N` entries.
#[derive(Debug)]
pub(super) struct Recent<T, const N: usize>(Mutex<VecDeque<T>>);

impl<T: Clone, const N: usize> Recent<T, N> {
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    /// Adds an entry, and keeps those before only if they fit it.
    pub(super) fn add(&self, new: T, fits: impl Fn(&T) -> bool) {
        self.with(|entries| {
            entries.retain(fits);
            while entries.len() >= N {
                entries.pop_front();
            }
            entries.push_back(new);
        });
    }

    /// The newest that is wanted.
    pub(super) fn find(&self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        self.with(|entries| entries.iter().rev().find(|entry| wanted(entry)).cloned())
    }

    fn with<R>(&self, look: impl FnOnce(&mut VecDeque<T>) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_ones_are_found_and_only_those_that_fit() {
        let recent: Recent<u32, 3> = Recent::new();
        for entry in 0..4 {
            recent.add(entry, |_| true);
        }
        assert_eq!(recent.find(|_| true), Some(3));
        assert_eq!(recent.find(|entry| *entry == 1), Some(1));
        assert_eq!(recent.find(|entry| *entry == 0), None);
        recent.add(4, |entry| *entry == 3);
        assert_eq!(recent.find(|entry| *entry < 3), None);
        assert_eq!(recent.find(|entry| *entry == 3), Some(3));
    }
}
