//! Bets, with what they earned.

use bolao_ledger::{AccountId, Bet, Prediction, Rules, Tier};
use bolao_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    dto::{MatchRef, Moment, PlayerRef, ScoreBody},
    game::Game,
    payout::payout,
    views::Lookup,
};

/// A standing bet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BetBody {
    pub(crate) r#match: MatchRef,
    pub(crate) player: PlayerRef,
    /// The prediction; `null` while it is sealed.
    pub(crate) score: Option<ScoreBody>,
    /// Whether nobody can read it yet.
    pub(crate) sealed: bool,
    /// While it is sealed, the hash that hides it, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) commitment: Option<String>,
    /// If it was sealed and is open, the height of the block that opened it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) opened: Option<u64>,
    /// Chips put on it.
    pub(crate) stake: u64,
    /// The block that holds it.
    pub(crate) height: u64,
    pub(crate) time: Moment,
    /// The transaction that placed it.
    pub(crate) transaction: String,
    #[serde(flatten)]
    pub(crate) earned: Earned,
    /// Chips that the pot paid for it, its stake included; `null` until the pot is paid, and where
    /// nothing is staked.
    pub(crate) payout: Option<u64>,
}

/// What a tip earned.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Earned {
    /// Points, the stage's multiplier included; `null` until the match has a score that counts, and
    /// where the tip is sealed.
    pub(crate) points: Option<u64>,
    /// How near it came: `exact`, `difference`, `tendency`, `one_team` or `none`.
    #[schema(value_type = Option<String>, example = "exact")]
    pub(crate) tier: Option<Tier>,
    /// Whether the points rest on a record that is not final.
    pub(crate) provisional: bool,
}

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
            score: bet.score().map(Into::into),
            sealed: commitment.is_some(),
            commitment,
            opened: bet.opened.map(|height| height.0),
            stake: bet.stake.0,
            height: bet.height.0,
            time: bet.time.into(),
            transaction: bet.tx.to_string(),
            earned: Earned::new(rules, game, bet),
            payout: payout(lookup.snapshot(), game, account, bet)?,
        })
    }
}
