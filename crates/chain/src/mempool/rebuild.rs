//! Everything anew on another tip.

use bolao_ledger::{BlockContext, CheckedTransaction, Overlay, Reason, TxId};
use bolao_store::{Reader, Snapshot, StoreError};

use super::{Entry, Mempool};
use crate::io::Rejection;

/// A transaction that waits no more.
#[derive(Clone, Debug)]
pub(crate) struct Dropped {
    pub(crate) id: TxId,
    /// What it contradicts; none if the chain holds it.
    pub(crate) reason: Option<Rejection>,
}

impl Mempool {
    /// Applies what came back from a lost branch, in the order of its blocks, and then what waited, in the order of
    /// arrival, to another tip. Says what is gone.
    pub(crate) fn rebuild(
        &mut self,
        reader: &Reader,
        context: BlockContext,
        returned: Vec<CheckedTransaction>,
    ) -> Result<Vec<Dropped>, StoreError> {
        let mut waiting: Vec<Entry> = std::mem::take(&mut self.entries).into_values().collect();
        waiting.sort_unstable_by_key(|entry| entry.arrival);
        self.accounts.clear();
        self.ready.clear();
        self.bytes = 0;
        self.digest = [0; 32];
        self.overlay = Overlay::new(reader.snapshot()?);
        self.context = context;
        let chain = reader.snapshot()?;
        let mut dropped = Vec::new();
        for transaction in returned
            .into_iter()
            .chain(waiting.into_iter().map(|entry| entry.transaction))
        {
            self.readmit(&chain, transaction, &mut dropped)?;
        }
        Ok(dropped)
    }

    fn readmit(
        &mut self,
        chain: &Snapshot,
        transaction: CheckedTransaction,
        dropped: &mut Vec<Dropped>,
    ) -> Result<(), StoreError> {
        let id = transaction.id();
        if self.entries.contains_key(&id) {
            return Ok(());
        }
        let body = &transaction.get().body;
        let (account, nonce) = (body.account, body.nonce);
        let wanted = self.next_nonce(&account)?;
        let taken = self
            .accounts
            .get(&account)
            .is_some_and(|queue| queue.contains_key(&nonce));
        let reason = if chain.transaction(&id)?.is_some() {
            None
        } else if nonce < wanted || taken {
            Some(Rejection::new(
                Reason::BadNonce,
                format!("another transaction of {account} took the nonce {nonce}"),
            ))
        } else if self.is_full(transaction.encoded_bytes(), true) {
            Some(Rejection::new(
                Reason::MempoolFull,
                "more transactions came back from a lost branch than may wait",
            ))
        } else if nonce > wanted {
            self.insert(transaction, false);
            return Ok(());
        } else {
            match self.apply(&transaction)? {
                Ok(()) => {
                    self.insert(transaction, true);
                    dropped.extend(self.promote(account)?);
                    return Ok(());
                }
                Err(rejection) => Some(rejection),
            }
        };
        dropped.push(Dropped { id, reason });
        Ok(())
    }
}
