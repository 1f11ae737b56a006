//! Invitations that a node keeps.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All of an invitation but its secret, which only its short link has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptInvitationBody {
    /// As `docs/PROTOCOL.md`, I6, has it: base64url.
    pub invitation: String,
}
