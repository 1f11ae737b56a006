//! How chips came and went.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{MatchRef, PlayerRef};

/// Why chips came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// The chips that everybody starts with.
    Joined,
    /// Staked on a match, less what a replaced bet freed.
    Staked,
    /// Freed by a smaller bet in place of a larger one.
    Freed,
    /// A share of a pot.
    Won,
    /// A stake that went back.
    Refunded,
    /// Given to another player.
    Sent,
    /// Got from another player.
    Received,
    /// Locked as the weight of a validator's vote.
    Locked,
    /// Free again, after having been locked so.
    Unlocked,
}

/// One change of a player's chips.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HistoryBody {
    /// From 0.
    pub seq: u64,
    /// Why.
    pub cause: CauseKind,
    /// The match, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<MatchRef>,
    /// The other player, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<PlayerRef>,
    /// Chips that came, or with a minus that went.
    pub change: i64,
    /// Chips at hand afterwards.
    pub balance: u64,
    /// The block.
    pub height: u64,
    /// The pool's time then.
    pub time: Timestamp,
}
