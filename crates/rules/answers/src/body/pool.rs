//! The pool, and the uses of its invitations.

use bolao_ledger::{AccountId, BetMode, Genesis, Limits, Membership, PoolId, TargetRule, Totals};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{PlayerRef, moment, named::shown};

/// A pool, as far as joining needs it: nothing that the genesis document does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OutsidePoolBody {
    /// The hash of the genesis header.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^[0-9a-f]{64}$"))]
    pub id: PoolId,
    /// The name of the pool.
    pub name: String,
    /// The time at which it was made.
    pub created: Timestamp,
    /// The way in which blocks become final.
    #[cfg_attr(feature = "schema", schema(example = "pow"))]
    pub consensus: String,
    /// The target: how hard blocks are to find.
    #[cfg_attr(feature = "schema", schema(value_type = Object, example = json!({"rule": "fixed", "zero_bits": 16})))]
    pub target: TargetRule,
    /// The most seconds by which a block's time may be ahead of a node's clock.
    pub max_future_s: u32,
    /// Bounds on sizes and counts.
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub limits: Limits,
    /// The rule on who may join.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "open"))]
    pub membership: Membership,
    /// Chips that a player gets on joining.
    pub starting_chips: u64,
    /// True if bets can be read before kick-off: `open` or `sealed`.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "open"))]
    pub tips: BetMode,
}

/// A pool: its rules and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PoolBody {
    /// The part that strangers are told, too.
    #[serde(flatten)]
    pub outside: OutsidePoolBody,
    /// The players who could read sealed bets before kick-off, all of them together: the keepers, while they are fewer than three. Left out
    /// where nobody can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub could_look: Vec<PlayerRef>,
    /// The accounts that may schedule matches and record results; names where they have joined.
    pub organisers: Vec<PlayerRef>,
    /// The number of matches now.
    pub matches: u64,
    /// Counts of the whole chain.
    #[serde(with = "shown")]
    pub totals: Totals,
}

impl OutsidePoolBody {
    /// The pool of a genesis.
    #[must_use]
    pub fn new(id: PoolId, genesis: &Genesis) -> Self {
        Self {
            id,
            name: genesis.name.as_str().to_owned(),
            created: moment(genesis.created),
            consensus: genesis.consensus.name().to_owned(),
            target: genesis.target,
            max_future_s: genesis.max_future_s,
            limits: genesis.limits,
            membership: genesis.membership,
            starting_chips: genesis.starting_chips.0,
            tips: genesis.rules.bets,
        }
    }
}

/// A ticket that somebody has joined with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TicketBody {
    /// The ticket's public key, written as an account.
    #[serde(serialize_with = "AccountId::plain")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub ticket: AccountId,
    /// The number of accounts that have joined with it.
    pub used: u32,
}
