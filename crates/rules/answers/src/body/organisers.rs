//! Who organises.

use bolao_ledger::AccountId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::PlayerRef;

/// The organisers: who schedules matches and signs results, and who is to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrganisersBody {
    /// The organisers.
    pub organisers: Vec<PlayerRef>,
    /// The number of them that must sign to add or remove one; 0 where they stay as they are.
    pub signatures_needed: u8,
    /// The number that must be left, since as many must sign other things.
    pub fewest: u8,
    /// The time since which one signature asks an organiser to leave, by when one last signed anything; none where they stay as they
    /// are.
    #[serde(default)]
    pub silent: Vec<SilentBody>,
    /// The changes that wait for more signatures.
    pub waiting: Vec<OrganiserVoteBody>,
    /// The address of the pool's page, as they have signed it.
    pub address: Option<String>,
    /// The addresses that wait for more signatures.
    pub addresses: Vec<AddressVoteBody>,
    /// The number of organisers who must sign an address.
    pub address_signatures_needed: u8,
}

/// The time for which an organiser has signed nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SilentBody {
    /// The organiser's account and name.
    pub organiser: PlayerRef,
    /// From this time of a block on, one signature asks the organiser to leave.
    pub asked_from: Timestamp,
    /// The time at which the organiser leaves, unless something is signed before; absent where nobody has asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaves: Option<Timestamp>,
}

/// An address of the page that waits for signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AddressVoteBody {
    /// The address.
    pub address: String,
    /// The organisers who signed it, in order of their accounts.
    pub signers: Vec<PlayerRef>,
}

/// A change of organisers that waits for signatures: somebody is to be one, or no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrganiserVoteBody {
    /// The player's account and name.
    pub player: PlayerRef,
    /// True to add the player, false to remove.
    pub added: bool,
    /// The organisers who signed it, in order of their accounts.
    pub signers: Vec<PlayerRef>,
}

impl OrganisersBody {
    /// The organisers who have signed this already, but for one account.
    #[must_use]
    pub fn others_for(&self, player: AccountId, added: bool, own: AccountId) -> Vec<PlayerRef> {
        let same = |it: &&OrganiserVoteBody| (it.player.account, it.added) == (player, added);
        let signers = self.waiting.iter().filter(same).flat_map(|it| &it.signers);
        signers.filter(|it| it.account != own).cloned().collect()
    }
}
