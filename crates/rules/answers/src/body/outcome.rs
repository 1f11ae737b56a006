//! Records of matches, and what is said against them.

use bolao_ledger::{Outcome, Score};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::PlayerRef;

/// The record of a match as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecordBody {
    /// The number of records before this one.
    pub version: u32,
    /// The outcome of the match.
    pub outcome: Outcome,
    /// The score that bets are compared with; `null` where none counts.
    pub score: Option<Score>,
    /// The organisers who signed it.
    pub signers: Vec<PlayerRef>,
    /// The pool's time when enough of them had.
    pub since: Timestamp,
    /// From when on it is final; `null` while the match is to be played later.
    pub final_at: Option<Timestamp>,
    /// True if it may still be corrected.
    pub provisional: bool,
    /// The number of objections to all its versions.
    pub objections: u32,
}

/// A record that a match has or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VersionBody {
    /// The number of records before this one.
    pub version: u32,
    /// True if it is the match's record now.
    pub current: bool,
    /// The outcome of the match.
    pub outcome: Outcome,
    /// The score that bets are compared with; `null` where none counts.
    pub score: Option<Score>,
    /// The organisers who signed it.
    pub signers: Vec<PlayerRef>,
    /// The block in which enough of them had.
    pub height: u64,
    /// The pool's time then.
    pub time: Timestamp,
}

/// A player's objection to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ObjectionBody {
    /// The player who objects.
    pub player: PlayerRef,
    /// The record that it is against.
    pub version: u32,
    /// The objection, in the player's words.
    pub text: String,
    /// The block that holds it.
    pub height: u64,
    /// The pool's time then.
    pub time: Timestamp,
}
