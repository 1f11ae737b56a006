//! Blocks that reached this node long after their time, or before it.

use bolao_ledger::BlockHash;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PlayerRef;

/// What became of the last blocks, by when they reached this node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LateBlocksBody {
    /// The height of the first block that was looked at.
    pub from_height: u64,
    /// How long after its time a block may come and not be late, or before it, in seconds.
    pub grace_s: u64,
    /// How many came while this node was connected, in step with its peers, and its clock as theirs, or that are late or ahead
    /// all the same.
    pub judged: u64,
    /// How many came while it was not: it cannot judge them.
    pub away: u64,
    /// How many came before this node kept such times.
    pub unknown: u64,
    /// How many of those judged were late.
    pub late: u64,
    /// How many of those judged came that long before their time.
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
    /// When it reached this node, by its clock.
    pub seen: Timestamp,
    /// Whether that clock agreed with those of this node's peers then.
    #[serde(default = "agrees")]
    pub clock_agrees: bool,
    /// Its bets that this node had not had before.
    pub bets: Vec<LateBetsBody>,
}

/// Bets of one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LateBetsBody {
    /// Whose.
    pub player: PlayerRef,
    /// The codes of their matches.
    pub matches: Vec<String>,
}
