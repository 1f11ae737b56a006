//! Bets and what they earned, as they are answered.

use bolao_ledger::{AccountId, Bet, Placed, Rules, StateView, paid_out};

use crate::{
    Chain, Game, Lookup,
    body::{BetBody, CellBody, Earned, moment},
};

impl Earned {
    /// The points of a player's bet on a match.
    pub fn new<S: StateView>(
        state: &S,
        rules: &Rules,
        game: &Game,
        player: &AccountId,
        bet: &Bet,
    ) -> Result<Self, S::Error> {
        let earned = game.points(state, rules, player, bet)?;
        Ok(Self {
            points: earned.map(|(points, _)| points.0),
            tier: earned.map(|(_, tier)| tier),
            provisional: earned.is_some() && game.is_provisional(),
            modifiers: rules
                .features
                .modifiers(state, rules, game.bet_on(player, bet))?,
        })
    }
}

impl CellBody {
    /// A player's bet on a match, briefly.
    pub fn new<S: StateView>(
        state: &S,
        rules: &Rules,
        game: &Game,
        player: &AccountId,
        bet: &Bet,
    ) -> Result<Self, S::Error> {
        Ok(Self {
            predicted: bet.prediction().into(),
            sealed: bet.prediction().is_none(),
            stake: bet.stake.0,
            earned: Earned::new(state, rules, game, player, bet)?,
        })
    }
}

impl BetBody {
    /// An account's bet on a match.
    pub fn new<S: Chain>(
        lookup: &mut Lookup<'_, S>,
        rules: &Rules,
        game: &Game,
        account: &AccountId,
        bet: &Bet,
    ) -> Result<Self, S::Error> {
        let commitment = match bet.placed {
            Placed::Open(_) => None,
            Placed::Sealed(commitment) => Some(hex::encode(commitment)),
        };
        let clock = lookup.chain().totals()?.clock;
        let missed = commitment.is_some() && game.is_missed(rules, bet, clock);
        let payout = paid_out(
            lookup.chain(),
            game.no(),
            game.result.as_ref(),
            account,
            bet,
        )?;
        Ok(Self {
            r#match: game.into(),
            player: lookup.player(account)?,
            predicted: bet.prediction().into(),
            sealed: commitment.is_some(),
            missed,
            commitment,
            opened: bet.opened.map(|height| height.0),
            stake: bet.stake.0,
            height: bet.height.0,
            state: lookup.state_at(bet.height)?,
            time: moment(bet.time),
            after_kickoff: game.marks(bet),
            transaction: bet.tx.to_string(),
            earned: Earned::new(lookup.chain(), rules, game, account, bet)?,
            payout: payout.map(|chips| chips.0),
        })
    }
}
