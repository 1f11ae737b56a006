//! Who votes on blocks.

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
    pub key: String,
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
}

/// What an account votes with, or offers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferBody {
    /// The key that it offered last, in hexadecimal.
    pub key: String,
    /// Chips that weigh.
    pub staked: u64,
    /// Chips that weigh no more and wait to be free.
    pub waiting: u64,
    /// When they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_at: Option<Timestamp>,
}
