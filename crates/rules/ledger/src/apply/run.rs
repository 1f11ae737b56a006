//! What all actions share: reading, writing, nonces, counts, the history of chips.
//!
//! The counts and the matches, which every bet of a block changes, are decoded once and written at the end.

use std::collections::BTreeMap;

use super::{ApplyError, BlockContext, RuleError, TxOutcome};
use crate::{
    account::AccountId,
    actions::{Action, By, Signer},
    fixture::{Day, Fixture, MatchNo},
    genesis::Genesis,
    hashes::{PoolId, TxId},
    state::{
        Account, Accounts, Cause, Codes, History, HistoryEntry, HistoryPage, Match, Matches,
        Overlay, StateKey, StateView, Table, Totals, TotalsTable,
    },
    transaction::TxBody,
    units::{Chips, Nonce},
};

/// One step of a block.
pub(crate) struct Run<'r, S> {
    pub(crate) genesis: &'r Genesis,
    pub(crate) pool: PoolId,
    pub(crate) overlay: &'r mut Overlay<S>,
    pub(crate) at: BlockContext,
    /// Whether a bet that the chips do not reach for refuses its transaction; else it is void.
    pub(crate) refuses_short: bool,
    /// The counts of the whole chain.
    pub(crate) totals: Totals,
    /// The matches that were looked at.
    pub(crate) games: BTreeMap<MatchNo, Match>,
}

/// Entries of a table with their keys.
pub(crate) type Entries<T> = Vec<(<T as Table>::Key, <T as Table>::Value)>;

pub(crate) type Applied<T, S> = Result<T, ApplyError<<S as StateView>::Error>>;

/// A count that went past its largest or below its smallest value.
pub(crate) fn fits<T>(value: Option<T>) -> Result<T, RuleError> {
    value.ok_or(RuleError::Overflow)
}

