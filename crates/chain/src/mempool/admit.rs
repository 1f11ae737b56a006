//! One more transaction.

use bolao_ledger::{
    AccountId, Action, CheckedTransaction, Ledger, MatchNo, Nonce, Opening, Reason, StateView as _,
    TxId,
};
use bolao_store::StoreError;

use super::{Dropped, Mempool, Standing};
use crate::{error::ConnectError, io::Rejection};

/// What became of a transaction that is in.
#[derive(Debug)]
pub(crate) struct Admitted {
    /// Whether the next block may hold it.
    pub(crate) ready: bool,
    /// Those that waited for it and turned out to contradict the chain.
    pub(crate) dropped: Vec<Dropped>,
}

impl Mempool {
    /// Takes in a transaction that neither waits nor is in the chain, or says why not. From peers nothing is taken that
    /// was given up a short time ago and would wait again.
    pub(crate) fn admit(
        &mut self,
        transaction: CheckedTransaction,
        local: bool,
    ) -> Result<Result<Admitted, Rejection>, StoreError> {
        let body = &transaction.get().body;
        let (account, nonce) = (body.account, body.nonce);
        let queue = self.accounts.get(&account);
        if queue.is_some_and(|queue| queue.contains_key(&nonce)) {
            return Ok(refuse(
                Reason::NoncePending,
                format!("another transaction of {account} with the nonce {nonce} waits already"),
            ));
        }
        let wanted = self.next_nonce(&account)?;
        let ahead = nonce.checked_sub(wanted.0);
        if ahead.is_none_or(|ahead| ahead.0 >= self.per_account()) {
            return Ok(refuse(
                Reason::BadNonce,
                format!("got the nonce {nonce}, the account's next is {wanted}"),
            ));
        }
        let waiting = u64::try_from(queue.map_or(0, std::collections::BTreeMap::len));
        if waiting.is_ok_and(|waiting| waiting >= self.per_account()) {
            return Ok(refuse(
                Reason::TooManyPending,
                format!(
                    "{} transactions of {account} wait already, which is the most that the pool allows",
                    self.per_account()
                ),
            ));
        }
        let ready = nonce == wanted;
        if !ready && !local && self.is_forgotten(&transaction.id()) {
            return Ok(refuse(
                Reason::BadNonce,
                format!("got the nonce {nonce} again, the account's next is still {wanted}"),
            ));
        }
        let standing = if ready {
            Standing::Ready
        } else {
            self.waits(&account, self.now_ms)?
        };
        if self.is_full(transaction.encoded_bytes(), standing) {
            return Ok(refuse(
                Reason::MempoolFull,
                "too many transactions wait for a block: try again after the next one",
            ));
        }
        if let Some(rejection) = self.late(&transaction)? {
            return Ok(Err(rejection));
        }
        if !ready {
            if let Some(rejection) = self.early(&transaction)? {
                return Ok(Err(rejection));
            }
            self.insert(transaction, standing);
            return Ok(Ok(Admitted {
                ready,
                dropped: Vec::new(),
            }));
        }
        match self.apply(&transaction)? {
            Ok(()) => {
                self.insert(transaction, standing);
                let dropped = self.promote(account)?;
                Ok(Ok(Admitted { ready, dropped }))
            }
            Err(rejection) => Ok(Err(rejection)),
        }
    }

    /// Applies a transaction on top of what is ready.
    ///
    /// # Rule O6: a node takes no opening before a block has passed the kick-off, whatever its own clock says: one that
    /// # the others would find too early never leaves it.
    pub(super) fn apply(
        &mut self,
        transaction: &CheckedTransaction,
    ) -> Result<Result<(), Rejection>, StoreError> {
        let ledger = Ledger::new(&self.genesis);
        let mut context = self.context;
        if let Action::Open { .. } = transaction.get().body.action {
            context.time = self.overlay.totals()?.clock;
        }
        match ledger.apply_transaction(&mut self.overlay, context, transaction) {
            Ok(_) => Ok(Ok(())),
            Err(error) => match ConnectError::rejection(error) {
                Ok(rejection) => Ok(Err(rejection)),
                Err(store) => Err(store),
            },
        }
    }

