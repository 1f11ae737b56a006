//! Bodies ready to be signed, with the nonce that each needs.

use bolao_ledger::{AccountId, Action, Fixture, Name, Nonce, Tip, TxBody};

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
        self.body(Action::Join { name })
    }

    /// Places or replaces tips.
    pub fn bet(&mut self, tips: Vec<Tip>) -> TxBody {
        self.body(Action::Bet { tips })
    }

    /// Adds or changes a match; for organisers.
    pub fn schedule(&mut self, fixture: Fixture) -> TxBody {
        self.body(Action::Schedule { fixture })
    }

    fn body(&mut self, action: Action) -> TxBody {
        let nonce = self.next;
        self.next = Nonce(nonce.0.saturating_add(1));
        TxBody {
            account: self.account,
            nonce,
            action,
        }
    }
}
