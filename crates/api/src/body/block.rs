//! Blocks.

use bolao_ledger::{AccountId, BlockHash};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PlayerRef;

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
    /// Its hash.
    #[schema(value_type = String)]
    pub hash: BlockHash,
    /// Its height.
    pub height: u64,
    /// The hash of the block before it.
    #[schema(value_type = String)]
    pub previous: BlockHash,
    /// The root of its transactions, in the byte order of hashes.
    pub merkle_root: String,
    /// Its time.
    pub time: Timestamp,
    /// The compact target, in hexadecimal.
    #[schema(example = "1f00ffff")]
    pub bits: String,
    /// What was searched for.
    pub nonce: u32,
    /// The version of its header.
    pub version: i32,
    /// Work of the chain up to this block, in hexadecimal.
    pub work: String,
    /// Whether the main chain holds it.
    pub main_chain: bool,
    /// How many transactions it holds, coinbase aside; `null` where the body is not known.
    pub transactions: Option<usize>,
    /// Who found it; `null` at genesis and where the body is not known.
    pub coinbase: Option<CoinbaseBody>,
    /// Who made it final; absent in lists, and where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<StampBody>,
}

/// Who made a block final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StampBody {
    /// The height of the block that they signed: in `hybrid` it may be above.
    pub height: u64,
    /// Validators who signed it: of more than two thirds of the weight.
    pub signers: Vec<PlayerRef>,
    /// How many validators there were.
    pub validators: usize,
}

/// Who found a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoinbaseBody {
    /// The account, in bech32m.
    #[schema(value_type = String)]
    pub miner: AccountId,
    /// What the miner has to say, as far as it is text.
    pub message: String,
}
