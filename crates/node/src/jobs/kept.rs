//! The templates that solutions may be for.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use super::made::Made;

/// How many: the core tells of more transactions once a second.
const KEPT: usize = 8;

/// The last ones, all on one tip.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<VecDeque<Made>>);

impl Kept {
    /// The newest.
    pub(super) fn last(&self) -> Option<Made> {
        self.with(|kept| kept.back().cloned())
    }

    pub(super) fn get(&self, number: u64) -> Option<Made> {
        self.with(|kept| kept.iter().find(|made| made.number == number).cloned())
    }

    pub(super) fn add(&self, made: Made) {
        let previous = made.template.header.previous();
        self.with(|kept| {
            kept.retain(|old| old.template.header.previous() == previous);
            while kept.len() >= KEPT {
                kept.pop_front();
            }
            kept.push_back(made);
        });
    }

    fn with<T>(&self, look: impl FnOnce(&mut VecDeque<Made>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
