//! Players.

use bolao_ledger::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OfferBody, PlayerBody, TallyBody};

/// A player, with what was reached so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlayerPage {
    /// The player, as in lists.
    #[serde(flatten)]
    pub player: PlayerBody,
    /// In the whole pool.
    pub standing: TallyBody,
    /// Players in the pool.
    pub players: usize,
    /// Records that the standing rests on and that are not final.
    pub provisional: u32,
    /// The number of bets that stand.
    pub bets: usize,
    /// Chips in pots that are not paid yet.
    pub staked: u64,
    /// The player's vote on blocks, or offer of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferBody>,
}

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
