//! Tables: of the pool, and of its stages.

use bolao_ledger::{
    Besides, RoundWon, StageRule, Standing,
    actions::{Money, PlaceShare},
    said::Said,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Earned, MatchBody, MatchRef, PlayerRef, PredictionBody, named::Named};

/// A tally: the points and chips that somebody has reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TallyBody {
    /// 1 for the best; equal players share a place and the next ones are skipped: 1, 2, 2, 4.
    pub place: u32,
    /// Points, and the bets that gave them.
    #[serde(flatten)]
    pub standing: Standing,
    /// The numbers that separate equal points besides.
    #[serde(flatten)]
    pub besides: Besides,
    /// Matches with a score without a bet that can be read.
    pub missing: u32,
}

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StandingBody {
    /// The player's account and name.
    pub player: PlayerRef,
    /// The tally of the player.
    #[serde(flatten)]
    pub tally: TallyBody,
    /// The place before the stage that was scored last; absent in tables of a stage or from a match on, and until two
    /// stages have scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
    /// Chips at hand, stakes in pots not included.
    pub chips: u64,
}

/// A page of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StandingsBody {
    /// The records that it rests on.
    #[serde(flatten)]
    pub basis: BasisBody,
    /// The best first; players who share a place in order of their accounts.
    pub items: Vec<StandingBody>,
    /// In the table of a pool that goes by rounds won, these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub won: Vec<RoundWon<PlayerRef>>,
    /// On the first page of the table of a stage whose matches are all final, what it was like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recap: Option<RecapBody>,
    /// On the first page of the table of a pool with an entry fee, what its places would get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<FeeBody>,
    /// For the next page; absent on the last. A block between two pages may move players from one
    /// to the other: `tip` says when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// The entry fees that are noted as paid, and how the table's places share them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FeeBody {
    /// The amount for each player.
    pub amount: Money,
    /// The currency, as people write it.
    pub currency: String,
    /// The number of players who have paid.
    pub paid: usize,
    /// The first places, those that get something.
    pub shares: Vec<PlaceShare>,
}

/// A stage that is over, in a few lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecapBody {
    /// The time at which the last of its matches became final.
    pub over: Timestamp,
    /// One for each thing that there is to tell.
    pub lines: Vec<RecapLineBody>,
}

/// A line of a recap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecapLineBody {
    /// The thing that it tells.
    pub about: RecapOf,
    /// The line as a sentence.
    #[cfg_attr(feature = "schema", schema(value_type = Said))]
    pub says: Named<Said>,
}

/// A thing that a recap tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RecapOf {
    /// The players with the most points of the stage.
    Won,
    /// The exact tip that fewest others had.
    Tip,
    /// The match whose winner fewest saw coming.
    Upset,
    /// The player who climbed most in the pool's table.
    Climbed,
    /// The players who are first there.
    Leads,
    /// The next match.
    Next,
}

/// The table as it would stand if the matches that are played ended now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LiveStandingsBody {
    /// The table that it rests on, with these matches.
    #[serde(flatten)]
    pub basis: BasisBody,
    /// The first 500, the best first. `before` is the place without the live scores.
    pub items: Vec<StandingBody>,
}

/// The records that a table rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BasisBody {
    /// The last block.
    pub tip: String,
    /// Players in the table: everybody who has joined.
    pub players: usize,
    /// Matches whose record has a score that counts.
    pub scored: u32,
    /// Records that the points rest on, those of questions among them, and that are not final.
    pub provisional: u32,
    /// True if there are any such records.
    pub rests_on_provisional: bool,
}

/// A stage and its matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoundBody {
    /// The stage, and how bets on its matches are counted.
    #[serde(flatten)]
    pub rule: StageRule,
    /// In order of kick-offs, those without one last, then of numbers.
    pub matches: Vec<MatchRef>,
    /// Matches whose record has a score that counts.
    pub scored: usize,
    /// Records among those that are not final.
    pub provisional: usize,
    /// The first kick-off of its matches.
    pub first_kickoff: Option<Timestamp>,
    /// The last kick-off of its matches.
    pub last_kickoff: Option<Timestamp>,
}

/// Players and matches of a stage, with the bet of each player on each match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MatrixBody {
    /// As the matches write it.
    pub stage: String,
    /// The records that the table rests on.
    #[serde(flatten)]
    pub basis: BasisBody,
    /// The columns, in order of kick-offs.
    pub matches: Vec<MatchBody>,
    /// The rows, in order of the stage's standings.
    pub items: Vec<MatrixRow>,
    /// For the next page of players; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A player's bets in a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MatrixRow {
    /// The player's account and name.
    pub player: PlayerRef,
    /// The tally of the player in this stage.
    #[serde(flatten)]
    pub tally: TallyBody,
    /// One for each match, in their order; `null` where there is no bet.
    pub cells: Vec<Option<CellBody>>,
}

/// A bet in the matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CellBody {
    /// The prediction, as far as it can be read.
    #[serde(flatten)]
    pub predicted: PredictionBody,
    /// True while nobody can read it.
    pub sealed: bool,
    /// Chips put on it.
    pub stake: u64,
    /// The points and chips that it earned.
    #[serde(flatten)]
    pub earned: Earned,
}
