//! Transactions from local users and from peers.

use bolao_ledger::{CheckedTransaction, Reason, Transaction};
use bolao_store::{Durability, StoreError};

use super::Core;
use crate::{
    error::{CoreError, is_provable},
    io::{Accepted, Event, Item, Output, PeerId, Rejection, Topic},
};

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
            self.push(Item::Transaction(id));
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
        self.mempool.set_time(self.block_time(), self.now.mono_ms);
        let was_idle = self.mempool.is_idle();
        let admitted = match self.mempool.admit(checked, peer.is_none())? {
            Ok(admitted) => admitted,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let durability = match peer {
            None => Durability::Durable,
            Some(_) => Durability::Volatile,
        };
        self.store
            .write::<_, StoreError>(durability, |tables| tables.put_pending(&body))?;
        self.unsynced |= durability == Durability::Volatile;
        self.forget_pending(admitted.dropped)?;
        let ready = admitted.ready;
        self.emit(Event::TransactionAccepted {
            id,
            account: body.body.account,
            ready,
            peer: peer.cloned(),
        });
        if ready {
            self.template_changed(was_idle);
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
