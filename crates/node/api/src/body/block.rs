//! Blocks.

use bolao_chain::Stamp;
use bolao_ledger::{AccountId, BlockHash, ValidatorsHash};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DatedBlock;

/// A block that was found on request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MinedBody {
    /// Its hash.
    #[schema(value_type = String)]
    pub hash: BlockHash,
}

/// A block, without its transactions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlockBody {
    /// The block.
    #[serde(flatten)]
    pub at: DatedBlock,
    /// The hash of the block before it.
    #[schema(value_type = String)]
    pub previous: BlockHash,
    /// The root of its transactions, in the byte order of hashes.
    pub merkle_root: String,
    /// The compact target, in hexadecimal.
    #[schema(example = "1f00ffff")]
    pub bits: String,
    /// The nonce that the miner found.
    pub nonce: u32,
    /// The version of its header.
    pub version: i32,
    /// Work of the chain up to this block, in hexadecimal.
    pub work: String,
    /// True if the main chain holds it.
    pub main_chain: bool,
    /// The number of its transactions, coinbase aside; `null` where the body is not known.
    pub transactions: Option<usize>,
    /// The miner's part of it; `null` at genesis and where the body is not known.
    pub coinbase: Option<CoinbaseBody>,
    /// The validators' stamp that made it final; absent in lists, and where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
}

/// A block's coinbase: the account that found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoinbaseBody {
    /// The account, in bech32m.
    #[schema(value_type = String)]
    pub miner: AccountId,
    /// The miner's message, as far as it is text.
    pub message: String,
    /// The hash of the validators after the block; absent where none vote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub validators: Option<ValidatorsHash>,
}
