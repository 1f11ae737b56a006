//! What whoever may not look is told of a pool, where only players may: nothing that the genesis document or the node's address does
//! not say.

use bolao_ledger::{BetMode, Genesis, Limits, Membership, PoolId, TargetRule};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LinkBody, PoolBody, StatusBody, Viewers, moment};

/// The pool, as far as joining needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutsidePoolBody {
    /// The hash of the genesis header.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: PoolId,
    /// The name of the pool.
    pub name: String,
    /// The time at which it was made.
    pub created: Timestamp,
    /// The way in which blocks become final.
    #[schema(example = "pow")]
    pub consensus: String,
    /// The target: how hard blocks are to find.
    #[schema(value_type = Object)]
    pub target: TargetRule,
    /// The most seconds by which a block's time may be ahead of a node's clock.
    pub max_future_s: u32,
    /// Bounds on sizes and counts.
    #[schema(value_type = Object)]
    pub limits: Limits,
    /// The rule on who may join.
    #[schema(value_type = String, example = "invite")]
    pub membership: Membership,
    /// Chips that a player gets on joining.
    pub starting_chips: u64,
    /// True if bets can be read before kick-off: `open` or `sealed`.
    #[schema(value_type = String, example = "sealed")]
    pub tips: BetMode,
}

impl OutsidePoolBody {
    pub(crate) fn new(id: PoolId, genesis: &Genesis) -> Self {
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

/// The node, as far as joining needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutsideStatusBody {
    /// The program's version.
    pub version: String,
    /// The pool's identity: the hash of its genesis header.
    #[schema(value_type = String)]
    pub pool: PoolId,
    /// The name of the pool.
    pub pool_name: String,
    /// This node as others register it.
    pub url: String,
    /// Its page as people open it.
    pub link: LinkBody,
    /// The people who may look at that page.
    #[serde(default)]
    pub viewers: Viewers,
}

/// The pool, for whoever may look; less for others, where only players may.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes two answers of one route")]
pub(crate) enum PoolAnswer {
    Whole(PoolBody),
    Outside(OutsidePoolBody),
}

/// The status, for whoever may look; less for others, where only players may.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum StatusAnswer {
    Whole(Box<StatusBody>),
    Outside(Box<OutsideStatusBody>),
}
