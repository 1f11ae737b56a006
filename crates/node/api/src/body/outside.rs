//! What whoever may not look is told of a pool, where only players may: nothing that the genesis document or the node's address does
//! not say.

use bolao_ledger::PoolId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LinkBody, OutsidePoolBody, PoolBody, StatusBody, Viewers};

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
