//! Records that become final, and pots that are paid.

use super::run::{Applied, Run, fits};
use crate::{
    account::AccountId,
    fixture::MatchNo,
    rules::NobodyRight,
    state::{Accounts, Bet, Bets, Cause, Due, Match, Matches, Results, StateView},
    units::Chips,
};

/// The most records that become final in one block; the rest wait for the next.
const MOST_IN_A_BLOCK: usize = 16;

impl<S: StateView> Run<'_, S> {
    /// Makes final whatever is due by the block's time.
    pub(super) fn settle_due(&mut self) -> Applied<(), S> {
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
        let (Some(mut result), mut game) = (self.get::<Results>(&no)?, self.game(no)?) else {
            return Ok(());
        };
        // # Rule R8: a postponed match has no result yet: its record is not final and its pot stays.
        if result.outcome.status == crate::outcome::Status::Postponed {
            return Ok(());
        }
        result.settled = true;
        self.count(|totals| {
            totals.provisional = totals.provisional.checked_sub(1)?;
            Some(())
        })?;
        self.pay(&mut game, &result.outcome)?;
        self.put::<Matches>(&no, &game)?;
        self.put::<Results>(&no, &result)
    }

    fn pay(&mut self, game: &mut Match, outcome: &crate::outcome::Outcome) -> Applied<(), S> {
        let rules = &self.genesis.rules;
        let (base, _) = rules.stage_of(&game.fixture);
        let score = outcome.counting_score(base, rules.awarded_counts);
        let bets: Vec<(AccountId, Bet)> = self
            .scan::<Bets>(&game.fixture.no, usize::MAX)?
            .into_iter()
            .map(|((_, id), bet)| (id, bet))
            .filter(|(_, bet)| bet.stake > Chips::ZERO)
            .collect();
        let weights: Vec<u128> = bets
            .iter()
            .map(|(_, bet)| {
                let points = score.and_then(|score| rules.points(&game.fixture, bet.score(), score));
                u128::from(bet.stake.0) * points.map_or(0, |(points, _)| u128::from(points.0))
            })
            .collect();
        let nobody = weights.iter().all(|weight| *weight == 0);
        let pot = game.pot;
        game.pot = Chips::ZERO;
        // # Rule P4: without a score that counts, every stake goes back.
        // # Rule P3: nobody with points: every stake goes back, or the pot is added to the next that is paid, as the
        // # rules say.
        if nobody && (score.is_none() || rules.nobody_right == NobodyRight::Refund) {
            for (id, bet) in &bets {
                self.give(id, bet.stake, Cause::Refunded(game.fixture.no))?;
            }
            return Ok(());
        }
        if nobody {
            return self.count(|totals| {
                totals.rollover = totals.rollover.checked_add(pot.0)?;
                Some(())
            });
        }
        let rollover = self.totals()?.rollover;
        self.count(|totals| {
            totals.rollover = Chips::ZERO;
            Some(())
        })?;
        let pot = fits(pot.checked_add(rollover.0))?;
        for ((id, _), share) in bets.iter().zip(shares(pot, &weights)) {
            if share > Chips::ZERO {
                self.give(id, share, Cause::Won(game.fixture.no))?;
            }
        }
        Ok(())
    }

    fn give(&mut self, id: &AccountId, chips: Chips, cause: Cause) -> Applied<(), S> {
        let Some(mut account) = self.get::<Accounts>(id)? else {
            return Ok(());
        };
        self.credit(id, &mut account, chips, cause)?;
        self.put::<Accounts>(id, &account)
    }
}

/// # Rule P1: a pot is shared in proportion to stake × points.
/// # Rule P2: what whole chips leave over goes to the largest remainders, equal ones in the order of the accounts.
///
/// Gives one share for each weight; together they are the pot, unless every weight is zero.
#[must_use]
pub fn shares(pot: Chips, weights: &[u128]) -> Vec<Chips> {
    let sum: u128 = weights.iter().sum();
    let whole = u128::from(pot.0);
    let split = |weight: &u128| {
        let product = whole.saturating_mul(*weight);
        (product.checked_div(sum).unwrap_or(0), product.checked_rem(sum).unwrap_or(0))
    };
    let parts: Vec<(u128, u128)> = weights.iter().map(split).collect();
    let mut shares: Vec<u128> = parts.iter().map(|(share, _)| *share).collect();
    let left = if sum == 0 { 0 } else { whole.saturating_sub(shares.iter().sum()) };
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(parts.get(*index).map_or(0, |(_, rest)| *rest)));
    for index in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        if let Some(share) = shares.get_mut(index) {
            *share = share.saturating_add(1);
        }
    }
    shares
        .into_iter()
        .map(|share| Chips(u64::try_from(share).unwrap_or(u64::MAX)))
        .collect()
}
