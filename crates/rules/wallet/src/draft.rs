//! Bodies ready to be signed, with the nonce that each needs.

use bolao_ledger::{AccountId, Action, Name, Nonce, OpenBet, PoolId, TxBody, actions};

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
        self.body(Action::Join(actions::Join {
            name,
            invitation: None,
        }))
    }

    /// Enters a pool under a name, with a ticket where the player holds one.
    pub fn enter(&mut self, pool: PoolId, name: Name, ticket: Option<&HeldTicket>) -> TxBody {
        let invitation = ticket.map(|held| Box::new(held.admit(pool, &self.account)));
        self.body(Action::Join(actions::Join { name, invitation }))
    }

    /// Places or replaces bets.
    pub fn bet(&mut self, bets: Vec<OpenBet>) -> TxBody {
        self.body(Action::Bet(actions::Bet { bets }))
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
