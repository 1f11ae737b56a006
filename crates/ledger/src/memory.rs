//! A state in memory: what an audit replays into, and what tests run on.

use std::{collections::BTreeMap, convert::Infallible};

use crate::{
    account::AccountId,
    delta::{Change, Delta},
    fixture::{FoldedCode, MatchNo},
    name::FoldedName,
    state::{Account, Bet, Match, StateView, Totals},
};

/// A whole state in ordered maps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct MemoryState {
    pub accounts: BTreeMap<AccountId, Account>,
    pub names: BTreeMap<FoldedName, AccountId>,
    pub matches: BTreeMap<MatchNo, Match>,
    pub codes: BTreeMap<FoldedCode, MatchNo>,
    pub bets: BTreeMap<(MatchNo, AccountId), Bet>,
    pub totals: Totals,
}

impl MemoryState {
    /// Writes what a delta changes.
    pub fn commit(&mut self, delta: &Delta) {
        fn all<K: Ord + Clone, V: Clone>(
            table: &mut BTreeMap<K, V>,
            changes: &BTreeMap<K, Change<V>>,
        ) {
            for (key, change) in changes {
                match &change.after {
                    Some(value) => table.insert(key.clone(), value.clone()),
                    None => table.remove(key),
                };
            }
        }
        all(&mut self.accounts, &delta.accounts);
        all(&mut self.names, &delta.names);
        all(&mut self.matches, &delta.matches);
        all(&mut self.codes, &delta.codes);
        all(&mut self.bets, &delta.bets);
        if let Some((_, after)) = delta.totals {
            self.totals = after;
        }
    }
}

impl StateView for MemoryState {
    type Error = Infallible;

    fn account(&self, id: &AccountId) -> Result<Option<Account>, Infallible> {
        Ok(self.accounts.get(id).cloned())
    }

    fn name_owner(&self, name: &FoldedName) -> Result<Option<AccountId>, Infallible> {
        Ok(self.names.get(name).copied())
    }

    fn match_by_no(&self, no: MatchNo) -> Result<Option<Match>, Infallible> {
        Ok(self.matches.get(&no).cloned())
    }

    fn match_by_code(&self, code: &FoldedCode) -> Result<Option<MatchNo>, Infallible> {
        Ok(self.codes.get(code).copied())
    }

    fn bet(&self, no: MatchNo, account: &AccountId) -> Result<Option<Bet>, Infallible> {
        Ok(self.bets.get(&(no, *account)).copied())
    }

    fn totals(&self) -> Result<Totals, Infallible> {
        Ok(self.totals)
    }

    fn match_count(&self) -> Result<u64, Infallible> {
        Ok(u64::try_from(self.matches.len()).unwrap_or(u64::MAX))
    }
}
