//! Bets, seals and openings.

use std::collections::BTreeSet;

use super::{
    RuleError,
    items::TakesBets,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    actions::{By, NewBet},
    fixture::MatchNo,
    hashes::TxId,
    state::{Bet, Bets, BetsByAccount, Cause, MatchSet, StateView},
    units::Chips,
};

/// A bet that is in time, and the one that it replaces.
struct Change {
    replaced: Option<Bet>,
    new: NewBet,
}

impl Change {
    fn staked_before(&self) -> Chips {
        self.replaced.map_or(Chips::ZERO, |bet| bet.stake)
    }

    fn frees(&self) -> Chips {
        Chips(self.staked_before().0.saturating_sub(self.new.stake.0))
    }

    fn locks(&self) -> Chips {
        Chips(self.new.stake.0.saturating_sub(self.staked_before().0))
    }
}

/// # Rule C2: a player stakes no more than the chips at hand, those freed by replaced bets included.
fn check_chips(chips: Chips, changes: &[Change]) -> Result<(), RuleError> {
    let (mut available, mut needed) = (chips, Chips::ZERO);
    for change in changes {
        available = fits(available.checked_add(change.staked_before().0))?;
        needed = fits(needed.checked_add(change.new.stake.0))?;
    }
    if needed > available {
        return Err(RuleError::NotEnoughChips { needed, available });
    }
    Ok(())
}

impl<S: StateView> Run<'_, S> {
    /// Places bets, open or sealed; gives the matches of those that are void.
    pub(crate) fn place(&mut self, by: &mut By<'_>, bets: Vec<NewBet>) -> Applied<Vec<MatchNo>, S> {
        let By {
            id,
            tx,
            ref mut account,
        } = *by;
        let written: Vec<MatchNo> = bets.iter().map(|bet| bet.match_no).collect();
        let mut changes: Vec<Change> = Vec::new();
        for new in bets {
            let TakesBets {
                is_open,
                stakes,
                kind,
            } = self.takes_bets(new.match_no)?;
            if let Some(prediction) = new.placed.prediction() {
                self.check_kind(new.match_no, prediction, kind)?;
            }
            // # Rule C5: a stake is within the rules' limits.
            if !stakes.contains(&new.stake) {
                let (min, max) = stakes.into_inner();
                let got = new.stake;
                return Err(RuleError::BadStake { got, min, max }.into());
            }
            // # Rule D1: a bet counts only in a block whose time is before the deadline; a later one is void, changes
            // # nothing and locks no stake.
            if is_open {
                // # Rule D2: a later bet by the same player on the same match replaces the earlier one.
                let replaced = self.get_to_change::<Bets>(&(new.match_no, id))?;
                changes.push(Change { replaced, new });
            }
        }
        if self.refuses_short {
            check_chips(account.chips, &changes)?;
        }
        // # Rule C2: what replaced bets free comes first. Of the bets that lock chips, in the order written, one that the
        // # chips at hand do not reach for is void.
        for change in &changes {
            let (freed, cause) = (change.frees(), Cause::Freed(change.new.match_no));
            if freed > Chips::ZERO {
                self.credit(&id, account, freed, cause)?;
            }
        }
        let (mut counting, mut first) = (BTreeSet::new(), Vec::new());
        for change in changes {
            let (locked, no) = (change.locks(), change.new.match_no);
            if locked > account.chips {
                continue;
            }
            if locked > Chips::ZERO {
                self.debit(&id, account, locked, Cause::Staked(no))?;
            }
            if change.replaced.is_none() {
                first.push(no);
                self.totals.bets = fits(self.totals.bets.checked_add(1))?;
            }
            self.put_bet(id, tx, change.replaced, change.new)?;
            counting.insert(no);
        }
        self.add_to_sets(id, &first)?;
        let is_void = |no: &MatchNo| !counting.contains(no);
        Ok(written.into_iter().filter(is_void).collect())
    }

    fn put_bet(
        &mut self,
        id: AccountId,
        tx: TxId,
        replaced: Option<Bet>,
        new: NewBet,
    ) -> Applied<(), S> {
        let no = new.match_no;
        self.count_bet(replaced.as_ref(), &new)?;
        let bet = Bet {
            placed: new.placed,
            stake: new.stake,
            height: self.at.height,
            time: self.at.time,
            tx,
            opened: None,
        };
        self.put::<Bets>(&(no, id), &bet)
    }

    /// Keeps that a player has bets on these matches.
    fn add_to_sets(&mut self, id: AccountId, first: &[MatchNo]) -> Applied<(), S> {
        let part = |no: &MatchNo| MatchSet::part(*no);
        for numbers in first.chunk_by(|one, other| part(one) == part(other)) {
            let [no, ..] = numbers else { continue };
            let key = (id, part(no));
            let set = self.get_to_change::<BetsByAccount>(&key)?;
            let set = numbers
                .iter()
                .fold(set.unwrap_or_default(), |set, no| set.with(*no));
            self.put::<BetsByAccount>(&key, &set)?;
        }
        Ok(())
    }
}
