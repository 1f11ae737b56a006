//! What this node has heard of validators.

use bolao_chain::Attendee;
use bolao_ledger::BlockHash;
use bolao_receipts::Proof;
use bolao_rulebook::Finding;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PlayerRef;

/// The validators that this node hears, and its knowledge beside the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttendanceBody {
    /// The validators of the next block, in order of their accounts; none where this node does not hear votes.
    pub validators: Vec<Attendee>,
    /// The two histories that validators made final, if this node knows of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_histories: Option<TwoHistoriesBody>,
    /// The wait of the next block, if it has been so long that somebody must be missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<WaitsBody>,
    /// The powers of the present validators and their limits, in plain words; none where there are two histories.
    pub sentences: Vec<String>,
}

/// The wait of the next block: since when, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitsBody {
    /// The next block's height.
    pub height: u64,
    /// Since when it waits.
    pub since: Timestamp,
    /// The validators of whom nothing is heard.
    pub away: Vec<PlayerRef>,
    /// The number of validators at present.
    pub validators: usize,
    /// True if those who are heard are enough to decide: some votes do not arrive or refuse the block.
    #[serde(default)]
    pub disagree: bool,
    /// The validators who are there, and whose vote or block is not, while they disagree.
    #[serde(default)]
    pub missing: Vec<PlayerRef>,
    /// The validators who vote for no block while they disagree, such as where its time is too far from their clocks.
    #[serde(default)]
    pub against: Vec<PlayerRef>,
    /// The validators who signed two different votes of it: their keys are on two machines, or they cheat.
    #[serde(default)]
    pub twice: Vec<PlayerRef>,
    /// True if another machine votes with the key of this node's home, so that this node does not vote on this block.
    #[serde(default)]
    pub copied: bool,
}

/// Two final blocks that no chain can hold both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TwoHistoriesBody {
    /// The height of the one in this node's history.
    pub height: u64,
    /// Its hash.
    #[schema(value_type = String)]
    pub hash: BlockHash,
    /// The height of the other one.
    pub other_height: u64,
    /// Its hash.
    #[schema(value_type = String)]
    pub other_hash: BlockHash,
    /// The players who signed both, as far as the two certificates say.
    pub signers: Vec<PlayerRef>,
    /// The same as a finding.
    #[serde(flatten)]
    pub finding: Finding,
}

/// The proofs that validators cheated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProofsBody {
    /// Files that `bolao verify` checks: two histories first, then the first 100 double votes that blocks hold.
    pub items: Vec<Proof>,
    /// True if this node's disk proves two histories and no file can: the validators have changed more often than one can say.
    #[serde(default)]
    pub only_on_disk: bool,
}
