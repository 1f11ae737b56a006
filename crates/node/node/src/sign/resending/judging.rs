//! Which of a key's bets the rules take now, one transaction after another.

use bolao_chain::{Proposal, Rehearsal};
use bolao_ledger::{OpenBet, Reason, TxBody, UnixSeconds};
use bolao_store::{Reader, Snapshot, StoreError};
use bolao_wallet::{Draft, Key};

/// Drafts bets on top of what waits and of what it drafted before.
pub(super) struct Judge<'a> {
    key: &'a Key,
    reader: &'a Reader,
    rehearsal: Rehearsal<'a>,
    is_for_now: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        key: &'a Key,
        reader: &'a Reader,
        snapshot: &'a Snapshot,
        now: UnixSeconds,
    ) -> Result<Self, StoreError> {
        let genesis = reader.genesis();
        Ok(Self {
            key,
            reader,
            rehearsal: Rehearsal::of_account(snapshot, genesis, now, key.account())?,
            is_for_now: false,
        })
    }

    /// Whether something was refused that may be taken later.
    pub(super) const fn is_for_now(&self) -> bool {
        self.is_for_now
    }

    /// A transaction with these bets if it is taken as a whole, else with those that are taken one behind the other.
    pub(super) fn taken(&mut self, bets: Vec<OpenBet>) -> Result<Option<TxBody>, StoreError> {
        if bets.is_empty() {
            return Ok(None);
        }
        if let Some(body) = self.propose(&bets, false)? {
            return Ok(Some(body));
        }
        let mut kept = Vec::new();
        for bet in bets {
            kept.push(bet);
            if self.propose(&kept, true)?.is_none() {
                kept.pop();
            }
        }
        if kept.is_empty() {
            return Ok(None);
        }
        self.propose(&kept, false)
    }

    /// The transaction if it is taken; if it is judged alone, what comes next is judged without it.
    fn propose(&mut self, bets: &[OpenBet], alone: bool) -> Result<Option<TxBody>, StoreError> {
        let account = self.key.account();
        let (pool, mode) = (self.reader.pool_id(), self.reader.genesis().rules.bets);
        let mut draft = Draft::new(account, self.rehearsal.next_nonce(&account)?);
        let body = draft.place(self.key, pool, mode, bets);
        let rehearsed = self.rehearsal.propose(Proposal::Unsigned {
            account,
            nonce: Some(body.nonce),
            action: body.action,
            alone,
        })?;
        Ok(match rehearsed.verdict {
            Ok(_) => Some(rehearsed.body),
            Err(refusal) => {
                self.is_for_now |=
                    matches!(refusal.reason, Reason::TooManyPending | Reason::TooOften);
                None
            }
        })
    }
}
