//! Players.

use bolao_ledger::{Account, AccountId, Invitation};
use serde::{Deserialize, Serialize};

use super::{OfferBody, PlayerRef, TallyBody, named::Named};

/// A player who has joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PlayerBody {
    /// The account, in bech32m.
    #[serde(serialize_with = "AccountId::plain")]
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "bolao1…"))]
    pub account: AccountId,
    /// The name, and what stands under the account.
    #[serde(flatten)]
    pub entry: Account,
    /// The ticket that the player joined by: who else joined by the same one was let in by the same link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Invitation>))]
    pub invitation: Option<Named<Invitation>>,
    /// In a pool with an entry fee, the organiser who noted that the player has paid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_to: Option<PlayerRef>,
}

/// A player, with what was reached so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