impl<S: StateView> Run<'_, S> {
    pub(crate) fn get<T: Table>(&self, key: &T::Key) -> Applied<Option<T::Value>, S> {
        self.overlay.get::<T>(key).map_err(ApplyError::State)
    }

    pub(crate) fn scan<T: Table>(
        &self,
        part: &impl StateKey,
        limit: usize,
    ) -> Applied<Entries<T>, S> {
        self.overlay
            .scan::<T>(part, None, limit)
            .map_err(ApplyError::State)
    }

    pub(crate) fn put<T: Table>(&mut self, key: &T::Key, value: &T::Value) -> Applied<(), S> {
        self.overlay.put::<T>(key, value).map_err(ApplyError::State)
    }

    pub(crate) fn remove<T: Table>(&mut self, key: &T::Key) -> Applied<(), S> {
        self.overlay.remove::<T>(key).map_err(ApplyError::State)
    }

    /// An entry that is about to be changed.
    pub(crate) fn get_to_change<T: Table>(&mut self, key: &T::Key) -> Applied<Option<T::Value>, S> {
        self.overlay
            .get_to_change::<T>(key)
            .map_err(ApplyError::State)
    }

    /// Writes what was kept decoded.
    pub(crate) fn finish(mut self) -> Applied<(), S> {
        self.put::<TotalsTable>(&(), &self.totals.clone())?;
        let games = std::mem::take(&mut self.games);
        games
            .iter()
            .try_for_each(|(no, game)| self.put::<Matches>(no, game))
    }

    /// Sets the pool's clock.
    pub(crate) fn tick(&mut self) {
        self.totals.clock = self.at.time;
    }

    pub(crate) fn find_game(&mut self, no: MatchNo) -> Applied<Option<&mut Match>, S> {
        if !self.games.contains_key(&no)
            && let Some(game) = self.get_to_change::<Matches>(&no)?
        {
            self.games.insert(no, game);
        }
        Ok(self.games.get_mut(&no))
    }

    pub(crate) fn game(&mut self, no: MatchNo) -> Applied<&mut Match, S> {
        let game = self.find_game(no)?;
        Ok(game.ok_or(RuleError::UnknownMatch { no })?)
    }

    pub(crate) fn put_game(&mut self, game: Match) {
        self.games.insert(game.fixture.no, game);
    }

    /// A match with a code and a place in the counts, which the caller puts.
    pub(crate) fn new_match(&mut self, fixture: &Fixture, day: Option<Day>) -> Applied<Match, S> {
        self.put::<Codes>(&fixture.code.folded(), &fixture.no)?;
        self.totals.matches = fits(self.totals.matches.checked_add(1))?;
        let lead_s = self.genesis.rules.deadline_lead_s;
        Ok(Match::new(fixture.clone(), day, lead_s))
    }

    /// Gives chips to an account, with a line in its history.
    pub(crate) fn credit(
        &mut self,
        id: &AccountId,
        account: &mut Account,
        amount: Chips,
        cause: Cause,
    ) -> Applied<(), S> {
        account.chips = fits(account.chips.checked_add(amount.0))?;
        self.note(id, account, amount, cause)
    }

    /// Takes chips from an account, with a line in its history.
    pub(crate) fn debit(
        &mut self,
        id: &AccountId,
        account: &mut Account,
        amount: Chips,
        cause: Cause,
    ) -> Applied<(), S> {
        let available = account.chips;
        account.chips = available
            .checked_sub(amount.0)
            .ok_or(RuleError::NotEnoughChips {
                needed: amount,
                available,
            })?;
        self.note(id, account, amount, cause)
    }

    fn note(
        &mut self,
        id: &AccountId,
        account: &mut Account,
        amount: Chips,
        cause: Cause,
    ) -> Applied<(), S> {
        let entry = HistoryEntry {
            cause,
            amount,
            balance: account.chips,
            height: self.at.height,
            time: self.at.time,
        };
        let (page, _) = HistoryPage::place(account.history);
        let key = (*id, page);
        let mut page = self.get_to_change::<History>(&key)?.unwrap_or_default();
        page.0.push(entry);
        self.put::<History>(&key, &page)?;
        account.history = fits(account.history.checked_add(1))?;
        Ok(())
    }

    /// Applies a transaction's body.
    pub(crate) fn transaction(&mut self, id: TxId, body: &TxBody) -> Applied<TxOutcome, S> {
        let account = self.get_to_change::<Accounts>(&body.account)?;
        let wanted = account
            .as_ref()
            .map_or(Nonce::ZERO, |account| account.next_nonce);
        let Some(mut account) = account else {
            // # Rule T4: an account's first transaction is a join.
            let Action::Join(joining) = &body.action else {
                return Err(RuleError::UnknownAccount {
                    account: body.account,
                }
                .into());
            };
            check_nonce(body.nonce, wanted)?;
            self.within_bounds(&body.account, body.signed_bytes())?;
            self.join(body.account, joining)?;
            self.has_signed(&body.account)?;
            self.count_transaction()?;
            return Ok(TxOutcome::default());
        };
        // # Rule T3: an account's nonces are consecutive from 0.
        check_nonce(body.nonce, wanted)?;
        account.next_nonce = fits(wanted.checked_add(1))?;
        let who = body.account;
        self.within_bounds(&who, body.signed_bytes())?;
        self.has_signed(&who)?;
        match body.action.kind().signer() {
            Signer::Player => {}
            Signer::Organiser => self.check_organiser(&who)?,
        }
        let mut by = By {
            id: who,
            account: &mut account,
            tx: id,
        };
        let void_bets = body.action.apply(self, &mut by)?;
        self.put::<Accounts>(&who, &account)?;
        self.count_transaction()?;
        Ok(TxOutcome { void_bets })
    }

    fn count_transaction(&mut self) -> Result<(), RuleError> {
        self.totals.transactions = fits(self.totals.transactions.checked_add(1))?;
        Ok(())
    }
}

fn check_nonce(got: Nonce, wanted: Nonce) -> Result<(), RuleError> {
    if got == wanted {
        Ok(())
    } else {
        Err(RuleError::BadNonce { got, wanted })
    }
}
