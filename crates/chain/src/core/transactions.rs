//! Transactions from local users and from peers.

use bolao_ledger::{CheckedTransaction, Reason, Transaction};
use bolao_store::{Durability, StoreError};

use super::Core;
use crate::{
    error::{CoreError, is_provable},
    io::{Accepted, Event, Item, Output, PeerId, Rejection, Topic},
    sync::Purpose,
    wire::{MAX_TRANSACTIONS, Request},
};

/// What surrounds the transactions of a push, in bytes.
const PUSH_OVERHEAD: usize = 16;

impl Core {
    pub(super) fn on_submit(
        &mut self,
        token: u64,
        transaction: Transaction,
    ) -> Result<(), CoreError> {
        let bytes = bolao_ledger::encode(&transaction);
        let result = self.accept_transaction(transaction, None)?;
        if let Ok(Accepted::Transaction { id, .. }) = result {
            self.out.push(Output::Reply { token, result });
            self.out.push(Output::Publish {
                topic: Topic::Transactions,
                bytes,
            });
            if let Some(transaction) = self.mempool.get(&id).map(|it| it.get().clone()) {
                for peer in self.push_targets() {
                    self.push_transactions(&peer, vec![transaction.clone()]);
                }
            }
        } else {
            self.out.push(Output::Reply { token, result });
        }
        Ok(())
    }

    /// Checks a transaction and takes it into the mempool; durably if it was submitted here.
    pub(super) fn accept_transaction(
        &mut self,
        transaction: Transaction,
        peer: Option<&PeerId>,
    ) -> Result<Result<Accepted, Rejection>, CoreError> {
        let id = transaction.id();
        let in_chain = self.snapshot()?.transaction(&id)?.is_some();
        // The same body with another signature has the same id: known is known before any signature is looked at.
        let known = in_chain || self.mempool.get(&id).is_some();
        if known {
            let place = if in_chain { "in a block" } else { "waiting" };
            return Ok(Err(Rejection::new(
                Reason::AlreadyKnown,
                format!("the transaction {id} is {place} already"),
            )));
        }
        let checked = match transaction.check(&self.genesis, self.pool) {
            Ok(checked) => checked,
            Err(error) => return Ok(Err(Rejection::new(error.reason(), error))),
        };
        let body = checked.get().clone();
        self.mempool.set_time(self.block_time());
        let admitted = match self.mempool.admit(checked)? {
            Ok(admitted) => admitted,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let durability = match peer {
            None => Durability::Durable,
            Some(_) => Durability::Volatile,
        };
        self.store
            .write::<_, StoreError>(durability, |tables| tables.put_pending(&body))?;
        self.forget_pending(admitted.dropped)?;
        let ready = admitted.ready;
        self.emit(Event::TransactionAccepted {
            id,
            account: body.body.account,
            ready,
            peer: peer.cloned(),
        });
        if ready {
            self.emit(Event::TemplateStale);
        }
        Ok(Ok(Accepted::Transaction { id, ready }))
    }

    /// Takes transactions that a peer sent; whether it keeps to the protocol.
    pub(crate) fn take_transactions(
        &mut self,
        peer: &PeerId,
        transactions: Vec<Transaction>,
        publish: bool,
    ) -> Result<bool, CoreError> {
        for transaction in transactions {
            let bytes = publish.then(|| bolao_ledger::encode(&transaction));
            match self.accept_transaction(transaction, Some(peer))? {
                Ok(_) => {
                    if let Some(bytes) = bytes {
                        self.out.push(Output::Publish {
                            topic: Topic::Transactions,
                            bytes,
                        });
                    }
                }
                Err(rejection) if is_provable(rejection.reason) => {
                    self.blame(peer, rejection);
                    return Ok(false);
                }
                Err(_) => {}
            }
        }
        Ok(true)
    }

    /// Sends transactions to a peer, in as many requests as it takes.
    pub(crate) fn push_transactions(&mut self, peer: &PeerId, transactions: Vec<Transaction>) {
        let room = self.config.max_request_bytes.saturating_sub(PUSH_OVERHEAD);
        let mut batch = Vec::new();
        let mut used = 0_usize;
        for transaction in transactions {
            let size = bolao_ledger::encode(&transaction).len();
            if batch.len() >= MAX_TRANSACTIONS || used.saturating_add(size) > room {
                self.push_batch(peer, std::mem::take(&mut batch));
                used = 0;
            }
            used = used.saturating_add(size);
            batch.push(transaction);
        }
        self.push_batch(peer, batch);
    }

    fn push_batch(&mut self, peer: &PeerId, batch: Vec<Transaction>) {
        if !batch.is_empty() && self.may_push(peer) {
            let items = batch.iter().map(|it| Item::Transaction(it.id())).collect();
            self.request(
                peer,
                Purpose::Push { items },
                Request::PushTransactions(batch),
            );
        }
    }

    /// Fills the mempool from the disk. What does not check any more is forgotten.
    pub(super) fn reload_pending(&mut self, pending: Vec<Transaction>) -> Result<(), CoreError> {
        let mut broken = Vec::new();
        let mut good: Vec<CheckedTransaction> = Vec::new();
        for transaction in pending {
            let id = transaction.id();
            match transaction.check(&self.genesis, self.pool) {
                Ok(checked) => good.push(checked),
                Err(error) => {
                    tracing::warn!(%id, %error, "forgot a waiting transaction");
                    broken.push(crate::mempool::Dropped { id, reason: None });
                }
            }
        }
        self.forget_pending(broken)?;
        self.follow_tip(good)
    }
}