    /// Makes ready those of the account that waited for the one that just became it.
    pub(super) fn promote(&mut self, account: AccountId) -> Result<Vec<Dropped>, StoreError> {
        let mut dropped = Vec::new();
        loop {
            let wanted: Nonce = self.next_nonce(&account)?;
            let next: Option<TxId> = self
                .accounts
                .get(&account)
                .and_then(|queue| queue.get(&wanted))
                .copied();
            let Some(transaction) = next.and_then(|id| self.get(&id)).cloned() else {
                return Ok(dropped);
            };
            let id = transaction.id();
            match self.apply(&transaction)? {
                Ok(()) => {
                    if let Some(entry) = self.entries.get_mut(&id) {
                        let before = std::mem::replace(&mut entry.standing, Standing::Ready);
                        if let Standing::Waits { stranger: true, .. } = before {
                            self.strangers = self.strangers.saturating_sub(1);
                        }
                    }
                    self.ready.push(id);
                }
                Err(rejection) => {
                    self.remove_waiting(&id);
                    dropped.push(Dropped {
                        transaction,
                        reason: Some(rejection),
                    });
                    self.drop_behind(account, wanted, &mut dropped);
                    return Ok(dropped);
                }
            }
        }
    }

    /// What comes too late by this node's clock, although a block could hold it.
    fn late(&self, transaction: &CheckedTransaction) -> Result<Option<Rejection>, StoreError> {
        match &transaction.get().body.action {
            Action::Bet { tips } => self.late_bet(tips.iter().map(|tip| tip.match_no)),
            Action::Seal { tips } => self.late_bet(tips.iter().map(|tip| tip.match_no)),
            Action::Open { openings } => self.late_opening(openings),
            Action::Result { match_no, .. } | Action::Object { match_no, .. } => {
                self.late_record(*match_no)
            }
            _ => Ok(None),
        }
    }

    /// What rule O6 says of an opening that waits for others, and so is not applied yet.
    pub(super) fn early(
        &self,
        transaction: &CheckedTransaction,
    ) -> Result<Option<Rejection>, StoreError> {
        let Action::Open { openings } = &transaction.get().body.action else {
            return Ok(None);
        };
        let clock = self.overlay.totals()?.clock;
        for opening in openings {
            if let Some(game) = self.overlay.match_by_no(opening.match_no)?
                && !game.has_begun_at(clock)
            {
                let code = &game.fixture.code;
                return Ok(Some(Rejection::new(
                    Reason::OpeningTooEarly,
                    format!("no block has passed the kick-off of match `{code}` yet"),
                )));
            }
        }
        Ok(None)
    }

    /// # Rule D3: a node takes no tip on a match that has kicked off. One that becomes late while it waits is void
    /// in its block.
    fn late_bet(
        &self,
        matches: impl Iterator<Item = MatchNo>,
    ) -> Result<Option<Rejection>, StoreError> {
        for match_no in matches {
            if let Some(game) = self.overlay.match_by_no(match_no)?
                && !game.is_open_at(self.context.time)
            {
                let code = &game.fixture.code;
                return Ok(Some(Rejection::new(
                    Reason::BetAfterKickoff,
                    format!("match `{code}` has kicked off: bets on it are closed"),
                )));
            }
        }
        Ok(None)
    }

    /// # Rule O5: a node takes no opening whose window is over. One that becomes late while it waits is void in its
    /// block.
    fn late_opening(&self, openings: &[Opening]) -> Result<Option<Rejection>, StoreError> {
        let window_s = self.genesis.rules.opening_window_s;
        for opening in openings {
            if let Some(game) = self.overlay.match_by_no(opening.match_no)?
                && game
                    .openings_end(window_s)
                    .is_some_and(|end| end <= self.context.time)
            {
                let code = &game.fixture.code;
                return Ok(Some(Rejection::new(
                    Reason::OpeningTooLate,
                    format!(
                        "the time for opening tips on match `{code}` is over: seals that were not opened do not count"
                    ),
                )));
            }
        }
        Ok(None)
    }

    /// # Rule R9: a node takes no record of a match, and no objection to one, whose record is final by its clock.
    fn late_record(&self, match_no: MatchNo) -> Result<Option<Rejection>, StoreError> {
        let due = self.overlay.result(match_no)?.is_some_and(|result| {
            result
                .final_at
                .is_some_and(|final_at| final_at <= self.context.time)
        });
        let game = if due {
            self.overlay.match_by_no(match_no)?
        } else {
            None
        };
        Ok(game.map(|game| {
            Rejection::new(
                Reason::ResultFinal,
                format!("the result of match `{}` is final", game.fixture.code),
            )
        }))
    }
}

fn refuse(reason: Reason, message: impl std::fmt::Display) -> Result<Admitted, Rejection> {
    Err(Rejection::new(reason, message))
}
