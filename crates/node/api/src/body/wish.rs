//! Wishes by names.

use bolao_acting::Intent;
use bolao_ledger::{AccountId, Action};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A wish by names, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WishBody {
    /// The account that wishes, and would sign.
    #[schema(value_type = String, example = "bolao1…")]
    pub account: AccountId,
    /// The wish.
    pub wish: Intent,
    /// The action `join` in the ledger's own fields, where the account has not joined: it would be sent first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub joining: Option<Action>,
}
