//! Who votes on blocks.

use bolao_ledger::{BlockHash, SetChange, ValidatorKey};
use bolao_receipts::Proof;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PlayerRef, ValidatorBody};

/// A validator of the next block, and its last vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VoterBody {
    /// The validator, with its weight.
    #[serde(flatten)]
    pub validator: ValidatorBody,
    /// The chips in that weight.
    pub staked: u64,
    /// The numbers of the first votes of which it is proven that the validator signed two, at most 16.
    pub cheated: Vec<u64>,
    /// The last vote of it that this node knows of, since it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_vote: Option<LastVoteBody>,
    /// True if nothing is heard of it, though something waits or blocks are made without it.
    #[serde(default)]
    pub away: bool,
    /// True if it signed two different votes of the vote that goes on: its key is on two machines, or it cheats.
    #[serde(default)]
    pub twice: bool,
}

/// A validator's vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LastVoteBody {
    /// On the block of which height.
    pub height: u64,
    /// The time at which it was heard; of one that came with an older block, that block's time.
    pub time: Timestamp,
}

/// Somebody who has offered to vote, and does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CandidateBody {
    /// The player's account and name.
    pub player: PlayerRef,
    /// The key that it would vote with, in hexadecimal.
    #[schema(value_type = String)]
    pub key: ValidatorKey,
}

/// A validator who is proven to have signed two votes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuiltyBody {
    /// The player's account and name.
    pub player: PlayerRef,
    /// The number of the vote of which two are signed.
    pub vote: u64,
    /// The transaction that proves it.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub transaction: String,
    /// The pool's time then.
    pub time: Timestamp,
    /// The chips that it cost.
    pub cut: u64,
}

/// The way in which validators change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum ChangeBody {
    /// Organisers appoint and remove them.
    Appointed {
        /// The number of organisers that must sign the same.
        signatures_needed: u8,
    },
    /// The weight is the chips that are staked.
    Stake {
        /// The time until unstaked chips are free, in seconds.
        wait_s: u32,
        /// The part of the stake that a double vote costs, in percent.
        cut_percent: u8,
    },
}

impl From<SetChange> for ChangeBody {
    fn from(change: SetChange) -> Self {
        match change {
            SetChange::Appointed { quorum } => Self::Appointed {
                signatures_needed: quorum,
            },
            SetChange::Stake {
                wait_s,
                cut_percent,
            } => Self::Stake {
                wait_s,
                cut_percent,
            },
        }
    }
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
    /// True if those who are heard are enough to decide: they do not agree, for example since the clock of one is off.
    #[serde(default)]
    pub disagree: bool,
    /// The validators who signed two different votes of it: their keys are on two machines, or they cheat.
    #[serde(default)]
    pub twice: Vec<PlayerRef>,
    /// True if another machine votes with the key of this node's home, so that this node does not vote on this block.
    #[serde(default)]
    pub copied: bool,
}

/// An appointment that waits until enough organisers have signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentBody {
    /// The validator, with its weight.
    #[serde(flatten)]
    pub validator: ValidatorBody,
    /// The organisers who signed it, in order of their accounts.
    pub signers: Vec<PlayerRef>,
    /// The number of organisers that must sign it.
    pub signatures_needed: u8,
}

/// A change of validators that organisers have signed and that takes effect later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComingBody {
    /// The validator, with the weight that it is to have: 0 where it is removed.
    #[serde(flatten)]
    pub validator: ValidatorBody,
    /// The pool's time from which it has that weight.
    pub at: Timestamp,
}

/// The validators: who votes on blocks, and who is to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ValidatorsBody {
    /// The validators of the next block, in order of their accounts; none in a pool without votes.
    pub validators: Vec<VoterBody>,
    /// The first 1,000 signatures of organisers that have not taken effect.
    pub waiting: Vec<AppointmentBody>,
    /// The first 100 changes that organisers have signed and that take effect later, in the order in which they do.
    #[serde(default)]
    pub coming: Vec<ComingBody>,
    /// The way in which they change; absent in a pool without votes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeBody>,
    /// The first 1,000 who have offered to vote and do not.
    #[serde(default)]
    pub offers: Vec<CandidateBody>,
    /// The first 100 proofs that somebody voted twice.
    #[serde(default)]
    pub guilty: Vec<GuiltyBody>,
    /// The two histories that validators made final, if this node knows of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_histories: Option<TwoHistoriesBody>,
    /// The wait of the next block, if it has been so long that somebody must be missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<WaitsBody>,
    /// The powers of the present validators and their limits, in plain words.
    #[serde(default)]
    pub sentences: Vec<String>,
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
    /// The same in plain words.
    pub sentence: String,
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

/// The vote of an account, or its offer of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferBody {
    /// The key that it offered last, in hexadecimal.
    #[schema(value_type = String)]
    pub key: ValidatorKey,
    /// Chips that weigh.
    pub staked: u64,
    /// Chips that weigh no more and wait to be free.
    pub waiting: u64,
    /// The time at which they are free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_at: Option<Timestamp>,
}
