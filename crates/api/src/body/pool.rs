//! The pool's rules and its invitations.

use bolao_ledger::{AccountId, PoolId, Rules};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the pool is played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RulesBody {
    /// The pool's id, which commits to all of this.
    #[schema(value_type = String)]
    pub pool: PoolId,
    /// What it is called.
    pub name: String,
    /// The rules as the genesis file has them.
    #[schema(value_type = Object)]
    pub rules: Rules,
    /// The name of the scheme of points, where it has one.
    #[schema(example = "kicktipp")]
    pub preset: Option<String>,
    /// The same in English, a sentence each.
    pub sentences: Vec<String>,
}

/// A ticket that somebody has joined with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketBody {
    /// The ticket's public key, written as an account.
    #[schema(value_type = String)]
    pub ticket: AccountId,
    /// How many accounts have joined with it.
    pub used: u32,
}
