//! Bets, with what they earned.

use bolao_ledger::{Tier, said::Said};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{MatchRef, PlaceState, PlayerRef, PredictionBody};

/// A standing bet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BetBody {
    /// On what.
    pub r#match: MatchRef,
    /// The player's account and name.
    pub player: PlayerRef,
    /// The prediction, as far as it can be read.
    #[serde(flatten)]
    pub predicted: PredictionBody,
    /// True while nobody can read it.
    pub sealed: bool,
    /// True if it is sealed for good: it was not opened in time, counts as no bet, and leaves its stake in the pot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missed: bool,
    /// While it is sealed, the hash that hides it, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
    /// The height of the block that opened it, if it was sealed and is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened: Option<u64>,
    /// Chips put on it.
    pub stake: u64,
    /// The block that holds it.
    pub height: u64,
    /// The certainty that it stays in the chain.
    #[serde(default)]
    pub state: PlaceState,
    /// The pool's time then.
    pub time: Timestamp,
    /// True if it was placed when a kick-off had passed that once stood, and that organisers moved later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_kickoff: bool,
    /// The transaction that placed it.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{64}$"))]
    pub transaction: String,
    /// The points and chips that it earned.
    #[serde(flatten)]
    pub earned: Earned,
    /// Chips that the pot paid for it, its stake included; `null` until the pot is paid, and where
    /// nothing is staked.
    pub payout: Option<u64>,
}

/// Points and chips that a bet earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Earned {
    /// Points, with the stage's multiplier and what counts besides; `null` until the match has a score that counts, and
    /// where the bet is sealed.
    pub points: Option<u64>,
    /// The score's nearness to the result: `exact`, `difference`, `tendency`, `one_team` or `none`.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, example = "exact"))]
    pub tier: Option<Tier>,
    /// True if the points rest on a record that is not final.
    pub provisional: bool,
    /// Reasons why the bet counts for other points than the scheme's, in a few words each, such as a joker.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<Said>,
}
