//! What a block changes, and what was there before: applied forwards to commit, backwards to undo.

use std::collections::{BTreeMap, btree_map::Entry};

use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    account::AccountId,
    fixture::{FoldedCode, MatchNo},
    name::FoldedName,
    state::{Account, Bet, Match, Totals},
};

/// One entry of the state before and after; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Change<T> {
    /// What an undo restores.
    pub before: Option<T>,
    /// What a commit writes.
    pub after: Option<T>,
}

impl<T> Change<T> {
    /// Records a new value; the value before the first change is read once and kept.
    pub(crate) fn put<K: Ord, E>(
        changes: &mut BTreeMap<K, Self>,
        key: K,
        after: T,
        before: impl FnOnce() -> Result<Option<T>, E>,
    ) -> Result<(), E> {
        match changes.entry(key) {
            Entry::Occupied(mut entry) => entry.get_mut().after = Some(after),
            Entry::Vacant(entry) => {
                entry.insert(Self {
                    before: before()?,
                    after: Some(after),
                });
            }
        }
        Ok(())
    }

    fn inverted(self) -> Self {
        Self {
            before: self.after,
            after: self.before,
        }
    }
}

/// Everything that one block changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Delta {
    /// Accounts.
    pub accounts: BTreeMap<AccountId, Change<Account>>,
    /// Who bears which name.
    pub names: BTreeMap<FoldedName, Change<AccountId>>,
    /// Matches.
    pub matches: BTreeMap<MatchNo, Change<Match>>,
    /// Which match has which code.
    pub codes: BTreeMap<FoldedCode, Change<MatchNo>>,
    /// Standing bets.
    pub bets: BTreeMap<(MatchNo, AccountId), Change<Bet>>,
    /// Counts before and after, if they changed.
    pub totals: Option<(Totals, Totals)>,
}

impl Delta {
    /// The change that takes this one back.
    #[must_use]
    pub fn inverted(self) -> Self {
        fn all<K: Ord, V>(changes: BTreeMap<K, Change<V>>) -> BTreeMap<K, Change<V>> {
            changes
                .into_iter()
                .map(|(key, change)| (key, change.inverted()))
                .collect()
        }
        Self {
            accounts: all(self.accounts),
            names: all(self.names),
            matches: all(self.matches),
            codes: all(self.codes),
            bets: all(self.bets),
            totals: self.totals.map(|(before, after)| (after, before)),
        }
    }
}
