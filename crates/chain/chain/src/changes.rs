//! When transactions that were applied, to a template or to what waits, would do something else.
//!
//! Past one of these times a ticket has expired, a new kick-off has come, a record is final: a miner who moves a template's
//! time forward would make a block that is refused as a whole. A bet that counts would be void, and no longer free the
//! stake that it replaces. Times at which nothing changes after all do no harm: whoever applies the transactions again
//! goes on from there.

use bolao_ledger::{Deadline, Genesis, StateView, Transaction, UnixSeconds, table};

/// The first such time of some transactions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NextChange {
    now: UnixSeconds,
    next: Option<UnixSeconds>,
}

impl NextChange {
    /// None after this time so far.
    pub(crate) const fn after(now: UnixSeconds) -> Self {
        Self { now, next: None }
    }

    pub(crate) const fn at(&self) -> Option<UnixSeconds> {
        self.next
    }

    /// The same with the times of a transaction that is to be applied to `state`.
    pub(crate) fn with<S: StateView>(
        mut self,
        genesis: &Genesis,
        state: &S,
        transaction: &Transaction,
    ) -> Result<Self, S::Error> {
        let action = &transaction.body.action;
        for time in action.times(genesis) {
            self.add(Some(time));
        }
        for no in action.matches() {
            if let Some(item) = state.item(no)? {
                item.turns(&genesis.rules)
                    .for_each(|time| self.add(Some(time)));
            }
            if action.ends() == Deadline::Record {
                let record = state.get::<table::Results>(&no)?;
                self.add(record.and_then(|record| record.final_at));
            }
        }
        Ok(self)
    }

    fn add(&mut self, time: Option<UnixSeconds>) {
        let later = time.filter(|time| *time > self.now);
        self.next = [self.next, later].into_iter().flatten().min();
    }
}
