//! A receipt, and its file.

use bolao_ledger::{
    Block, BlockHash, Genesis, Header, Height, PoolId, decode, encode, merkle_branch,
};
use serde::{Deserialize, Serialize};

use crate::{base64, error::SlipError, headers};

/// The version of the form.
pub const SLIP_VERSION: u16 = 1;
/// The most headers of a slip, genesis' included: more than two months of a block a minute.
pub const SLIP_HEADERS_MAX: usize = 100_000;
/// The longest slip, in bytes of its file.
pub const SLIP_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A receipt for a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Slip {
    /// [`SLIP_VERSION`].
    pub version: u16,
    /// The pool.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub pool: PoolId,
    /// The block that holds the transaction.
    #[cfg_attr(feature = "schema", schema(value_type = u64))]
    pub height: Height,
    /// The transaction's place among the leaves of the block's Merkle tree; the coinbase has 0.
    pub position: u32,
    /// The transaction's canonical encoding, in base64 (here and below: RFC 4648's URL alphabet,
    /// without padding).
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub transaction: Vec<u8>,
    /// The siblings on the way to the Merkle root, lowest first, 32 bytes each, in base64.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub path: Vec<u8>,
    /// The tip's hash.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub tip: BlockHash,
    /// Every rule of the pool: the canonical encoding of the genesis document, in base64.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub genesis: Vec<u8>,
    /// The headers above genesis up to the tip, in base64. Each is its Merkle root (32 bytes), time
    /// and nonce (4 each, little-endian), and 0 for version 1, else 1 and the version (4). The
    /// previous hash is that of the header below, the target the one that the rules want.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub headers: Vec<u8>,
}

impl Slip {
    /// A receipt for the transaction at `index` of a block's transactions; `headers` from genesis
    /// to the tip. `None` if there is no such transaction.
    #[must_use]
    pub fn new(
        genesis: &Genesis,
        headers: &[Header],
        height: Height,
        block: &Block,
        index: usize,
    ) -> Option<Self> {
        let transaction = block.transactions.get(index)?;
        let position = index.checked_add(1)?;
        Some(Self {
            version: SLIP_VERSION,
            pool: genesis.pool_id(),
            height,
            position: u32::try_from(position).ok()?,
            transaction: encode(transaction),
            path: merkle_branch(&block.leaves(), position).concat(),
            tip: headers.last()?.hash(),
            genesis: encode(genesis),
            headers: headers::pack(headers.get(1..)?),
        })
    }

    /// The file's text: JSON on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("maps with text keys are always JSON")
    }

    /// Reads a file. Only the form that [`Self::to_json`] writes is one, with or without a line's
    /// end: two files that differ are never both good.
    ///
    /// # Errors
    /// The text is too long, no slip, or not in that form.
    pub fn from_json(text: &str) -> Result<Self, SlipError> {
        if text.len() > SLIP_BYTES_MAX {
            return Err(SlipError::TooLong { got: text.len() });
        }
        let text = text.strip_suffix('\n').unwrap_or(text);
        let slip: Self = serde_json::from_str(text).map_err(|error| SlipError::Json {
            reason: error.to_string(),
        })?;
        if slip.to_json() == text {
            Ok(slip)
        } else {
            Err(SlipError::Form)
        }
    }

    /// The pool's rules, as far as they decode; [`crate::verify`] compares them with the pool.
    ///
    /// # Errors
    /// They do not decode.
    pub fn genesis(&self) -> Result<Genesis, SlipError> {
        decode(&self.genesis).map_err(|error| SlipError::BadRules {
            reason: error.to_string(),
        })
    }
}
