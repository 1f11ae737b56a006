//! What keepers hold of sealed bets.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{KeeperBody, KeepersBody, MatchRef};

/// Openings of an account's sealed bets, as far as keepers hold them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpeningsBody {
    /// The keepers.
    #[serde(flatten)]
    pub keepers: KeepersBody,
    /// The account's seals that are not open yet and can be, first those of the matches that begin first; at most 512.
    pub seals: Vec<KeptSealBody>,
}

/// A seal, and what was dealt of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeptSealBody {
    /// On what.
    pub r#match: MatchRef,
    /// The hash that hides the score, in hexadecimal.
    pub commitment: String,
    /// The nonce of the transaction that holds it, of which the player's wallet makes the salt.
    pub nonce: u64,
    /// True if it waits for a block.
    pub waits: bool,
    /// The kick-off, from which on the seal is opened, if that is known.
    pub begins: Option<Timestamp>,
    /// Until when it can be opened, if that is known.
    pub ends: Option<Timestamp>,
    /// The deal of its player, if this node has it.
    pub dealt: Option<DealtBody>,
    /// True if so many keepers hold their shares that they open it without its player.
    pub will_open: bool,
    /// True if its player should deal: nothing was dealt yet, or to others than those who are keepers today.
    pub deal: bool,
    /// In which round that would be; none if there were as many as there may be.
    pub next_round: Option<u8>,
}

/// A deal: shares of one seal's opening from its player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealtBody {
    /// The round.
    pub round: u8,
    /// The number of these keepers that it takes to open it.
    pub needed: usize,
    /// There are fewer than three: do not count on it that nobody looks before kick-off.
    pub host_could_look: bool,
    /// The number of those that have said that they hold their shares.
    pub holding: usize,
    /// To whom.
    pub keepers: Vec<DealtToBody>,
}

/// A keeper's part of a deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealtToBody {
    /// The keeper, a validator.
    #[serde(flatten)]
    pub keeper: KeeperBody,
    /// True if it has said that it holds its share.
    pub holds: bool,
    /// True if it has given its share out.
    pub gave: bool,
}

/// Deals that are to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DealsBody {
    /// 1 to 128 deals, each the canonical (borsh) encoding of a signed one in hexadecimal.
    pub deals: Vec<String>,
}

/// Deals that were taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealsTakenBody {
    /// The number of deals that were taken.
    pub taken: usize,
}
