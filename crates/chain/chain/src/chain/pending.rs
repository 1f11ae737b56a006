//! What waits, as it is kept on the disk, and how people hear that it waits no more.

use std::collections::BTreeSet;

use bolao_ledger::{CheckedTransaction, StateView as _, Transaction, TxId};
use bolao_store::Durability;

use crate::{
    chain::Chain,
    context::Context,
    error::CoreError,
    io::Event,
    mempool::{Dropped, Returned},
    observer::notices,
};

impl Chain {
    /// Gives up what has waited too long.
    pub(crate) fn expire_pending(&mut self, cx: &mut Context) -> Result<(), CoreError> {
        let dropped = self.mempool.expire(cx.now.mono_ms);
        self.forget_pending(cx, dropped)
    }

    /// Takes what was dropped off the disk, and tells; of what was given here, with a notice.
    pub(crate) fn forget_pending(
        &mut self,
        cx: &mut Context,
        dropped: Vec<Dropped>,
    ) -> Result<(), CoreError> {
        if dropped.is_empty() {
            return Ok(());
        }
        let (now, height) = (cx.now, self.tip.height);
        let snapshot = self.snapshot()?;
        let told = notices::of_own(&cx.genesis, &snapshot, &dropped)?;
        let notices = self.write(Durability::Volatile, |tables| {
            for item in &dropped {
                tables.remove_pending(&item.transaction.id())?;
            }
            let keep = |change| notices::keep(tables, now, height, change);
            told.into_iter().map(keep).collect::<Result<Vec<_>, _>>()
        })?;
        cx.send_notices(notices);
        for Dropped {
            transaction,
            reason,
            past,
        } in dropped
        {
            if let Some(reason) = reason {
                let body = &transaction.get().body;
                let account = snapshot.account(&body.account)?;
                let overtaken = past.stood && account.is_some_and(|it| body.nonce < it.next_nonce);
                cx.emit(Event::TransactionDropped {
                    id: transaction.id(),
                    transaction: transaction.shared(),
                    reason,
                    overtaken,
                });
            }
        }
        Ok(())
    }

    pub(crate) fn remove_pending(
        &mut self,
        mut ids: impl ExactSizeIterator<Item = TxId>,
    ) -> Result<(), CoreError> {
        if ids.len() > 0 {
            self.write(Durability::Volatile, |tables| {
                ids.try_for_each(|id| tables.remove_pending(&id))
            })?;
        }
        Ok(())
    }

    /// Fills the mempool from the disk. What does not check any more is forgotten.
    pub(crate) fn reload_pending(&mut self, cx: &mut Context) -> Result<(), CoreError> {
        let pending = self.snapshot()?.pending()?;
        let ids: Vec<TxId> = pending.iter().map(Transaction::id).collect();
        let mut broken = Vec::new();
        let mut good: Vec<CheckedTransaction> = Vec::new();
        let checked = Transaction::check_all(pending, &cx.genesis, cx.pool);
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
        let (snapshot, mut own) = (self.snapshot()?, BTreeSet::new());
        for id in good.iter().map(CheckedTransaction::id) {
            if snapshot.is_own(&id)? {
                own.insert(id);
            }
        }
        drop(snapshot);
        self.follow_tip(
            cx,
            Returned {
                transactions: good,
                own,
            },
        )
    }
}
