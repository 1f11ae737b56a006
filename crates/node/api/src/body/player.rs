//! Nonces.

use bolao_ledger::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The nonces of an account, for a client that signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NonceBody {
    /// The account, in bech32m.
    #[schema(value_type = String)]
    pub account: AccountId,
    /// True if a block holds its join.
    pub joined: bool,
    /// The nonce after those in blocks.
    pub confirmed_nonce: u64,
    /// The nonce to sign with: the next after those in blocks and those that wait.
    pub next_nonce: u64,
}
