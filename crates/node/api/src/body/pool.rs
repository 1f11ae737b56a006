//! The pool's rules.

use bolao_ledger::{PoolId, Rules};
use bolao_rulebook::Said;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The rules by which the pool is played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RulesBody {
    /// The pool's id, which commits to all of this.
    #[schema(value_type = String)]
    pub pool: PoolId,
    /// The name of the pool.
    pub name: String,
    /// The rules as the genesis file has them.
    #[schema(value_type = Object)]
    pub rules: Rules,
    /// The name of the scheme of points, where it has one.
    #[schema(example = "kicktipp")]
    pub preset: Option<String>,
    /// The same in English, a sentence each.
    pub sentences: Vec<String>,
    /// The same sentences, in the same order, for translation.
    #[serde(default)]
    pub said: Vec<Said>,
}
