//! How chips came and went.

use bolao_ledger::Cause;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::named::Named;

/// One change of a player's chips.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HistoryBody {
    /// From 0.
    pub seq: u64,
    /// Why, with the match or the other player that it is about.
    #[cfg_attr(feature = "schema", schema(value_type = Cause))]
    pub cause: Named<Cause>,
    /// Chips that came, or with a minus that went.
    pub change: i64,
    /// Chips at hand afterwards.
    pub balance: u64,
    /// The block.
    pub height: u64,
    /// The pool's time then.
    pub time: Timestamp,
}
