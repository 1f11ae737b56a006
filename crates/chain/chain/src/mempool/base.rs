//! The tip's state, as the mempool reads it.

use std::sync::{Arc, Mutex, PoisonError};

use bolao_ledger::StateView;
use bolao_store::{Reader, Snapshot, StoreError};

/// A snapshot that is taken when it is first read from and given back with [`Self::release`]. Held from tip to tip it
/// would keep the store from using pages again all that time. Whoever holds this reads one and the same tip.
#[derive(Clone, Debug)]
pub(super) struct Base {
    reader: Reader,
    held: Arc<Mutex<Option<Snapshot>>>,
}

impl Base {
    pub(super) fn new(reader: Reader) -> Self {
        Self {
            reader,
            held: Arc::default(),
        }
    }

    pub(super) fn release(&self) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&Snapshot) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *held {
            Some(snapshot) => read(snapshot),
            none => read(none.insert(self.reader.snapshot()?)),
        }
    }
}

impl StateView for Base {
    type Error = StoreError;

    fn get_bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|state| state.get_bytes(key))
    }

    fn scan_bytes(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        self.read(|state| state.scan_bytes(prefix, after, limit))
    }

    fn corrupt(table: &'static str, key: &[u8]) -> StoreError {
        Snapshot::corrupt(table, key)
    }
}
