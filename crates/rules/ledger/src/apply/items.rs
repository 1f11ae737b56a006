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
    item::{Item, Prediction, PredictionKind},
    state::{Bet, Placed, Questions, Slots, StateView},
    units::Chips,
};

/// The bets that something takes.
pub(crate) struct TakesBets {
    /// Whether one counts now.
    pub(crate) is_open: bool,
    pub(crate) stakes: RangeInclusive<Chips>,
    pub(crate) kind: PredictionKind,
}

/// Counts of bets with a new one among them, and without the one that it replaces.
fn tally(
    (bets, unopened): (u32, u32),
    replaced: Option<&Bet>,
    new: &NewBet,
) -> Result<(u32, u32), RuleError> {
    let is_sealed = |bet: &Placed| u32::from(bet.prediction().is_none());
    let before = replaced.map_or(0, |bet| is_sealed(&bet.placed));
    let unopened = unopened.checked_sub(before);
    let unopened = unopened.and_then(|rest| rest.checked_add(is_sealed(&new.placed)));
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

    /// The bets that it takes now.
    pub(crate) fn takes_bets(&mut self, no: MatchNo) -> Applied<TakesBets, S> {
        let (now, rules) = (self.at.time, &self.genesis.rules);
        // # Rule X7: an answer has the stake 0.
        if let Some(slot) = self.slot(no)? {
            let question = self.get::<Questions>(&slot.of)?;
            let question = question.ok_or(RuleError::UnknownMatch { no })?;
            return Ok(TakesBets {
                is_open: slot.is_open_at(now, rules),
                stakes: Chips::ZERO..=Chips::ZERO,
                kind: question.asks.takes(),
            });
        }
        Ok(TakesBets {
            is_open: self.game(no)?.is_open_at(now, rules),
            stakes: rules.stake_min..=rules.stake_max,
            kind: PredictionKind::Score,
        })
    }

    /// # Rule D5: a match takes scores, a question with options takes options, one that asks for a number takes numbers.
    pub(crate) fn check_kind(
        &self,
        no: MatchNo,
        prediction: Prediction,
        kind: PredictionKind,
    ) -> Result<(), RuleError> {
        if self.genesis.rules.takes(kind, prediction) {
            Ok(())
        } else {
            Err(RuleError::WrongPrediction { no, kind })
        }
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
        let replaced = replaced.and_then(Bet::prediction);
        self.count_readable(no, replaced, new.placed.prediction())
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
