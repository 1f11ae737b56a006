//! Bodies ready to be signed, with the nonce that each needs.

use bolao_ledger::{
    AccountId, Action, Fixture, Invitation, MatchNo, Name, Nonce, OpenBet, Opening, Outcome,
    PoolId, SealedBet, Text, TxBody,
};

use crate::invite::HeldTicket;

/// Drafts an account's next transactions one after another: each takes the next nonce.
///
/// What an action may hold is the ledger's to judge: [`bolao_ledger::Transaction::check`] the signed result.
#[derive(Clone, Debug)]
pub struct Draft {
    account: AccountId,
    next: Nonce,
}

impl Draft {
    /// Starts at the nonce that the account's next transaction must carry.
    #[must_use]
    pub const fn new(account: AccountId, next_nonce: Nonce) -> Self {
        Self {
            account,
            next: next_nonce,
        }
    }

    /// The nonce that the next body will carry.
    #[must_use]
    pub const fn next_nonce(&self) -> Nonce {
        self.next
    }

    /// Enters the pool under a name.
    pub fn join(&mut self, name: Name) -> TxBody {
        self.body(Action::Join {
            name,
            invitation: None,
        })
    }

    /// Enters a pool by invitation under a name.
    pub fn join_invited(&mut self, name: Name, invitation: Invitation) -> TxBody {
        self.body(Action::Join {
            name,
            invitation: Some(Box::new(invitation)),
        })
    }

    /// Enters a pool under a name, with a ticket where the player holds one.
    pub fn enter(&mut self, pool: PoolId, name: Name, ticket: Option<&HeldTicket>) -> TxBody {
        match ticket {
            Some(held) => {
                let invitation = held.admit(pool, &self.account);
                self.join_invited(name, invitation)
            }
            None => self.join(name),
        }
    }

    /// Places or replaces bets.
    pub fn bet(&mut self, bets: Vec<OpenBet>) -> TxBody {
        self.body(Action::Bet { bets: bets })
    }

    /// Places or replaces sealed bets.
    pub fn seal(&mut self, bets: Vec<SealedBet>) -> TxBody {
        self.body(Action::Seal { bets: bets })
    }

    /// Opens sealed bets.
    pub fn open(&mut self, openings: Vec<Opening>) -> TxBody {
        self.body(Action::Open { openings })
    }

    /// Signs what became of a match; for organisers.
    pub fn result(&mut self, match_no: MatchNo, outcome: Outcome) -> TxBody {
        self.body(Action::Result { match_no, outcome })
    }

    /// Objects to a result that is not final.
    pub fn object(&mut self, match_no: MatchNo, text: Text<280>) -> TxBody {
        self.body(Action::Object { match_no, text })
    }

    /// Adds or changes a match; for organisers.
    pub fn schedule(&mut self, fixture: Fixture) -> TxBody {
        self.body(Action::Schedule { fixture })
    }

    /// Does any action.
    pub fn body(&mut self, action: Action) -> TxBody {
        let nonce = self.next;
        self.next = Nonce(nonce.0.saturating_add(1));
        TxBody {
            account: self.account,
            nonce,
            action,
        }
    }
}
