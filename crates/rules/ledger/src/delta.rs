//! What a block changes, and what was there before: applied forwards to commit, backwards to undo.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    codec::decode,
    state::{StateKey as _, Table},
};

/// One entry's bytes before and after; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Change {
    /// The entry's bytes before, which an undo restores.
    pub before: Option<Vec<u8>>,
    /// The entry's bytes after, which a commit writes.
    pub after: Option<Vec<u8>>,
}

/// Everything that one block changes, by the keys' bytes ([`crate::table::key_bytes`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Delta {
    /// The changes, in the keys' order.
    pub changes: BTreeMap<Vec<u8>, Change>,
}

/// One entry of a table before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed<K, V> {
    /// The key that the entry is found by.
    pub key: K,
    /// `None` if it is new.
    pub before: Option<V>,
    /// `None` if it is gone.
    pub after: Option<V>,
}

impl Delta {
    /// Gives the changes of one table, in the keys' order. An entry that cannot be read is left out: the ledger wrote none.
    pub fn of<T: Table>(&self) -> impl Iterator<Item = Changed<T::Key, T::Value>> {
        let read = |value: &Option<Vec<u8>>| value.as_ref().and_then(|bytes| decode(bytes).ok());
        let changes = self.changes.range(vec![T::ID]..);
        changes
            .take_while(|(key, _)| key.first() == Some(&T::ID))
            .filter_map(move |(key, change)| {
                let key = T::Key::read(&mut key.get(1..)?)?;
                let (before, after) = (read(&change.before), read(&change.after));
                Some(Changed { key, before, after })
            })
    }
}
