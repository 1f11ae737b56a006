//! Blocks that reached this node long after their time, or before it.

use bolao_ledger::BlockHash;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PlayerRef;

/// The last blocks, judged by when they reached this node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LateBlocksBody {
    /// The height of the first block that was looked at.
    pub from_height: u64,
    /// The longest time, in seconds, between a block's time and its arrival, before or after, that is not late.
    pub grace_s: u64,
    /// The number of those that came while this node was connected, in step with its peers, and its clock as theirs, or that are late or ahead
    /// all the same.
    pub judged: u64,
    /// The number of those that came while it was not: it cannot judge them.
    pub away: u64,
    /// The number of those that came before this node kept such times.
    pub unknown: u64,
    /// The number of those judged that were late.
    pub late: u64,
    /// The number of those judged that came that long before their time.
    #[serde(default)]
    pub ahead: u64,
    /// The last hundred of each of these two kinds, the highest first.
    pub blocks: Vec<LateBlockBody>,
}

const fn agrees() -> bool {
    true
}

/// A block that was late, or dated ahead: then its time is after that at which it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LateBlockBody {
    /// Its hash.
    #[schema(value_type = String)]
    pub hash: BlockHash,
    /// Its height.
    pub height: u64,
    /// The time that it names.
    pub time: Timestamp,
    /// The time of its arrival at this node, by its clock.
    pub seen: Timestamp,
    /// True if that clock agreed with those of this node's peers then.
    #[serde(default = "agrees")]
    pub clock_agrees: bool,
    /// Its bets that this node had not had before.
    pub bets: Vec<LateBetsBody>,
}

/// Bets of one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LateBetsBody {
    /// The player's account and name.
    pub player: PlayerRef,
    /// The codes of their matches.
    pub matches: Vec<String>,
}
