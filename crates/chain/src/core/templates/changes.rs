//! When a template's transactions would do something else than at the template's time.
//!
//! A miner moves a header's time forward. Past one of these times a ticket has expired, a new kick-off has come, a record
//! is final: the block would be refused as a whole. A tip that counts would be void, and no longer free the stake that it
//! replaces. Times at which nothing changes after all do no harm: the next template goes on from there.

use bolao_ledger::{
    Action, Genesis, MatchNo, Membership, StateView, Transaction, UnixSeconds, deadline, table,
};

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
        match &transaction.body.action {
            Action::Join { invitation, .. } => {
                let invitation = invitation.as_ref();
                self.at(invitation
                    .filter(|_| genesis.membership == Membership::Invite)
                    .map(|invitation| invitation.ticket.expires));
            }
            Action::Bet { tips } => {
                for tip in tips {
                    self.with_match(genesis, state, tip.match_no)?;
                }
            }
            Action::Seal { tips } => {
                for tip in tips {
                    self.with_match(genesis, state, tip.match_no)?;
                }
            }
            Action::Open { openings } => {
                for opening in openings {
                    self.with_match(genesis, state, opening.match_no)?;
                }
            }
            Action::Schedule { fixture } => {
                self.at(fixture.kickoff);
                self.at(deadline(fixture, genesis.rules.deadline_lead_s));
                self.with_match(genesis, state, fixture.no)?;
            }
            Action::Result { match_no, .. } | Action::Object { match_no, .. } => {
                self.with_match(genesis, state, *match_no)?;
                let record = state.get::<table::Results>(match_no)?;
                self.at(record.and_then(|record| record.final_at));
            }
            Action::Transfer { .. } => {}
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
