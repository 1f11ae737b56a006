//! Records that become final, and pots that are paid.

use std::cmp::Reverse;

use super::{
    ApplyError,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    fixture::{Fixture, MatchNo},
    rules::{NobodyRight, Rules},
    score::Score,
    scoring::Crowd,
    state::{Accounts, Bet, Bets, Cause, Due, Match, Results, StateView},
    units::Chips,
};

/// The most records that become final in one block; the rest wait for the next.
const MOST_IN_A_BLOCK: usize = 16;

impl<S: StateView> Run<'_, S> {
    /// # Rule R4: records become final in the order of their times, then of the matches' numbers, at most 16 in a block.
    pub(crate) fn settle_due(&mut self) -> Applied<(), S> {
        for ((time, no), ()) in self.scan::<Due>(&(), MOST_IN_A_BLOCK)? {
            if time > self.at.time {
                break;
            }
            self.remove::<Due>(&(time, no))?;
            self.settle(no)?;
        }
        Ok(())
    }

    fn settle(&mut self, no: MatchNo) -> Applied<(), S> {
        let Some(mut result) = self.get::<Results>(&no)? else {
            return Ok(());
        };
        result.settled = Some(self.at.height);
        if let Some(mut game) = self.find_game(no)?.cloned() {
            let rules = &self.genesis.rules;
            let score = game.counting_score(rules, &result.outcome);
            if score.is_some() {
                self.totals.provisional = fits(self.totals.provisional.checked_sub(1))?;
            }
            self.pay(&mut game, score)?;
            self.put_game(game);
        }
        self.put::<Results>(&no, &result)
    }

    fn pay(&mut self, game: &mut Match, score: Option<Score>) -> Applied<(), S> {
        let rules = &self.genesis.rules;
        let bets: Vec<(AccountId, Bet)> = self
            .scan::<Bets>(&game.fixture.no, usize::MAX)?
            .into_iter()
            .map(|((_, id), bet)| (id, bet))
            .filter(|(_, bet)| bet.stake > Chips::ZERO)
            .collect();
        let pot = game.pot;
        game.pot = Chips::ZERO;
        let no = game.fixture.no;
        let rollover = self.totals.rollover;
        let crowd = |score| Crowd::of(&*self.overlay, rules, game, score).map(|it| (score, it));
        let score = score.map(crowd).transpose().map_err(ApplyError::State)?;
        match payouts(
            rules,
            &game.fixture,
            fits(pot.checked_add(rollover.0))?,
            &bets,
            score,
        ) {
            Payouts::Refunded => {
                for (id, bet) in &bets {
                    self.give(id, bet.stake, Cause::Refunded(no))?;
                }
            }
            Payouts::RolledOver => {
                self.totals.rollover = fits(rollover.checked_add(pot.0))?;
            }
            Payouts::Won(shares) => {
                self.totals.rollover = Chips::ZERO;
                for ((id, _), share) in bets.iter().zip(shares) {
                    if share > Chips::ZERO {
                        self.give(id, share, Cause::Won(no))?;
                    }
                }
            }
        }
        Ok(())
    }

    pub(crate) fn give(&mut self, id: &AccountId, chips: Chips, cause: Cause) -> Applied<(), S> {
        let Some(mut account) = self.get_to_change::<Accounts>(id)? else {
            return Ok(());
        };
        self.credit(id, &mut account, chips, cause)?;
        self.put::<Accounts>(id, &account)
    }
}

/// The payout of a pot: refunded, rolled over or won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payouts {
    /// Every stake goes back.
    Refunded,
    /// It is added to the next that is paid.
    RolledOver,
    /// One share for each bet.
    Won(Vec<Chips>),
}

/// Gives the payout of a match's pot, with what was rolled over to it, if this score counts.
///
/// # Rule P4: without a score that counts, every stake goes back.
/// # Rule P3: nobody with points: every stake goes back, or the pot is added to the next that is paid, as the rules say.
#[must_use]
pub fn payouts(
    rules: &Rules,
    fixture: &Fixture,
    pot: Chips,
    bets: &[(AccountId, Bet)],
    score: Option<(Score, Crowd)>,
) -> Payouts {
    let Some((score, crowd)) = score else {
        return Payouts::Refunded;
    };
    // Genesis bounds stakes by 2^40 and points by 2^19.
    let weight = |(_, bet): &(AccountId, Bet)| {
        let points = rules.points(fixture, bet.score(), score, crowd);
        points.map_or(0, |(points, _)| bet.stake.0.saturating_mul(points.0))
    };
    let weights: Vec<u64> = bets.iter().map(weight).collect();
    if weights.iter().any(|weight| *weight > 0) {
        return Payouts::Won(shares(pot, &weights));
    }
    match rules.nobody_right {
        NobodyRight::Refund => Payouts::Refunded,
        NobodyRight::Rollover => Payouts::RolledOver,
    }
}

/// # Rule P1: a pot is shared in proportion to stake × points.
/// # Rule P2: what whole chips leave over goes to the largest remainders, equal ones in the order of the accounts.
///
/// Gives one share for each weight; together they are the pot, unless every weight is zero.
#[must_use]
pub fn shares(pot: Chips, weights: &[u64]) -> Vec<Chips> {
    let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        // 64 by 64 bits: the product is at most 128 bits long, the quotient no more than the pot.
        let product = u128::from(pot.0) * u128::from(*weight);
        let whole = product.checked_div(sum).unwrap_or(0);
        shares.push(Chips(u64::try_from(whole).unwrap_or(u64::MAX)));
        remainders.push((Reverse(product.checked_rem(sum).unwrap_or(0)), index));
    }
    let shared: u64 = shares.iter().map(|share| share.0).sum();
    let left = if sum == 0 { 0 } else { pot.0 - shared };
    remainders.sort_unstable();
    for (_, (_, index)) in (0..left).zip(remainders) {
        if let Some(share) = shares.get_mut(index) {
            share.0 += 1;
        }
    }
    shares
}
