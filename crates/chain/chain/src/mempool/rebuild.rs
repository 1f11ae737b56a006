//! Everything anew on another tip.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{AccountId, BlockContext, CheckedTransaction, Nonce, Overlay, Reason, TxId};
use bolao_store::{Snapshot, StoreError};

use super::{Base, Dropped, Entry, Mempool, Past, Standing, remove::behind};
use crate::{
    admission::Admission,
    changes::NextChange,
    error::{AdmitError, settled},
    io::Rejection,
    looks::Looks,
};

/// The transactions that come back to wait again.
#[derive(Debug, Default)]
pub(crate) struct Returned {
    pub(crate) transactions: Vec<CheckedTransaction>,
    /// Those that were given here and were in no block.
    pub(crate) own: BTreeSet<TxId>,
}

/// The findings of a rebuild as it goes.
struct Findings {
    chain: Snapshot,
    /// Accounts whose transaction with this nonce was dropped: those behind it go too.
    broken: BTreeMap<AccountId, Nonce>,
    dropped: Vec<Dropped>,
}

impl Mempool {
    /// Applies what came back, from a lost branch in the order of its blocks or from the disk, and then what waited, in the
    /// order of arrival, to another tip. Says what is gone.
    pub(crate) fn rebuild(
        &mut self,
        context: BlockContext,
        now_ms: u64,
        returned: Returned,
    ) -> Result<Vec<Dropped>, StoreError> {
        let mut waiting: Vec<Entry> = std::mem::take(&mut self.entries).into_values().collect();
        waiting.sort_unstable_by_key(|entry| entry.arrival);
        self.accounts.clear();
        self.ready.clear();
        self.newcomers = 0;
        self.bytes = 0;
        self.digest = [0; 32];
        self.waits_since_ms = None;
        self.base = Base::new(self.reader.clone());
        self.overlay = Overlay::new(self.base.clone());
        self.context = context;
        self.changes = NextChange::after(context.time);
        self.looks = Looks::default();
        self.now_ms = now_ms;
        let Returned { transactions, own } = returned;
        if waiting.is_empty() && transactions.is_empty() {
            self.ready_since.clear();
            return Ok(Vec::new());
        }
        let mut findings = Findings {
            chain: self.reader.snapshot()?,
            broken: BTreeMap::new(),
            dropped: Vec::new(),
        };
        for transaction in transactions {
            let past = Past {
                own: own.contains(&transaction.id()),
                // What had not stood and is passed by a block leaves the disk with that block.
                stood: true,
            };
            self.readmit(transaction, now_ms, past, &mut findings)?;
        }
        for entry in waiting {
            let (since_ms, stood) = match entry.standing {
                Standing::Ready => (now_ms, true),
                Standing::Waits { since_ms, .. } => (since_ms, false),
            };
            let past = Past {
                own: entry.own,
                stood,
            };
            self.readmit(entry.transaction, since_ms, past, &mut findings)?;
        }
        self.retry(now_ms, &mut findings)?;
        let entries = &self.entries;
        self.ready_since.retain(|id, _| entries.contains_key(id));
        Ok(findings.dropped)
    }

    /// Tries again what was dropped, until no try saves any more: it may build on one that came after it. So it is on
    /// the disk if a lost branch gave back what a waiting transaction builds on.
    fn retry(&mut self, now_ms: u64, findings: &mut Findings) -> Result<(), StoreError> {
        let mut before = usize::MAX;
        while findings.dropped.len() < before {
            before = findings.dropped.len();
            findings.broken.clear();
            for item in std::mem::take(&mut findings.dropped) {
                if item.reason.is_some() {
                    self.readmit(item.transaction, now_ms, item.past, findings)?;
                } else {
                    findings.dropped.push(item);
                }
            }
        }
        Ok(())
    }

    fn readmit(
        &mut self,
        transaction: CheckedTransaction,
        since_ms: u64,
        past: Past,
        findings: &mut Findings,
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
        let reason = if findings.chain.transaction(&id)?.is_some() {
            None
        } else if nonce < wanted || taken {
            Some(Rejection::new(
                Reason::BadNonce,
                format!(
                    "another transaction of the same key, perhaps from another device, took its nonce, {nonce}"
                ),
            ))
        } else if let Some(broken) = findings.broken.get(&account).filter(|it| **it < nonce) {
            self.forgotten.put(id, self.now_ms);
            Some(Rejection::new(Reason::BadNonce, behind(account, *broken)))
        } else {
            match settled(self.enter(transaction.clone(), wanted, since_ms, past.own))? {
                Ok(()) => {
                    let dropped = self.promote(account)?;
                    if !dropped.is_empty() {
                        findings.broken.insert(account, self.next_nonce(&account)?);
                        findings.dropped.extend(dropped);
                    }
                    return Ok(());
                }
                Err(rejection) => {
                    findings.broken.insert(account, nonce);
                    self.drop_behind(account, nonce, &mut findings.dropped);
                    Some(rejection)
                }
            }
        };
        findings.dropped.push(Dropped {
            transaction,
            reason,
            past,
        });
        Ok(())
    }

    /// Takes one in that may be ready or leave a gap.
    fn enter(
        &mut self,
        transaction: CheckedTransaction,
        wanted: Nonce,
        since_ms: u64,
        own: bool,
    ) -> Result<(), AdmitError> {
        // What waited may go on waiting, whatever its share has become.
        if self.is_full(transaction.encoded_bytes(), Standing::Ready) {
            let message = "more transactions came back from a lost branch than may wait";
            return Err(Rejection::new(Reason::MempoolFull, message).into());
        }
        let body = &transaction.get().body;
        let standing = if body.nonce > wanted {
            Admission::early(&self.overlay, &body.action)?;
            self.waits(&body.account, since_ms)?
        } else {
            self.apply(&transaction, false)?;
            Standing::Ready
        };
        self.insert(transaction, standing, own);
        Ok(())
    }
}
