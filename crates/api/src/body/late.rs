//! Blocks that reached this node long after their time.

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
    /// How long after its time a block may come and not be late, in seconds.
    pub grace_s: u64,
    /// How many came while this node was connected, in step with its peers, and its clock as theirs.
    pub judged: u64,
    /// How many came while it was not: it cannot judge them.
    pub away: u64,
    /// How many came before this node kept such times.
    pub unknown: u64,
    /// How many of those judged were late.
    pub late: u64,
    /// The last hundred of these, the highest first.
    pub blocks: Vec<LateBlockBody>,
}

/// A block that was late.
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
