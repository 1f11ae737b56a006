//! Transactions from local users and from peers.

use bolao_ledger::{CheckedTransaction, Reason, Transaction, TxId};
use bolao_store::{Durability, Snapshot, StoreError};

use super::{Core, timers::SYNC_MS};
use crate::{
    error::{CoreError, is_provable},
    io::{Accepted, Event, Item, Output, PeerId, Rejection, Topic},
    mempool::Dropped,
};

/// What the mempool took and let go of, before it is on the disk.
#[derive(Default)]
struct News {
    /// Each with whether the next block may hold it.
    taken: Vec<(CheckedTransaction, bool)>,
    dropped: Vec<Dropped>,
    /// Whether the next block had nothing to hold before.
    first: bool,
}

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
        let snapshot = self.snapshot()?;
        if let Some(known) = self.known(&snapshot, &transaction)? {
            return Ok(Err(known));
        }
        drop(snapshot);
        let checked = match transaction.check(&self.genesis, self.pool) {
            Ok(checked) => checked,
            Err(error) => return Ok(Err(Rejection::new(error.reason(), error))),
        };
        let mut news = News::default();
        let admitted = self.admit(checked, peer, &mut news)?;
        self.write_news(news, peer)?;
        Ok(admitted)
    }

    /// The refusal of a transaction that waits or is in the chain. The same body with another signature has the same id:
    /// known is known before any signature is looked at.
    fn known(
        &self,
        snapshot: &Snapshot,
        transaction: &Transaction,
    ) -> Result<Option<Rejection>, CoreError> {
        let id = transaction.id();
        let in_chain = snapshot.transaction(&id)?.is_some();
        let known = in_chain || self.mempool.get(&id).is_some();
        let place = if in_chain { "in a block" } else { "waiting" };
        Ok(known.then(|| already_known(&id, place)))
    }

    /// Takes a transaction into the mempool, but not yet to the disk.
    fn admit(
        &mut self,
        checked: CheckedTransaction,
        peer: Option<&PeerId>,
        news: &mut News,
    ) -> Result<Result<Accepted, Rejection>, CoreError> {
        let taken = checked.clone();
        self.mempool.set_time(self.block_time(), self.now.mono_ms);
        let was_idle = self.mempool.is_idle();
        let admitted = match self.mempool.admit(checked, peer.is_none())? {
            Ok(admitted) => admitted,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let (id, ready) = (taken.id(), admitted.ready);
        news.dropped.extend(admitted.dropped);
        self.emit(Event::TransactionAccepted {
            id,
            transaction: taken.shared(),
            ready,
            peer: peer.cloned(),
        });
        news.taken.push((taken, ready));
        news.first |= ready && was_idle;
        Ok(Ok(Accepted::Transaction { id, ready }))
    }

    /// Writes what was taken, all in one.
    fn write_news(&mut self, news: News, peer: Option<&PeerId>) -> Result<(), CoreError> {
        let News {
            taken,
            dropped,
            first,
        } = news;
        if taken.is_empty() {
            return Ok(());
        }
        let durability = match peer {
            None => Durability::Durable,
            Some(_) => Durability::Volatile,
        };
        self.store.write::<_, StoreError>(durability, |tables| {
            taken
                .iter()
                .try_for_each(|(transaction, _)| tables.put_pending(transaction.get()))
        })?;
        if durability == Durability::Volatile {
            self.sync_within(SYNC_MS);
        } else {
            self.synced();
        }
        self.forget_pending(dropped)?;
        if taken.iter().any(|(_, ready)| *ready) {
            self.template_changed(first);
        }
        Ok(())
    }

    /// Takes transactions that a peer sent; whether it keeps to the protocol.
    pub(crate) fn take_transactions(
        &mut self,
        peer: &PeerId,
        transactions: Vec<Transaction>,
        publish: bool,
    ) -> Result<bool, CoreError> {
        let snapshot = self.snapshot()?;
        let mut new = Vec::new();
        for transaction in transactions {
            if self.known(&snapshot, &transaction)?.is_none() {
                new.push(transaction);
            }
        }
        drop(snapshot);
        let mut news = News::default();
        let mut at_fault = None;
        for checked in Transaction::check_all(new, &self.genesis, self.pool) {
            let rejection = match checked {
                // The same may have come twice in one message.
                Ok(checked) if self.mempool.get(&checked.id()).is_some() => continue,
                Ok(checked) => match self.admit(checked, Some(peer), &mut news)? {
                    Ok(_) => continue,
                    Err(rejection) => rejection,
                },
                Err(error) => Rejection::new(error.reason(), error),
            };
            if is_provable(rejection.reason) {
                at_fault = Some(rejection);
                break;
            }
        }
        if publish {
            for (transaction, _) in &news.taken {
                self.out.push(Output::Publish {
                    topic: Topic::Transactions,
                    bytes: bolao_ledger::encode(transaction.get()),
                });
            }
        }
        self.write_news(news, Some(peer))?;
        if let Some(rejection) = at_fault {
            self.blame(peer, rejection);
            return Ok(false);
        }
        Ok(true)
    }

    /// Fills the mempool from the disk. What does not check any more is forgotten.
    pub(super) fn reload_pending(&mut self, pending: Vec<Transaction>) -> Result<(), CoreError> {
        let ids: Vec<TxId> = pending.iter().map(Transaction::id).collect();
        let mut broken = Vec::new();
        let mut good: Vec<CheckedTransaction> = Vec::new();
        let checked = Transaction::check_all(pending, &self.genesis, self.pool);
        for (id, checked) in ids.into_iter().zip(checked) {
            match checked {
                Ok(checked) => good.push(checked),
                Err(error) => {
                    tracing::warn!(%id, %error, "forgot a waiting transaction");
                    broken.push(id);
                }
            }
        }
        self.remove_pending(broken.into_iter())?;
        self.follow_tip(good)
    }
}

/// The refusal of what is there; `place` says where.
pub(crate) fn already_known(id: &TxId, place: &str) -> Rejection {
    Rejection::new(
        Reason::AlreadyKnown,
        format!("the transaction {id} is {place} already"),
    )
}
