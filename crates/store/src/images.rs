//! What a block does to the state, and its undo data: what cannot be told from the state that the block left.
//!
//! Undo data names the tables that the block changed, then every entry in the order of the keys:
//! - its key: how many bytes it shares with the key before, and the rest, in which an account that stood in an earlier
//!   key is a number;
//! - what was there: nothing, whole bytes, the runs of bytes in which it differed from what is there now, or how many
//!   bytes it began with of what is there now, and the rest.
//!
//! All numbers are variable-length.

use std::collections::HashMap;

use bolao_ledger::{Delta, StateView as _};

use crate::{
    access::Tables,
    compact::{Bytes, put, put_bytes, put_length},
    error::StoreError,
};

/// How the rest of a key, or what an entry was, is written.
mod kind {
    /// A key's rest: as it is.
    pub(super) const PLAIN: u64 = 0;
    /// A key's rest: 32 bytes that stood in an earlier key, then more.
    pub(super) const ACCOUNT_FIRST: u64 = 1;
    /// A key's rest: more, then 32 bytes that stood in an earlier key.
    pub(super) const ACCOUNT_LAST: u64 = 2;
    /// An entry: there was none.
    pub(super) const NOTHING: u64 = 0;
    /// An entry: these bytes.
    pub(super) const WHOLE: u64 = 1;
    /// An entry: as long as now, and different in these runs.
    pub(super) const RUNS: u64 = 2;
    /// An entry: so many of the bytes that are there now, then these.
    pub(super) const BEGINNING: u64 = 3;
}

/// The accounts that stood in keys, by number and by bytes.
#[derive(Default)]
struct Accounts {
    known: Vec<[u8; 32]>,
    numbers: HashMap<[u8; 32], usize>,
}

impl Accounts {
    /// Remembers what may be an account in a key: all keys of the ledger that hold one end with it or have it right
    /// after the table.
    fn learn(&mut self, key: &[u8]) {
        let first = key.get(1..33).and_then(<[u8]>::first_chunk);
        // Of a table and an account alone they are the same.
        let last = key.last_chunk().filter(|_| key.len() != 33);
        for run in [first, last].into_iter().flatten() {
            let next = self.known.len();
            self.numbers.entry(*run).or_insert_with(|| {
                self.known.push(*run);
                next
            });
        }
    }

    fn number(&self, run: Option<&[u8; 32]>) -> Option<usize> {
        self.numbers.get(run?).copied()
    }
}

/// The keys that undo data is told apart by, and the one before.
#[derive(Default)]
struct Keys {
    accounts: Accounts,
    last: Vec<u8>,
}

impl Keys {
    fn write(&mut self, key: &[u8], out: &mut Vec<u8>) {
        let shared = shared(&self.last, key);
        let rest = key.get(shared..).unwrap_or_default();
        put_length(out, shared);
        if let Some(number) = self.accounts.number(rest.first_chunk()) {
            put(out, kind::ACCOUNT_FIRST);
            put_length(out, number);
            put_bytes(out, rest.get(32..).unwrap_or_default());
        } else if let Some(number) = self.accounts.number(rest.last_chunk()) {
            put(out, kind::ACCOUNT_LAST);
            put_length(out, number);
            let before = rest.len().saturating_sub(32);
            put_bytes(out, rest.get(..before).unwrap_or_default());
        } else {
            put(out, kind::PLAIN);
            put_bytes(out, rest);
        }
        self.next(key.to_vec());
    }

    fn read(&mut self, bytes: &mut Bytes<'_>) -> Option<Vec<u8>> {
        let shared = bytes.length()?;
        let mut key = self.last.get(..shared)?.to_vec();
        match bytes.number()? {
            kind::PLAIN => key.extend(bytes.bytes()?),
            kind::ACCOUNT_FIRST => {
                key.extend(self.accounts.known.get(bytes.length()?)?);
                key.extend(bytes.bytes()?);
            }
            kind::ACCOUNT_LAST => {
                let account = *self.accounts.known.get(bytes.length()?)?;
                key.extend(bytes.bytes()?);
                key.extend(account);
            }
            _ => return None,
        }
        self.next(key.clone());
        Some(key)
    }

