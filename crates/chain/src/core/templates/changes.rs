//! When a template's transactions would do something else than at the template's time.
//!
//! A miner moves a header's time forward. Past one of these times a ticket has expired, a new kick-off has come, a record
//! is final: the block would be refused as a whole. A tip that counts would be void, and no longer free the stake that it
//! replaces. Times at which nothing changes after all do no harm: the next template goes on from there.

use bolao_ledger::{Ends, Genesis, MatchNo, StateView, Transaction, UnixSeconds, table};

/// The first such time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changes {
    now: UnixSeconds,
    next: Option<UnixSeconds>,
}

impl Changes {
    /// None after this time so far.
    pub(super) const fn after(now: UnixSeconds) -> Self {
        Self { now, next: None }
    }

    pub(super) const fn next(&self) -> Option<UnixSeconds> {
        self.next
    }

    /// The same with the times of a transaction that is to be applied to `state`.
    pub(super) fn with<S: StateView>(
        mut self,
        genesis: &Genesis,
        state: &S,
        transaction: &Transaction,
    ) -> Result<Self, S::Error> {
        let action = &transaction.body.action;
        for time in action.times(genesis) {
            self.at(Some(time));
        }
        for no in action.matches() {
            self.with_match(genesis, state, no)?;
            if action.ends() == Ends::Record {
                let record = state.get::<table::Results>(&no)?;
                self.at(record.and_then(|record| record.final_at));
            }
        }
        Ok(self)
    }

    fn with_match<S: StateView>(
        &mut self,
        genesis: &Genesis,
        state: &S,
        no: MatchNo,
    ) -> Result<(), S::Error> {
        if let Some(game) = state.get::<table::Matches>(&no)? {
            self.at(game.deadline);
            self.at(game.fixture.kickoff);
            self.at(game.openings_end(genesis.rules.opening_window_s));
        }
        Ok(())
    }

    fn at(&mut self, time: Option<UnixSeconds>) {
        let later = time.filter(|time| *time > self.now);
        self.next = [self.next, later].into_iter().flatten().min();
    }
}
