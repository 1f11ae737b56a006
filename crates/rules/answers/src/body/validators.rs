//! Who votes on blocks, and who is to.

use bolao_ledger::{SetChange, ValidatorKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{PlayerRef, ValidatorBody};

/// A validator of the next block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VoterBody {
    /// The validator, with its weight.
    #[serde(flatten)]
    pub validator: ValidatorBody,
    /// The chips in that weight.
    pub staked: u64,
    /// The numbers of the first votes of which it is proven that the validator signed two, at most 16.
    pub cheated: Vec<u64>,
}

/// Somebody who has offered to vote, and does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CandidateBody {
    /// The player's account and name.
    pub player: PlayerRef,
    /// The key that it would vote with, in hexadecimal.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub key: ValidatorKey,
}

/// A validator who is proven to have signed two votes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GuiltyBody {
    /// The player's account and name.
    pub player: PlayerRef,
    /// The number of the vote of which two are signed.
    pub vote: u64,
    /// The transaction that proves it.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{64}$"))]
    pub transaction: String,
    /// The pool's time then.
    pub time: Timestamp,
    /// The chips that it cost.
    pub cut: u64,
}

/// The way in which validators change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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

impl ChangeBody {
    /// The way, while there are so many organisers.
    #[must_use]
    pub fn new(change: SetChange, organisers: usize) -> Self {
        match change {
            SetChange::Appointed { quorum } => Self::Appointed {
                signatures_needed: quorum.among(organisers),
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

/// An appointment that waits until enough organisers have signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ComingBody {
    /// The validator, with the weight that it is to have: 0 where it is removed.
    #[serde(flatten)]
    pub validator: ValidatorBody,
    /// The pool's time from which it has that weight.
    pub at: Timestamp,
}

/// The validators: who votes on blocks, and who is to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ValidatorsBody {
    /// The validators of the next block, in order of their accounts; none in a pool without votes.
    pub validators: Vec<VoterBody>,
    /// The first 1,000 signatures of organisers that have not taken effect.
    pub waiting: Vec<AppointmentBody>,
    /// The changes that organisers have signed and that take effect later, all at once.
    #[serde(default)]
    pub coming: Vec<ComingBody>,
    /// The seconds after which a change takes effect, together with those that wait; 0: at once.
    #[serde(default)]
    pub notice_s: u32,
    /// The most weight with which a new validator votes at once all the same; absent where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<u64>,
    /// The way in which they change; absent in a pool without votes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeBody>,
    /// The first 1,000 who have offered to vote and do not.
    #[serde(default)]
    pub offers: Vec<CandidateBody>,
    /// The first 100 proofs that somebody voted twice.
    #[serde(default)]
    pub guilty: Vec<GuiltyBody>,
}

/// The vote of an account, or its offer of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OfferBody {
    /// The key that it offered last, in hexadecimal.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub key: ValidatorKey,
    /// Chips that weigh.
    pub staked: u64,
    /// Chips that weigh no more and wait to be free.
    pub waiting: u64,
    /// The time at which they are free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_at: Option<Timestamp>,
}
