//! Who organises.

use bolao_ledger::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PlayerRef;

/// Who schedules matches and signs results, and who is to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganisersBody {
    /// The organisers.
    pub organisers: Vec<PlayerRef>,
    /// How many of them must sign to add or remove one; 0 where they stay as they are.
    pub signatures_needed: u8,
    /// How many must be left, since as many must sign other things.
    pub fewest: u8,
    /// What waits for more signatures.
    pub waiting: Vec<OrganiserVoteBody>,
}

/// That somebody is to be an organiser, or no more, which waits for signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganiserVoteBody {
    /// Who.
    pub player: PlayerRef,
    /// Whether to be one.
    pub added: bool,
    /// The organisers who signed it, in order of their accounts.
    pub signers: Vec<PlayerRef>,
}

impl OrganisersBody {
    /// Who has signed this already, but for one account.
    #[must_use]
    pub fn others_for(&self, player: AccountId, added: bool, own: AccountId) -> Vec<PlayerRef> {
        let same = |it: &&OrganiserVoteBody| (it.player.account, it.added) == (player, added);
        let signers = self.waiting.iter().filter(same).flat_map(|it| &it.signers);
        signers.filter(|it| it.account != own).cloned().collect()
    }
}
