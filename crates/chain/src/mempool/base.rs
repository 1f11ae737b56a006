//! The tip's state, as the mempool reads it.

use std::sync::{Arc, Mutex, PoisonError};

use bolao_ledger::{
    Account, AccountId, Bet, FoldedCode, FoldedName, Match, MatchNo, StateView, Totals,
};
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

    fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        self.read(|state| state.account(id))
    }

    fn name_owner(&self, name: &FoldedName) -> Result<Option<AccountId>, StoreError> {
        self.read(|state| state.name_owner(name))
    }

    fn match_by_no(&self, no: MatchNo) -> Result<Option<Match>, StoreError> {
        self.read(|state| state.match_by_no(no))
    }

    fn match_by_code(&self, code: &FoldedCode) -> Result<Option<MatchNo>, StoreError> {
        self.read(|state| state.match_by_code(code))
    }

    fn bet(&self, no: MatchNo, account: &AccountId) -> Result<Option<Bet>, StoreError> {
        self.read(|state| state.bet(no, account))
    }

    fn totals(&self) -> Result<Totals, StoreError> {
        self.read(StateView::totals)
    }

    fn match_count(&self) -> Result<u64, StoreError> {
        self.read(StateView::match_count)
    }
}
