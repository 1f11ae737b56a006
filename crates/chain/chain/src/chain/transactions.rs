//! Transactions from local users and from peers.

use bolao_ledger::{CheckedTransaction, Reason, Transaction, TxId};
use bolao_store::Durability;

use crate::{
    chain::Chain,
    context::Context,
    error::{CoreError, is_provable, settled},
    io::{Accepted, Event, Output, PeerId, Rejection, Topic},
    mempool::{Dropped, Returned},
};

/// The transactions that the mempool took and let go of, before this is on the disk.
#[derive(Default)]
struct News {
    /// Each with whether the next block may hold it.
    taken: Vec<(CheckedTransaction, bool)>,
    dropped: Vec<Dropped>,
    /// Whether the next block had nothing to hold before.
    first: bool,
}

/// The outcome for a transaction, under the number that whoever gave it knows it by.
type Numbered = (u64, Result<Accepted, Rejection>);

impl Chain {
    /// Checks transactions, takes them into the mempool one after the other, and writes them together: they are on the
    /// disk before anybody is told that they were taken. Gives a result under the number of each, in any order; none for those
    /// that a peer sent behind one which proves that it does not keep to the protocol.
    pub(crate) fn accept_transactions(
        &mut self,
        cx: &mut Context,
        transactions: impl IntoIterator<Item = (u64, Transaction)>,
        peer: Option<&PeerId>,
    ) -> Result<Vec<Numbered>, CoreError> {
        if self.mempool.is_outdated(self.block_time(cx)) {
            self.follow_tip(cx, Returned::default())?;
        }
        let snapshot = self.snapshot()?;
        let (mut results, mut numbers, mut new) = (Vec::new(), Vec::new(), Vec::new());
        for (number, transaction) in transactions {
            let id = transaction.id();
            // The same body with another signature has the same id: known is known before any signature is looked at.
            if snapshot.transaction(&id)?.is_some() {
                results.push((number, Err(already_known(&id, "in a block"))));
            } else if let Some(known) = self.already_waits(&id) {
                results.push((number, Err(known)));
            } else {
                numbers.push((number, id));
                new.push(transaction);
            }
        }
        drop(snapshot);
        let mut news = News::default();
        let checked = Transaction::check_all(new, &cx.genesis, cx.pool);
        for ((number, id), checked) in numbers.into_iter().zip(checked) {
            let result = match (self.already_waits(&id), checked) {
                // It was twice among them.
                (Some(known), _) => Err(known),
                (None, Ok(checked)) => self.admit(cx, checked, peer, &mut news)?,
                (None, Err(error)) => Err(error.into()),
            };
            let at_fault = result.as_ref().is_err_and(|it| is_provable(it.reason));
            results.push((number, result));
            if at_fault && peer.is_some() {
                break;
            }
        }
        self.write_news(cx, news, peer)?;
        Ok(results)
    }

    fn already_waits(&self, id: &TxId) -> Option<Rejection> {
        let waits = self.mempool.get(id).is_some();
        waits.then(|| already_known(id, "waiting"))
    }

    pub(crate) fn publish_transaction(&mut self, cx: &mut Context, id: &TxId) {
        if let Some(transaction) = self.mempool.get(id) {
            cx.out.push(Output::Publish {
                topic: Topic::Transactions,
                bytes: bolao_ledger::encode(transaction.get()),
            });
        }
    }

    /// Takes a transaction into the mempool, but not yet to the disk.
    fn admit(
        &mut self,
        cx: &mut Context,
        checked: CheckedTransaction,
        peer: Option<&PeerId>,
        news: &mut News,
    ) -> Result<Result<Accepted, Rejection>, CoreError> {
        let taken = checked.clone();
        self.mempool.set_time(self.block_time(cx), cx.now.mono_ms);
        let was_idle = self.mempool.is_idle();
        let admitted = match settled(self.mempool.admit(checked, peer.is_none()))? {
            Ok(admitted) => admitted,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let (id, ready, chips) = (taken.id(), admitted.ready, admitted.chips);
        news.dropped.extend(admitted.dropped);
        cx.emit(Event::TransactionAccepted {
            id,
            transaction: taken.shared(),
            ready,
            peer: peer.cloned(),
        });
        news.taken.push((taken, ready));
        news.first |= ready && was_idle;
        Ok(Ok(Accepted::Transaction { id, ready, chips }))
    }

    /// Writes what was taken, all in one.
    fn write_news(
        &mut self,
        cx: &mut Context,
        news: News,
        peer: Option<&PeerId>,
    ) -> Result<(), CoreError> {
        let News {
            taken,
            dropped,
            first,
        } = news;
        if taken.is_empty() {
            return Ok(());
        }
        self.write(Durability::Volatile, |tables| {
            taken.iter().try_for_each(|(transaction, _)| {
                tables.put_pending(transaction.get())?;
                let own = peer.is_none().then(|| tables.note_own(&transaction.id()));
                own.unwrap_or(Ok(()))
            })
        })?;
        self.unsynced.add(cx.now, 0);
        self.forget_pending(cx, dropped)?;
        if taken.iter().any(|(_, ready)| *ready) {
            self.template_news.changed(first);
        }
        Ok(())
    }
}

pub(crate) fn accepted(results: &[Numbered]) -> Vec<TxId> {
    let accepted = results.iter().filter_map(|(_, result)| match result {
        Ok(Accepted::Transaction { id, .. }) => Some(*id),
        _ => None,
    });
    accepted.collect()
}

/// The refusal of what is there; `place` says where.
pub(crate) fn already_known(id: &TxId, place: &str) -> Rejection {
    Rejection::new(
        Reason::AlreadyKnown,
        format!("the transaction {id} is already {place}"),
    )
}