    fn next(&mut self, key: Vec<u8>) {
        self.accounts.learn(&key);
        self.last = key;
    }
}

/// How many bytes both begin with.
fn shared(one: &[u8], other: &[u8]) -> usize {
    let pairs = one.iter().zip(other);
    pairs.take_while(|(one, other)| one == other).count()
}

/// The undo data of a block, whose delta holds nothing that stayed as it was.
pub(crate) fn undo_bytes(delta: &Delta) -> Vec<u8> {
    let tables = delta.changes.keys().filter_map(|key| key.first().copied());
    let mut tables: Vec<u8> = tables.collect();
    tables.dedup();
    let mut out = Vec::new();
    put_bytes(&mut out, &tables);
    let mut keys = Keys::default();
    for (key, change) in &delta.changes {
        keys.write(key, &mut out);
        match (&change.before, &change.after) {
            (None, _) => put(&mut out, kind::NOTHING),
            (Some(before), Some(after)) if before.len() == after.len() => {
                put(&mut out, kind::RUNS);
                put_runs(&mut out, before, after);
            }
            (Some(before), Some(after)) => {
                let shared = shared(before, after);
                put(&mut out, kind::BEGINNING);
                put_length(&mut out, shared);
                put_bytes(&mut out, before.get(shared..).unwrap_or_default());
            }
            (Some(before), None) => {
                put(&mut out, kind::WHOLE);
                put_bytes(&mut out, before);
            }
        }
    }
    out
}

/// Where two values of one length differ: how many bytes are skipped, and what stood after them; ends with no bytes.
fn put_runs(out: &mut Vec<u8>, before: &[u8], after: &[u8]) {
    let differs: Vec<bool> = before.iter().zip(after).map(|(b, a)| b != a).collect();
    let mut at = 0;
    while let Some(skip) = differs.iter().skip(at).position(|differs| *differs) {
        let start = at + skip;
        let length = differs.iter().skip(start).take_while(|it| **it).count();
        at = start + length;
        put_length(out, skip);
        put_bytes(out, before.get(start..at).unwrap_or_default());
    }
    put_length(out, 0);
    put_length(out, 0);
}

fn read_runs(bytes: &mut Bytes<'_>, mut value: Vec<u8>) -> Option<Vec<u8>> {
    let mut at = 0_usize;
    loop {
        at = at.checked_add(bytes.length()?)?;
        let run = bytes.bytes()?;
        if run.is_empty() {
            return Some(value);
        }
        let end = at.checked_add(run.len())?;
        value.get_mut(at..end)?.copy_from_slice(run);
        at = end;
    }
}

fn read_beginning(bytes: &mut Bytes<'_>, mut value: Vec<u8>) -> Option<Vec<u8>> {
    let shared = bytes.length().filter(|shared| *shared <= value.len())?;
    value.truncate(shared);
    value.extend(bytes.bytes()?);
    Some(value)
}

/// The tables that a block changed, by the first bytes of their keys.
pub(crate) fn changed_tables(undo: &[u8]) -> Option<Vec<u8>> {
    Some(Bytes(undo).bytes()?.to_vec())
}

fn unreadable(reason: &str) -> StoreError {
    StoreError::corrupt("undo", "the tip", reason)
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
        let short = || unreadable("it does not decode");
        let mut bytes = Bytes(undo);
        bytes.bytes().ok_or_else(short)?;
        let mut keys = Keys::default();
        while !bytes.0.is_empty() {
            let key = keys.read(&mut bytes).ok_or_else(short)?;
            let before = match bytes.number().ok_or_else(short)? {
                kind::NOTHING => None,
                kind::WHOLE => Some(bytes.bytes().ok_or_else(short)?.to_vec()),
                how @ (kind::RUNS | kind::BEGINNING) => {
                    let after = self
                        .get_bytes(&key)?
                        .ok_or_else(|| unreadable("the entry that it changes is not there"))?;
                    let read = if how == kind::RUNS {
                        read_runs
                    } else {
                        read_beginning
                    };
                    Some(read(&mut bytes, after).ok_or_else(short)?)
                }
                _ => return Err(short()),
            };
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

    use bolao_ledger::{Change, Genesis};
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
