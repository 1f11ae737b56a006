//! Bets, with what they earned.

use bolao_ledger::{AccountId, Bet, Prediction, Rules};
use bolao_store::StoreError;

use super::{game::Game, payout::payout, views::Lookup};
use crate::body::{BetBody, Earned, moment};

impl Earned {
    pub(crate) fn new(rules: &Rules, game: &Game, bet: &Bet) -> Self {
        let earned = game.points(rules, bet);
        Self {
            points: earned.map(|(points, _)| points.0),
            tier: earned.map(|(_, tier)| tier),
            provisional: earned.is_some() && game.is_provisional(),
        }
    }
}

impl BetBody {
    pub(crate) fn new(
        lookup: &mut Lookup<'_>,
        rules: &Rules,
        game: &Game,
        account: &AccountId,
        bet: &Bet,
    ) -> Result<Self, StoreError> {
        let commitment = match bet.prediction {
            Prediction::Open(_) => None,
            Prediction::Sealed(commitment) => Some(hex::encode(commitment)),
        };
        Ok(Self {
            r#match: game.reference(),
            player: lookup.player(account)?,
            score: bet.score(),
            sealed: commitment.is_some(),
            commitment,
            opened: bet.opened.map(|height| height.0),
            stake: bet.stake.0,
            height: bet.height.0,
            time: moment(bet.time),
            transaction: bet.tx.to_string(),
            earned: Earned::new(rules, game, bet),
            payout: payout(lookup.snapshot(), game, account, bet)?,
        })
    }
}
