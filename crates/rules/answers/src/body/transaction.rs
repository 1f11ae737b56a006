//! Transactions and what they do.

use bolao_ledger::{Action, json::alone, said::Said};
use serde::{Deserialize, Serialize};

use super::{DatedBlock, MatchRef, PlaceState, PlayerRef, named::Named};

/// A transaction, waiting or in a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TransactionBody {
    /// Its id.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{64}$"))]
    pub id: String,
    /// The player who signed it.
    pub player: PlayerRef,
    /// The number of transactions that the account had signed before.
    pub nonce: u64,
    /// The action of the transaction.
    #[serde(serialize_with = "alone")]
    #[cfg_attr(feature = "schema", schema(value_type = Action))]
    pub action: Named<Action>,
    /// The sentence that says what it does.
    #[cfg_attr(feature = "schema", schema(value_type = Said))]
    pub says: Named<Said>,
    /// The matches of its bets, seals or openings that are void and changed nothing: a bet that came too late or that the chips did not
    /// reach for, an opening of a seal that was open (O7).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub void: Vec<MatchRef>,
    /// 64 bytes in hexadecimal.
    pub signature: String,
    /// The canonical encoding in hexadecimal, for whoever checks the signature.
    pub raw: String,
    /// The block that holds it; `null` while it waits.
    pub block: Option<BlockRef>,
    /// The certainty that it stays in the chain.
    #[serde(default)]
    pub state: PlaceState,
}

/// The block that a transaction is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BlockRef {
    /// The block.
    #[serde(flatten)]
    pub at: DatedBlock,
    /// Its place among the block's transactions.
    pub index: u32,
}
