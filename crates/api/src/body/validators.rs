//! Who votes on blocks.

use bolao_ledger::{BlockHash, SetChange, ValidatorKey};
use bolao_receipts::Proof;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PlayerRef;

/// Who votes on blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ValidatorBody {
    /// Whose vote it is.
    pub validator: PlayerRef,
    /// What it is signed with: an ed25519 public key, in hexadecimal.
    #[schema(value_type = String)]
    pub key: ValidatorKey,
    /// How much it weighs; 0: nothing any more.
    pub weight: u64,
}

/// Who votes on the next block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VoterBody {
    /// Who, with which weight.
    #[serde(flatten)]
    pub validator: ValidatorBody,
    /// The chips in that weight.
    pub staked: u64,
    /// The numbers of the first votes of which it is proven that the validator signed two, at most 16.
    pub cheated: Vec<u64>,
    /// The last vote of it that this node knows of, since it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_vote: Option<LastVoteBody>,
    /// Whether nothing is heard of it, though something waits or blocks are made without it.
    #[serde(default)]
    pub away: bool,
    /// Whether it signed two different votes of the vote that goes on: its key is on two machines, or it cheats.
    #[serde(default)]
    pub twice: bool,
}

/// A validator's vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LastVoteBody {
    /// On the block of which height.
    pub height: u64,
    /// When it was heard; of one that came with an older block, that block's time.
    pub time: Timestamp,
}

/// Somebody who has offered to vote, and does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CandidateBody {
    /// Who.
    pub player: PlayerRef,
    /// The key that it would vote with, in hexadecimal.
    #[schema(value_type = String)]
    pub key: ValidatorKey,
}

/// What is proven of somebody who had a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuiltyBody {
    /// Who.
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

/// How the validators change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum ChangeBody {
    /// Organisers appoint and remove them.
    Appointed {
        /// How many must sign the same.
        signatures_needed: u8,
    },
    /// The weight is the chips that are staked.
    Stake {
        /// How long unstaked chips wait before they are free, in seconds.
        wait_s: u32,
        /// How much of the stake a double vote costs, in percent.
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

/// What the next block waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitsBody {
    /// The next block's height.
    pub height: u64,
    /// Since when it waits.
    pub since: Timestamp,
    /// The validators of whom nothing is heard.
    pub away: Vec<PlayerRef>,
    /// How many validators there are.
    pub validators: usize,
    /// Whether those who are heard are enough to decide: they do not agree, for example since the clock of one is off.
    #[serde(default)]
    pub disagree: bool,
    /// The validators who signed two different votes of it: their keys are on two machines, or they cheat.
    #[serde(default)]
    pub twice: Vec<PlayerRef>,
    /// Whether another machine votes with the key of this node's home, so that this node does not vote on this block.
    #[serde(default)]
    pub copied: bool,
}

/// An appointment that waits until enough organisers have signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppointmentBody {
    /// Who, with which weight.
    #[serde(flatten)]
    pub validator: ValidatorBody,
    /// The organisers who signed it, in order of their accounts.
    pub signers: Vec<PlayerRef>,
    /// How many must sign it.
    pub signatures_needed: u8,
}

/// Who votes on blocks, and who is to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ValidatorsBody {
    /// Who votes on the next block, in order of their accounts; nobody in a pool without votes.
    pub validators: Vec<VoterBody>,
    /// The first 1,000 signatures of organisers that have not taken effect.
    pub waiting: Vec<AppointmentBody>,
    /// How they change; absent in a pool without votes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeBody>,
    /// The first 1,000 who have offered to vote and do not.
    #[serde(default)]
    pub offers: Vec<CandidateBody>,
    /// The first 100 proofs that somebody signed two votes where one is allowed.
    #[serde(default)]
    pub guilty: Vec<GuiltyBody>,
    /// That validators made two histories final, if this node knows of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_histories: Option<TwoHistoriesBody>,
    /// What the next block waits for, if it has waited so long that somebody must be missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<WaitsBody>,
    /// What the present validators can do and cannot, in plain words.
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
    /// Who signed both, as far as the two certificates say.
    pub signers: Vec<PlayerRef>,
    /// The same in plain words.
    pub sentence: String,
}

/// What proves that validators cheated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProofsBody {
    /// Files that `bolao verify` checks: two histories first, then the first 100 double votes that blocks hold.
    pub items: Vec<Proof>,
    /// Whether this node's disk proves two histories and no file can: the validators have changed more often than one can say.
    #[serde(default)]
    pub only_on_disk: bool,
}

/// What an account votes with, or offers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferBody {
    /// The key that it offered last, in hexadecimal.
    #[schema(value_type = String)]
    pub key: ValidatorKey,
    /// Chips that weigh.
    pub staked: u64,
    /// Chips that weigh no more and wait to be free.
    pub waiting: u64,
    /// When they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_at: Option<Timestamp>,
}
