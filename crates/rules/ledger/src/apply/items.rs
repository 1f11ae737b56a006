//! What players bet on, as bets, openings and records meet it, whatever it is.
//!
//! - `questions`: what organisers ask, and what answers give

mod questions;

use std::ops::RangeInclusive;

use super::{
    ApplyError, RuleError,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    actions::NewBet,
    fixture::MatchNo,
    item::Item,
    state::{Bet, Prediction, Slots, StateView},
    units::Chips,
};

/// Counts of bets with a new one among them, and without the one that it replaces.
fn tally(
    (bets, unopened): (u32, u32),
    replaced: Option<&Bet>,
    new: &NewBet,
) -> Result<(u32, u32), RuleError> {
    let is_sealed = |bet: &Prediction| u32::from(bet.score().is_none());
    let before = replaced.map_or(0, |bet| is_sealed(&bet.prediction));
    let unopened = unopened.checked_sub(before);
    let unopened = unopened.and_then(|rest| rest.checked_add(is_sealed(&new.prediction)));
    let first = u32::from(replaced.is_none());
    Ok((fits(bets.checked_add(first))?, fits(unopened)?))
}

impl<S: StateView> Run<'_, S> {
    /// A plain view of what has a number.
    pub(crate) fn item(&mut self, no: MatchNo) -> Applied<Item, S> {
        if let Some(game) = self.find_game(no)? {
            return Ok(game.clone().into());
        }
        let item = self.overlay.item(no).map_err(ApplyError::State)?;
        Ok(item.ok_or(RuleError::UnknownMatch { no })?)
    }

    /// The same by the number under which organisers sign about it.
    pub(crate) fn signed_item(&mut self, no: MatchNo) -> Applied<Item, S> {
        let item = self.item(no)?;
        if item.of == no {
            Ok(item)
        } else {
            Err(RuleError::UnknownMatch { no }.into())
        }
    }

    /// Whether a bet on it counts now, and the stakes that it takes.
    pub(crate) fn takes_bets(&mut self, no: MatchNo) -> Applied<(bool, RangeInclusive<Chips>), S> {
        let (now, rules) = (self.at.time, &self.genesis.rules);
        // # Rule X7: an answer has the stake 0.
        if let Some(slot) = self.slot(no)? {
            return Ok((slot.is_open_at(now, rules), Chips::ZERO..=Chips::ZERO));
        }
        let stakes = rules.stake_min..=rules.stake_max;
        Ok((self.game(no)?.is_open_at(now, rules), stakes))
    }

    /// Counts a bet on it, and puts its stake in the pot.
    pub(crate) fn count_bet(&mut self, replaced: Option<&Bet>, new: &NewBet) -> Applied<(), S> {
        let (no, freed) = (new.match_no, replaced.map_or(Chips::ZERO, |bet| bet.stake));
        if let Some(mut slot) = self.slot(no)? {
            (slot.bets, slot.unopened) = tally((slot.bets, slot.unopened), replaced, new)?;
            return self.put::<Slots>(&no, &slot);
        }
        let game = self.game(no)?;
        let pot = game.pot.checked_sub(freed.0);
        game.pot = fits(pot.and_then(|pot| pot.checked_add(new.stake.0)))?;
        (game.bets, game.unopened) = tally((game.bets, game.unopened), replaced, new)?;
        Ok(())
    }

    /// Counts a seal of it as opened, with the points that this gives.
    pub(crate) fn count_opened(&mut self, no: MatchNo, id: AccountId, bet: &Bet) -> Applied<(), S> {
        if let Some(slot) = self.slot(no)? {
            return self.opened_slot(no, slot, id);
        }
        let game = self.game(no)?;
        game.unopened = fits(game.unopened.checked_sub(1))?;
        let game = game.clone();
        self.score_opened(&game, id, bet)
    }
}
