//! What waits for signatures.

use bolao_ledger::{AccountId, Action, Outcome, actions};
use serde::{Deserialize, Serialize};

use super::{MatchRef, PlayerRef, named::Named};
use crate::SignedId;

/// A schedule, a day or a record that waits until enough organisers have signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WaitingBody {
    /// The name of it among all that wait, in 32 hexadecimal digits: another content has another.
    #[cfg_attr(
        feature = "schema",
        schema(example = "4f0c2d9a6b1e83d75a90c4e2f7186b3d")
    )]
    pub id: String,
    /// The match or question that it is about.
    pub about: MatchRef,
    /// The action that was signed.
    #[serde(flatten)]
    #[cfg_attr(feature = "schema", schema(value_type = Action))]
    pub action: Named<Action>,
    /// The organisers who signed it, in order of their accounts.
    pub signers: Vec<PlayerRef>,
    /// The number of organisers that must sign it.
    pub signatures_needed: u8,
    /// True if the rules still take another organiser's signature: none on a kick-off that is past, say.
    pub signable: bool,
}

impl WaitingBody {
    /// Tells whether an account has signed it.
    #[must_use]
    pub fn is_signed_by(&self, account: AccountId) -> bool {
        self.signers.iter().any(|signer| signer.account == account)
    }

    /// The record, if it is one.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        if let Action::Result(actions::Result { outcome, .. }) = &*self.action {
            Some(outcome)
        } else {
            None
        }
    }

    /// The name of the content itself: whoever signs goes by this, whatever `id` says.
    #[must_use]
    pub fn content_id(&self) -> SignedId {
        SignedId::of(&self.action)
    }
}
