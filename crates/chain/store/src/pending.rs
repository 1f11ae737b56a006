//! Transactions waiting for a block: by arrival, by id, and by account and nonce.
//!
//! Arrival numbers rise, and none is given twice: whoever has read up to one goes on behind it, even if that transaction
//! has left since. The writer keeps to the mempool's limits.

use std::collections::BTreeMap;

use bolao_ledger::{
    AccountId, CheckedBlock, Nonce, StateView as _, Transaction, TxBody, TxId, encode,
};
use redb::{ReadableTable as _, ReadableTableMetadata as _};

use crate::{
    access::{Access, Tables, View, decoded},
    error::StoreError,
    schema::key,
};

impl<A: Access> View<A> {
    /// All transactions that wait, in the order in which they came.
    pub fn pending(&self) -> Result<Vec<Transaction>, StoreError> {
        let all = self.pending_after(None, usize::MAX)?;
        Ok(all
            .into_iter()
            .map(|(_, transaction)| transaction)
            .collect())
    }

    /// At most `limit` transactions that came after the one with this arrival number, the first of all for none, each
    /// with its own.
    pub fn pending_after(
        &self,
        sequence: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Transaction)>, StoreError> {
        let Some(first) = sequence.map_or(Some(0), |last| last.checked_add(1)) else {
            return Ok(Vec::new());
        };
        self.pending
            .range(first..)?
            .take(limit)
            .map(|entry| {
                let (sequence, bytes) = entry?;
                let sequence = sequence.value();
                Ok((sequence, decoded("pending", sequence, bytes.value())?))
            })
            .collect()
    }

    /// The ids of at most `limit` transactions that wait, in their own order.
    pub fn pending_ids(&self, limit: usize) -> Result<Vec<TxId>, StoreError> {
        self.pending_ids
            .iter()?
            .take(limit)
            .map(|entry| Ok(TxId(*entry?.0.value())))
            .collect()
    }

    /// A transaction that waits for a block.
    pub fn pending_transaction(&self, id: &TxId) -> Result<Option<Transaction>, StoreError> {
        let sequence = self.pending_ids.get(&id.0)?;
        sequence.map(|it| self.arrived(it.value())).transpose()
    }

    fn arrived(&self, sequence: u64) -> Result<Transaction, StoreError> {
        let guard = self.pending.get(sequence)?;
        let guard = guard.ok_or_else(|| StoreError::missing("pending", sequence))?;
        decoded("pending", sequence, guard.value())
    }

    /// The number of transactions that wait.
    pub fn pending_count(&self) -> Result<u64, StoreError> {
        Ok(self.pending.len()?)
    }

    /// An account's transactions that wait, in order of their nonces.
    pub fn pending_of(&self, account: &AccountId) -> Result<Vec<Transaction>, StoreError> {
        self.pending_up_to(account, Nonce(u64::MAX))
    }

    /// The same without those behind a gap in the nonces: they may never come into a block, and nobody has applied them.
    pub fn ready_of(&self, account: &AccountId) -> Result<Vec<Transaction>, StoreError> {
        match self.next_nonce(account)?.checked_sub(1) {
            Some(last) => self.pending_up_to(account, last),
            None => Ok(Vec::new()),
        }
    }

    fn pending_up_to(
        &self,
        account: &AccountId,
        last: Nonce,
    ) -> Result<Vec<Transaction>, StoreError> {
        let wanted = (&account.0, 0)..=(&account.0, last.0);
        self.pending_nonces
            .range::<(&[u8; 32], u64)>(wanted)?
            .map(|entry| self.arrived(entry?.1.value()))
            .collect()
    }

    /// The first nonce of an account that neither the chain nor a waiting transaction has: what its next transaction
    /// must carry to follow on. One that waits behind a gap does not count.
    pub fn next_nonce(&self, account: &AccountId) -> Result<Nonce, StoreError> {
        let mut next = self
            .account(account)?
            .map_or(Nonce::ZERO, |account| account.next_nonce);
        let waiting = (&account.0, next.0)..=(&account.0, u64::MAX);
        for entry in self.pending_nonces.range::<(&[u8; 32], u64)>(waiting)? {
            if entry?.0.value().1 != next.0 {
                break;
            }
            next = Nonce(next.0.saturating_add(1));
        }
        Ok(next)
    }
}

impl Tables<'_> {
    /// Adds a transaction after all that wait; one that is already waiting keeps its place. Another of the same account
    /// with the same nonce gives way.
    pub fn put_pending(&mut self, tx: &Transaction) -> Result<(), StoreError> {
        self.noting(|tables| {
            let id = tx.id();
            if tables.pending_ids.get(&id.0)?.is_some() {
                return Ok(());
            }
            let place = (&tx.body.account.0, tx.body.nonce.0);
            let other = tables.pending_nonces.get(place)?.map(|guard| guard.value());
            if let Some(sequence) = other {
                tables.remove_arrived(sequence)?;
            }
            let sequence: u64 = match tables.meta.get(key::ARRIVALS)? {
                Some(guard) => decoded("meta", key::ARRIVALS, guard.value())?,
                None => 0,
            };
            let next = encode(&sequence.saturating_add(1));
            tables.meta.insert(key::ARRIVALS, next.as_slice())?;
            tables.note_pending(&id)?;
            tables.pending.insert(sequence, encode(tx).as_slice())?;
            tables.pending_ids.insert(&id.0, sequence)?;
            tables.pending_nonces.insert(place, sequence)?;
            Ok(())
        })
    }

    /// Forgets a transaction that waits; one that does not is no error.
    pub fn remove_pending(&mut self, id: &TxId) -> Result<(), StoreError> {
        self.noting(|tables| {
            let sequence = tables.pending_ids.get(&id.0)?.map(|guard| guard.value());
            sequence.map_or(Ok(()), |sequence| tables.remove_arrived(sequence))
        })
    }

    /// Forgets what waits with a nonce that this block takes, behind a gap that was there before. What stood stays until the mempool
    /// has seen that its place is taken: even if the node stops in between.
    pub(crate) fn remove_passed(&mut self, block: &CheckedBlock) -> Result<(), StoreError> {
        if self.pending.is_empty()? {
            return Ok(());
        }
        let mut taken: BTreeMap<AccountId, (Nonce, Nonce)> = BTreeMap::new();
        for TxBody { account, nonce, .. } in block.get().transactions.iter().map(|it| &it.body) {
            let (first, last) = taken.entry(*account).or_insert((*nonce, *nonce));
            (*first, *last) = ((*first).min(*nonce), (*last).max(*nonce));
        }
        let mut passed = Vec::new();
        for (account, (first, last)) in taken {
            let mut stands = first.0;
            let range = (&account.0, first.0)..=(&account.0, last.0);
            for entry in self.pending_nonces.range::<(&[u8; 32], u64)>(range)? {
                let (place, sequence) = entry?;
                if place.value().1 == stands {
                    stands = stands.saturating_add(1);
                } else {
                    passed.push(sequence.value());
                }
            }
        }
        passed
            .into_iter()
            .try_for_each(|it| self.remove_arrived(it))
    }

    fn remove_arrived(&mut self, sequence: u64) -> Result<(), StoreError> {
        let transaction = self.arrived(sequence)?;
        self.pending.remove(sequence)?;
        let body = &transaction.body;
        let id = transaction.id();
        self.pending_ids.remove(&id.0)?;
        self.forget_waiting(&id)?;
        self.pending_nonces
            .remove((&body.account.0, body.nonce.0))?;
        Ok(())
    }
}
