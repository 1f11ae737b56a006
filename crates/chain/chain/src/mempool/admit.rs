//! One more transaction.

use std::collections::BTreeMap;

use bolao_ledger::{
    AccountId, CheckedTransaction, Chips, Deadline, Ledger, Nonce, Reason, StateView as _, TxId,
};
use bolao_store::StoreError;

use super::{Dropped, Mempool, Past, Standing};
use crate::{
    admission::{Admission, Queue},
    error::{AdmitError, settled},
    io::Rejection,
};

/// The outcome for a transaction that is in.
#[derive(Debug)]
pub(crate) struct Admitted {
    /// Whether the next block may hold it.
    pub(crate) ready: bool,
    /// The chips that its account then has at hand; none if it is not ready.
    pub(crate) chips: Option<Chips>,
    /// Those that waited for it and turned out to contradict the chain.
    pub(crate) dropped: Vec<Dropped>,
}

impl Mempool {
    /// Takes in a transaction that neither waits nor is in the chain, or says why not. From peers nothing is taken that
    /// was given up a short time ago and would wait again.
    pub(crate) fn admit(
        &mut self,
        transaction: CheckedTransaction,
        local: bool,
    ) -> Result<Admitted, AdmitError> {
        let body = &transaction.get().body;
        let (account, nonce) = (body.account, body.nonce);
        let wanted = self.next_nonce(&account)?;
        let queue = self.accounts.get(&account);
        let queue = Queue {
            next: wanted,
            is_taken: queue.is_some_and(|queue| queue.contains_key(&nonce)),
            waiting: queue.map_or(0, BTreeMap::len),
        };
        let ready = self.admission().is_ready(&account, nonce, queue)?;
        if !ready && !local && self.is_forgotten(&transaction.id(), self.now_ms) {
            let message =
                format!("got the nonce {nonce} again, the account's next is still {wanted}");
            return Err(Rejection::new(Reason::BadNonce, message).into());
        }
        let standing = if ready {
            Standing::Ready
        } else {
            self.waits(&account, self.now_ms)?
        };
        if self.is_full(transaction.encoded_bytes(), standing) {
            let message = "too many transactions wait for a block: try again after the next one";
            return Err(Rejection::new(Reason::MempoolFull, message).into());
        }
        // # Rules D3, O5: a peer's bet or opening is taken though it is late. It is void in its block; what no block can hold
        // # would wait for good, and its account's other transactions with it.
        let void_if_late = matches!(body.action.ends(), Deadline::Betting | Deadline::Opening);
        if local || !void_if_late {
            self.admission().late(&self.overlay, &body.action)?;
        }
        self.looks.check(&self.genesis, &self.overlay, body)?;
        let (mut chips, mut dropped) = (None, Vec::new());
        if ready {
            self.apply(&transaction, local)?;
            self.looks.add(&transaction.get().body.action);
            self.insert(transaction, standing, local);
            chips = self.overlay.account(&account)?.map(|it| it.chips);
            dropped = self.promote(account)?;
        } else {
            Admission::early(&self.overlay, &body.action)?;
            self.insert(transaction, standing, local);
        }
        Ok(Admitted {
            ready,
            chips,
            dropped,
        })
    }

    /// Applies a transaction on top of what is ready; `submitted` if its user has just handed it in.
    pub(super) fn apply(
        &mut self,
        transaction: &CheckedTransaction,
        submitted: bool,
    ) -> Result<(), AdmitError> {
        let body = transaction.get();
        let context = self.admission().context(&self.overlay, &body.body)?;
        let changes = self.changes.with(&self.genesis, &self.overlay, body)?;
        let mut ledger = Ledger::of_pool(&self.genesis, self.reader.pool_id());
        if submitted {
            // # Rule D6: what waits already may become short, and is void then; so is what a peer passes on.
            ledger = ledger.refusing_short_bets();
        }
        ledger.apply_transaction(&mut self.overlay, context, transaction)?;
        self.changes = changes;
        Ok(())
    }

    fn admission(&self) -> Admission<'_> {
        Admission {
            genesis: &self.genesis,
            context: self.context,
        }
    }

    /// Makes ready those of the account that waited for the one that just became it.
    pub(super) fn promote(&mut self, account: AccountId) -> Result<Vec<Dropped>, StoreError> {
        let mut dropped = Vec::new();
        loop {
            let wanted: Nonce = self.next_nonce(&account)?;
            let next: Option<TxId> = self
                .accounts
                .get(&account)
                .and_then(|queue| queue.get(&wanted))
                .copied();
            let Some(transaction) = next.and_then(|id| self.get(&id)).cloned() else {
                return Ok(dropped);
            };
            let id = transaction.id();
            match settled(self.apply(&transaction, false))? {
                Ok(()) => {
                    if let Some(entry) = self.entries.get_mut(&id) {
                        let before = std::mem::replace(&mut entry.standing, Standing::Ready);
                        if let Standing::Waits { newcomer: true, .. } = before {
                            self.newcomers = self.newcomers.saturating_sub(1);
                        }
                    }
                    self.now_ready(id);
                }
                Err(rejection) => {
                    let removed = self.remove_waiting(&id);
                    dropped.push(Dropped {
                        transaction,
                        reason: Some(rejection),
                        past: Past::waited(removed.is_some_and(|entry| entry.own)),
                    });
                    self.drop_behind(account, wanted, &mut dropped);
                    return Ok(dropped);
                }
            }
        }
    }
}
