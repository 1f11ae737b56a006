//! A state in memory: what an audit replays into, and what tests run on.

use std::{collections::BTreeMap, ops::Bound};

use thiserror::Error;

use crate::{
    delta::Delta,
    state::{StateView, Table, table_name},
};

/// A whole state in an ordered map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryState {
    /// Every entry by its key's bytes ([`crate::table::key_bytes`]).
    pub entries: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// An entry that does not decode.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("got an entry of {table} that does not decode")]
pub struct CorruptEntry {
    table: &'static str,
}

impl MemoryState {
    /// Writes what a delta changes.
    pub fn commit(&mut self, delta: &Delta) {
        for (key, change) in &delta.changes {
            match &change.after {
                Some(value) => self.entries.insert(key.clone(), value.clone()),
                None => self.entries.remove(key),
            };
        }
    }

    /// A whole table.
    pub fn table<T: Table>(&self) -> Result<BTreeMap<T::Key, T::Value>, CorruptEntry> {
        Ok(self.scan::<T>(&(), None, usize::MAX)?.into_iter().collect())
    }
}

impl StateView for MemoryState {
    type Error = CorruptEntry;

    fn get_bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, CorruptEntry> {
        Ok(self.entries.get(key).cloned())
    }

    fn scan_bytes(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, CorruptEntry> {
        let from = after.map_or(Bound::Included(prefix), Bound::Excluded);
        Ok(self
            .entries
            .range::<[u8], _>((from, Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix))
            .take(limit)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect())
    }

    fn corrupt(_: &'static str, key: &[u8]) -> CorruptEntry {
        CorruptEntry {
            table: table_name(key),
        }
    }
}
