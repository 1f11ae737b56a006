//! What keepers hold of sealed bets.

use bolao_ledger::ValidatorKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{MatchRef, PlayerRef};

/// What keepers hold of an account's sealed bets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpeningsBody {
    /// Whether keepers can open seals in this pool: its bets are sealed, it has validators, and anybody may open.
    pub has_keepers: bool,
    /// Who the keepers are today: the validators. What is dealt now is dealt to all of them.
    pub keepers: Vec<KeeperBody>,
    /// How many of them it takes to open what is dealt now.
    pub needed: usize,
    /// There are fewer than three: do not count on it that nobody looks before kick-off.
    pub host_could_look: bool,
    /// The account's seals that are not open yet and can be, first those of the matches that begin first; at most 512.
    pub seals: Vec<KeptSealBody>,
}

/// Who may be dealt shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeeperBody {
    /// Whose node it is.
    pub keeper: PlayerRef,
    /// The key that shares are encrypted to, in hexadecimal.
    #[schema(value_type = String)]
    pub key: ValidatorKey,
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
    /// Whether it waits for a block.
    pub waits: bool,
    /// When the match begins, from when on the seal is opened, if that is known.
    pub begins: Option<Timestamp>,
    /// Until when it can be opened, if that is known.
    pub ends: Option<Timestamp>,
    /// What its player dealt, if this node has it.
    pub dealt: Option<DealtBody>,
    /// Whether so many keepers hold their shares that they open it without its player.
    pub will_open: bool,
    /// Whether its player should deal: nothing was dealt yet, or to others than those who are keepers today.
    pub deal: bool,
    /// In which round that would be; none if there were as many as there may be.
    pub next_round: Option<u8>,
}

/// What a player dealt of one seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealtBody {
    /// The round.
    pub round: u8,
    /// How many of these keepers it takes.
    pub needed: usize,
    /// There are fewer than three: do not count on it that nobody looks before kick-off.
    pub host_could_look: bool,
    /// How many have said that they hold their shares.
    pub holding: usize,
    /// To whom.
    pub keepers: Vec<DealtToBody>,
}

/// What one keeper has of a deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealtToBody {
    /// Who.
    #[serde(flatten)]
    pub keeper: KeeperBody,
    /// Whether it has said that it holds its share.
    pub holds: bool,
    /// Whether it has given its share out.
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
    /// How many.
    pub taken: usize,
}
