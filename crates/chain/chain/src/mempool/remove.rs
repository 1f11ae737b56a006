//! What leaves without a block.

use std::ops::Bound;

use bolao_ledger::{AccountId, CheckedTransaction, Nonce, Reason, TxId};

use super::{Entry, Mempool, Standing};
use crate::io::Rejection;

/// A transaction that waits no more.
#[derive(Clone, Debug)]
pub(crate) struct Dropped {
    pub(crate) transaction: CheckedTransaction,
    /// The reason: what it contradicts; none if the chain holds it.
    pub(crate) reason: Option<Rejection>,
    pub(crate) past: Past,
}

/// The past of a transaction: what it was before it was applied anew, or dropped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past {
    /// Whether it was given here and was in no block, so that its owner is to be told.
    pub(crate) own: bool,
    /// Whether a block could have held it: all before it were there.
    pub(crate) stood: bool,
}

impl Past {
    /// Of one that never stood.
    pub(crate) const fn waited(own: bool) -> Self {
        Self { own, stood: false }
    }
}

impl Mempool {
    /// When there may be something to give up.
    pub(crate) fn next_expiry(&self) -> Option<u64> {
        let since = self.waits_since_ms?;
        Some(since.saturating_add(self.bounds.gap_timeout_ms))
    }

    /// Gives up what has waited too long for a transaction with a lower nonce.
    pub(crate) fn expire(&mut self, now_ms: u64) -> Vec<Dropped> {
        if self.next_expiry().is_none_or(|at| at > now_ms) {
            return Vec::new();
        }
        let timeout = self.bounds.gap_timeout_ms;
        let late: Vec<_> = self
            .entries
            .values()
            .filter(|entry| match entry.standing {
                Standing::Ready => false,
                Standing::Waits { since_ms, .. } => now_ms.saturating_sub(since_ms) >= timeout,
            })
            .map(|entry| {
                let body = &entry.transaction.get().body;
                (body.account, body.nonce)
            })
            .collect();
        let mut dropped = Vec::new();
        for (account, nonce) in late {
            let message = format!(
                "{} seconds have passed, and the transaction of {account} before the nonce {nonce} has not come",
                timeout / 1_000
            );
            self.drop_from(Bound::Included(nonce), account, &message, &mut dropped);
        }
        for item in &dropped {
            self.forgotten.put(item.transaction.id(), now_ms);
        }
        let left = self
            .entries
            .values()
            .filter_map(|entry| match entry.standing {
                Standing::Ready => None,
                Standing::Waits { since_ms, .. } => Some(since_ms),
            });
        self.waits_since_ms = left.min();
        dropped
    }

    /// Drops what waits behind a transaction that is gone.
    pub(super) fn drop_behind(
        &mut self,
        account: AccountId,
        nonce: Nonce,
        dropped: &mut Vec<Dropped>,
    ) {
        let message = behind(account, nonce);
        let first = dropped.len();
        self.drop_from(Bound::Excluded(nonce), account, &message, dropped);
        for item in dropped.iter().skip(first) {
            self.forgotten.put(item.transaction.id(), self.now_ms);
        }
    }

    fn drop_from(
        &mut self,
        from: Bound<Nonce>,
        account: AccountId,
        message: &str,
        dropped: &mut Vec<Dropped>,
    ) {
        let Some(queue) = self.accounts.get(&account) else {
            return;
        };
        let ids: Vec<TxId> = queue
            .range((from, Bound::Unbounded))
            .map(|(_, id)| *id)
            .collect();
        for id in ids {
            let reason = Some(Rejection::new(Reason::BadNonce, message));
            dropped.extend(self.remove_waiting(&id).map(|entry| Dropped {
                transaction: entry.transaction,
                reason,
                past: Past::waited(entry.own),
            }));
        }
    }

    /// Forgets one that is not ready.
    pub(super) fn remove_waiting(&mut self, id: &TxId) -> Option<Entry> {
        let entry = self.entries.remove(id)?;
        if let Standing::Waits { newcomer: true, .. } = entry.standing {
            self.newcomers = self.newcomers.saturating_sub(1);
        }
        let body = &entry.transaction.get().body;
        if let Some(queue) = self.accounts.get_mut(&body.account) {
            queue.remove(&body.nonce);
            if queue.is_empty() {
                self.accounts.remove(&body.account);
            }
        }
        self.bytes = self.bytes.saturating_sub(entry.transaction.encoded_bytes());
        self.flip(id);
        Some(entry)
    }
}

/// Why what waits behind a transaction goes with it.
pub(super) fn behind(account: AccountId, nonce: Nonce) -> String {
    format!("it builds on the transaction of {account} with the nonce {nonce}, which was dropped")
}
