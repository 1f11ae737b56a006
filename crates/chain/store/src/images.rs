//! What a block does to the state, and its undo data: the entries that it changed, as they were before.
//!
//! Undo data begins with the tables that the block changed, so that they can be read alone. The entries follow in the order of their
//! keys, compressed: most of a key, and most of an entry, stands in another one.

use bolao_ledger::Delta;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    access::Tables,
    compact::{Bytes, put_bytes},
    error::StoreError,
};

/// LZ4 makes at most so many bytes of one.
const MOST_BYTES_OF_ONE: usize = 255;

/// An entry of the state before a block.
#[derive(BorshSerialize, BorshDeserialize)]
struct Entry {
    key: Vec<u8>,
    before: Option<Vec<u8>>,
}

/// The tables that a block changed, by the first bytes of their keys.
pub(crate) fn tables_of(delta: &Delta) -> Vec<u8> {
    let tables = delta.changes.keys().filter_map(|key| key.first().copied());
    let mut tables: Vec<u8> = tables.collect();
    tables.dedup();
    tables
}

/// The undo data of a block, whose delta holds nothing that stayed as it was.
pub(crate) fn undo_bytes(delta: &Delta) -> Vec<u8> {
    let mut entries = Vec::new();
    for (key, change) in &delta.changes {
        (key, &change.before)
            .serialize(&mut entries)
            .expect("a vector takes all that is written");
    }
    let mut out = Vec::new();
    put_bytes(&mut out, &tables_of(delta));
    out.extend(lz4_flex::compress_prepend_size(&entries));
    out
}

/// The tables that a block changed, by the first bytes of their keys.
pub(crate) fn changed_tables(undo: &[u8]) -> Option<Vec<u8>> {
    Some(Bytes(undo).bytes()?.to_vec())
}

/// The entries in undo data; `None` where it is none.
fn entries(undo: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Bytes(undo);
    rest.bytes()?;
    let length = usize::try_from(u32::from_le_bytes(*rest.0.first_chunk()?)).ok()?;
    if length > rest.0.len().saturating_mul(MOST_BYTES_OF_ONE) {
        return None;
    }
    lz4_flex::decompress_size_prepended(rest.0).ok()
}

fn unreadable() -> StoreError {
    StoreError::corrupt("undo", "the tip", "it does not decode")
}

impl Tables<'_> {
    /// Writes what a block leaves behind.
    pub(crate) fn write_changes(&mut self, delta: &Delta) -> Result<(), StoreError> {
        for (key, change) in &delta.changes {
            self.write_entry(key, change.after.as_deref())?;
        }
        Ok(())
    }

    /// Takes a block's changes back, on the state that it left.
    pub(crate) fn write_undo(&mut self, undo: &[u8]) -> Result<(), StoreError> {
        let entries = entries(undo).ok_or_else(unreadable)?;
        let mut rest = entries.as_slice();
        while !rest.is_empty() {
            let Entry { key, before } = Entry::deserialize(&mut rest).map_err(|_| unreadable())?;
            self.keep_taken_back(&key)?;
            self.write_entry(&key, before.as_deref())?;
        }
        Ok(())
    }

    /// Writes an entry of the state that no block made.
    #[cfg(feature = "testing")]
    pub fn write_state(&mut self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.write_entry(key, Some(value))
    }

    fn write_entry(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError> {
        match value {
            Some(value) => drop(self.state.insert(key, value)?),
            None => drop(self.state.remove(key)?),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::{Change, Genesis, StateView as _};
    use proptest::prelude::*;

    use super::*;
    use crate::{Durability, Store};

    /// Keys as the ledger makes them: accounts at the front and at the end, of few players, and texts.
    fn key() -> impl Strategy<Value = Vec<u8>> {
        let account = (0_u8..4).prop_map(|who| vec![who; 32]);
        let part = prop::collection::vec(any::<u8>(), 0..40);
        (13_u8..18, account, part, 0..3).prop_map(|(table, account, part, shape)| match shape {
            0 => [vec![table], account, part].concat(),
            1 => [vec![table], part, account].concat(),
            _ => [vec![table], part].concat(),
        })
    }

    fn value() -> impl Strategy<Value = Option<Vec<u8>>> {
        prop::option::of(prop::collection::vec(0_u8..3, 0..30))
    }

    proptest! {
        #[test]
        fn what_a_block_did_is_undone(
            entries in prop::collection::btree_map(key(), (value(), value()), 0..40)
        ) {
            let mut store = Store::in_memory(&Genesis::article()).unwrap();
            let mut delta = Delta::default();
            for (key, (before, after)) in entries {
                if before != after {
                    delta.changes.insert(key, Change { before, after });
                }
            }
            let fail = |error: StoreError| TestCaseError::fail(error.to_string());
            let mut before = Delta::default();
            for (key, change) in &delta.changes {
                let change = Change { before: None, after: change.before.clone() };
                before.changes.insert(key.clone(), change);
            }
            store
                .write::<_, StoreError>(Durability::Volatile, |tables| tables.write_changes(&before))
                .map_err(fail)?;
            let old = store.reader().snapshot().unwrap().memory_state_bytes();
            let undo = undo_bytes(&delta);
            let mut tables: Vec<u8> = delta.changes.keys().map(|key| key[0]).collect();
            tables.dedup();
            prop_assert_eq!(changed_tables(&undo).unwrap(), tables);
            store
                .write::<_, StoreError>(Durability::Volatile, |tables| {
                    tables.write_changes(&delta)?;
                    tables.write_undo(&undo)
                })
                .map_err(fail)?;
            prop_assert_eq!(store.reader().snapshot().unwrap().memory_state_bytes(), old);
        }

        /// Damaged undo data is an error and no panic.
        #[test]
        fn damaged_undo_data_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut store = Store::in_memory(&Genesis::article()).unwrap();
            let _ = store.write::<_, StoreError>(Durability::Volatile, |tables| {
                tables.write_undo(&bytes)
            });
        }
    }

    impl crate::Snapshot {
        fn memory_state_bytes(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
            self.scan_bytes(&[], None, usize::MAX).unwrap()
        }
    }
}
