//! A state with changes on top that are not committed.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Bound,
};

use super::{
    StateView,
    tables::{Table, key_bytes},
};
use crate::{
    codec::{decode, encode},
    delta::{Change, Delta},
};

/// A state with changes on top: what a block, a mempool or a template is applied to.
#[derive(Clone, Debug)]
pub struct Overlay<S> {
    base: S,
    delta: Delta,
}

impl<S: StateView> Overlay<S> {
    /// An overlay without changes.
    pub fn new(base: S) -> Self {
        Self {
            base,
            delta: Delta::default(),
        }
    }

    /// The changes so far; what was changed back is left out.
    pub fn into_delta(mut self) -> Delta {
        self.delta
            .changes
            .retain(|_, change| change.before != change.after);
        self.delta
    }

    /// Takes over what was changed on top of this overlay.
    pub fn absorb(&mut self, delta: Delta) {
        for (key, change) in delta.changes {
            match self.delta.changes.entry(key) {
                Entry::Occupied(mut entry) => entry.get_mut().after = change.after,
                Entry::Vacant(entry) => {
                    entry.insert(change);
                }
            }
        }
    }

    /// An entry that is about to be changed: what it was is kept, so that nobody looks again.
    pub(crate) fn get_to_change<T: Table>(
        &mut self,
        key: &T::Key,
    ) -> Result<Option<T::Value>, S::Error> {
        let change = match self.delta.changes.entry(key_bytes::<T>(key)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let before = self.base.get_bytes(entry.key())?;
                let after = before.clone();
                entry.insert(Change { before, after })
            }
        };
        let bytes = change.after.as_deref();
        bytes
            .map(|bytes| decode(bytes).map_err(|_| S::corrupt(T::NAME, &key_bytes::<T>(key))))
            .transpose()
    }

    /// Writes an entry.
    pub(crate) fn put<T: Table>(&mut self, key: &T::Key, value: &T::Value) -> Result<(), S::Error> {
        self.set(key_bytes::<T>(key), Some(encode(value)))
    }

    /// Removes an entry.
    pub(crate) fn remove<T: Table>(&mut self, key: &T::Key) -> Result<(), S::Error> {
        self.set(key_bytes::<T>(key), None)
    }

    /// The value before the first change is read once and kept.
    fn set(&mut self, key: Vec<u8>, after: Option<Vec<u8>>) -> Result<(), S::Error> {
        match self.delta.changes.entry(key) {
            Entry::Occupied(mut entry) => entry.get_mut().after = after,
            Entry::Vacant(entry) => {
                let before = self.base.get_bytes(entry.key())?;
                entry.insert(Change { before, after });
            }
        }
        Ok(())
    }
}

impl<S: StateView> StateView for Overlay<S> {
    type Error = S::Error;

    fn get_bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, S::Error> {
        match self.delta.changes.get(key) {
            Some(change) => Ok(change.after.clone()),
            None => self.base.get_bytes(key),
        }
    }

    fn scan_bytes(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, S::Error> {
        let from = after.map_or(Bound::Included(prefix), Bound::Excluded);
        let changes = self
            .delta
            .changes
            .range::<[u8], _>((from, Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix));
        // Each entry removed here may hide one of the base's.
        let removed = changes
            .clone()
            .filter(|(_, change)| change.after.is_none())
            .count();
        let limit_of_base = limit.saturating_add(removed);
        let mut entries = BTreeMap::new();
        entries.extend(self.base.scan_bytes(prefix, after, limit_of_base)?);
        for (key, change) in changes {
            match &change.after {
                Some(value) => entries.insert(key.clone(), value.clone()),
                None => entries.remove(key),
            };
        }
        Ok(entries.into_iter().take(limit).collect())
    }

    fn corrupt(table: &'static str, key: &[u8]) -> S::Error {
        S::corrupt(table, key)
    }
}
