//! Records of matches, and what is said against them.

use bolao_ledger::{MatchResult, Objection, ResultVersion, Score};
use serde::{Deserialize, Serialize};

use super::{
    PlayerRef,
    named::{Named, shown},
};

/// The record of a match as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecordBody {
    /// The record as organisers signed it.
    #[serde(flatten)]
    #[cfg_attr(feature = "schema", schema(value_type = MatchResult))]
    pub signed: Named<MatchResult>,
    /// The score that bets are compared with; `null` where none counts.
    pub score: Option<Score>,
    /// True if it may still be corrected.
    pub provisional: bool,
}

/// A record that a match has or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VersionBody {
    /// The number of records before this one.
    pub version: u32,
    /// True if it is the match's record now.
    pub current: bool,
    /// The record as organisers signed it.
    #[serde(flatten)]
    #[cfg_attr(feature = "schema", schema(value_type = ResultVersion))]
    pub signed: Named<ResultVersion>,
    /// The score that bets are compared with; `null` where none counts.
    pub score: Option<Score>,
}

/// A player's objection to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ObjectionBody {
    /// The player who objects.
    pub player: PlayerRef,
    /// The record that it is against.
    pub version: u32,
    /// The objection.
    #[serde(flatten, with = "shown")]
    pub objection: Objection,
}
