//! Reads of the state: what the rules ask for, lists by page, and a walk over all of it.

use std::ops::Bound;

use bolao_ledger::{
    Account, AccountId, Bet, Match, MatchNo, MemoryState, StateView, Visit,
    table::{Accounts, Bets, Matches, describe_key},
};
use redb::ReadableTable as _;

use crate::{
    access::{Access, View},
    error::StoreError,
    quiet::quietly,
};

/// Turns redb's panics over a damaged page (offsets past its end, as of 4.4) into an error.
fn undamaged<T>(read: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    // A read changes nothing that could be left half done.
    quietly(read)
        .unwrap_or_else(|| Err(StoreError::corrupt("state", "a page", "redb gave up on it")))
}

impl<A: Access> StateView for View<A> {
    type Error = StoreError;

    fn get_bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        undamaged(|| Ok(self.state.get(key)?.map(|guard| guard.value().to_vec())))
    }

    fn scan_bytes(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let from = after.map_or(Bound::Included(prefix), Bound::Excluded);
        undamaged(|| {
            let mut entries = Vec::new();
            for entry in self.state.range::<&[u8]>((from, Bound::Unbounded))? {
                let (key, value) = entry?;
                if entries.len() >= limit || !key.value().starts_with(prefix) {
                    break;
                }
                entries.push((key.value().to_vec(), value.value().to_vec()));
            }
            Ok(entries)
        })
    }

    fn walk_bytes(
        &self,
        prefix: &[u8],
        visit: &mut Visit<'_, StoreError>,
    ) -> Result<(), StoreError> {
        self.walk(prefix, visit)
    }

    fn corrupt(table: &'static str, key: &[u8]) -> StoreError {
        StoreError::undecodable(table, describe_key(key))
    }
}

impl<A: Access> View<A> {
    /// Visits every entry whose key begins with `prefix`, in the keys' order: for whole tables, or the whole state, of
    /// which [`StateView::scan_bytes`] would make copies.
    pub fn walk<E: From<StoreError>>(
        &self,
        prefix: &[u8],
        mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut entries = undamaged(|| Ok(self.state.range(prefix..)?))?;
        while let Some((key, value)) = undamaged(|| Ok(entries.next().transpose()?))? {
            if !key.value().starts_with(prefix) {
                break;
            }
            visit(key.value(), value.value())?;
        }
        Ok(())
    }

    /// At most `limit` accounts after `after`, in order of their keys.
    pub fn accounts(
        &self,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<(AccountId, Account)>, StoreError> {
        self.scan::<Accounts>(&(), after.as_ref(), limit)
    }

    /// Every match, in order of numbers; genesis bounds how many there are.
    pub fn matches(&self) -> Result<Vec<Match>, StoreError> {
        let matches = self.scan::<Matches>(&(), None, usize::MAX)?;
        Ok(matches.into_iter().map(|(_, game)| game).collect())
    }

    /// At most `limit` bets on a match by accounts after `after`, in order of accounts.
    pub fn bets_of_match(
        &self,
        no: MatchNo,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<(AccountId, Bet)>, StoreError> {
        let after = after.map(|id| (no, id));
        let bets = self.scan::<Bets>(&no, after.as_ref(), limit)?;
        Ok(bets.into_iter().map(|((_, id), bet)| (id, bet)).collect())
    }

    /// At most `limit` bets of an account on matches after `after`, in order of match numbers.
    pub fn bets_of_account(
        &self,
        account: &AccountId,
        after: Option<MatchNo>,
        limit: usize,
    ) -> Result<Vec<(MatchNo, Bet)>, StoreError> {
        self.matches_of(account, after, limit)?
            .into_iter()
            .map(|no| {
                let bet = self.bet(no, account)?;
                let key = format!("({no}, {account})");
                Ok((no, bet.ok_or_else(|| StoreError::missing("Bets", key))?))
            })
            .collect()
    }

    /// The whole state in memory, for tests.
    pub fn memory_state(&self) -> Result<MemoryState, StoreError> {
        let mut state = MemoryState::default();
        self.walk(&[], |key, value| {
            state.entries.insert(key.to_vec(), value.to_vec());
            Ok::<_, StoreError>(())
        })?;
        Ok(state)
    }
}
