//! What a node noticed.

use bolao_rulebook::Finding;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{MatchRef, PlayerRef};

/// Something that people counted on and that is not as it was, or a block that may be dated back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeBody {
    /// Later ones have higher numbers.
    pub number: u64,
    /// The time at which this node noticed, by its clock.
    pub time: Timestamp,
    /// The chain's height then.
    pub height: u64,
    /// The finding: what was noticed.
    #[serde(flatten)]
    pub finding: Finding,
    /// The match, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<MatchRef>,
    /// The matches of the bets that no block will hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<MatchRef>,
    /// The player whose bet or name it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player: Option<PlayerRef>,
    /// True if it is so no more: the bet that was gone is in the chain again, or was made again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_back: bool,
}
