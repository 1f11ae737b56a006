//! The entries of the state that a block writes, and those that its undo data brings back.

use bolao_ledger::{
    Account, AccountId, Bet, Change, Delta, FoldedCode, FoldedName, Match, MatchNo, Totals, encode,
};
use borsh::{BorshDeserialize, BorshSerialize};
use redb::{Key, Table, Value};

use crate::{access::Tables, error::StoreError, schema::key};

type Image<K, V> = Vec<(K, Option<V>)>;

/// Keys with the values that they are to have; `None` removes.
#[derive(BorshSerialize, BorshDeserialize)]
pub(crate) struct Images {
    accounts: Image<AccountId, Account>,
    names: Image<FoldedName, AccountId>,
    matches: Image<MatchNo, Match>,
    codes: Image<FoldedCode, MatchNo>,
    bets: Image<(MatchNo, AccountId), Bet>,
    totals: Option<Totals>,
}

impl Images {
    /// What a block leaves behind.
    pub(crate) fn after(delta: &Delta) -> Self {
        Self {
            accounts: changed(&delta.accounts, |change| &change.after),
            names: changed(&delta.names, |change| &change.after),
            matches: changed(&delta.matches, |change| &change.after),
            codes: changed(&delta.codes, |change| &change.after),
            bets: changed(&delta.bets, |change| &change.after),
            totals: delta.totals.map(|(_, after)| after),
        }
    }

    /// What a block replaced: its undo data.
    pub(crate) fn before(delta: &Delta) -> Self {
        Self {
            accounts: changed(&delta.accounts, |change| &change.before),
            names: changed(&delta.names, |change| &change.before),
            matches: changed(&delta.matches, |change| &change.before),
            codes: changed(&delta.codes, |change| &change.before),
            bets: changed(&delta.bets, |change| &change.before),
            totals: delta.totals.map(|(before, _)| before),
        }
    }
}

/// One side of every change that changes something.
fn changed<K: Clone, V: Clone + PartialEq>(
    changes: &std::collections::BTreeMap<K, Change<V>>,
    side: impl Fn(&Change<V>) -> &Option<V>,
) -> Image<K, V> {
    changes
        .iter()
        .filter(|(_, change)| change.before != change.after)
        .map(|(key, change)| (key.clone(), side(change).clone()))
        .collect()
}

fn set<K: Key + 'static, V: Value + 'static>(
    table: &mut Table<'_, K, V>,
    key: K::SelfType<'_>,
    value: Option<V::SelfType<'_>>,
) -> Result<(), StoreError> {
    match value {
        Some(value) => drop(table.insert(key, value)?),
        None => drop(table.remove(key)?),
    }
    Ok(())
}

impl Tables<'_> {
    pub(crate) fn write_images(&mut self, images: &Images) -> Result<(), StoreError> {
        for (id, account) in &images.accounts {
            let bytes = account.as_ref().map(encode);
            set(&mut self.accounts, &id.0, bytes.as_deref())?;
        }
        for (name, id) in &images.names {
            set(&mut self.names, name.as_str(), id.as_ref().map(|id| &id.0))?;
        }
        for (no, game) in &images.matches {
            let bytes = game.as_ref().map(encode);
            set(&mut self.matches, no.0, bytes.as_deref())?;
        }
        for (code, no) in &images.codes {
            set(&mut self.codes, code.as_str(), no.map(|no| no.0))?;
        }
        for ((no, id), bet) in &images.bets {
            let bytes = bet.as_ref().map(encode);
            set(&mut self.bets_by_match, (no.0, &id.0), bytes.as_deref())?;
            set(
                &mut self.bets_by_account,
                (&id.0, no.0),
                bet.is_some().then_some(()),
            )?;
        }
        if let Some(totals) = &images.totals {
            self.meta.insert(key::TOTALS, encode(totals).as_slice())?;
        }
        Ok(())
    }
}
