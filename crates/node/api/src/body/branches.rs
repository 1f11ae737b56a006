//! Branches beside the main chain.

use bolao_chain::Stamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ChainTipBody, DatedBlock};

/// The branches that this node knows beside its main chain, and what made the main chain's last final block final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BranchesBody {
    /// The last block of the main chain.
    pub tip: ChainTipBody,
    /// The height of its last final block; `null` where none is.
    pub last_final: Option<u64>,
    /// The validators' stamp that made that block final.
    pub stamp: Option<Stamp>,
    /// The branches, those of the most work first: 16 at most.
    pub branches: Vec<BranchBody>,
    /// The number of branches that are left out.
    pub left_out: usize,
}

/// Blocks that are not in the main chain, one on the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BranchBody {
    /// Its blocks, the last first: 16 at most.
    pub blocks: Vec<BranchBlockBody>,
    /// The number of its blocks.
    pub length: u64,
    /// The block on which it is built: one of the main chain or of a branch that stands before it.
    pub from: BranchBlockBody,
    /// The index of that one among these branches, from 0; none where it is the main chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_branch: Option<usize>,
}

/// A block of a branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BranchBlockBody {
    /// The block.
    #[serde(flatten)]
    pub at: DatedBlock,
    /// True if the main chain holds it.
    pub main_chain: bool,
}
