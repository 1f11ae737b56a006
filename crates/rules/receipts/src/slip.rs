//! A receipt, and its file.

use bolao_ledger::{
    Block, BlockHash, Genesis, Header, Height, PoolId, Transaction, ValidatorSet, decode, encode,
    json::from_file, merkle_branch,
};
use serde::{Deserialize, Serialize};

use crate::{
    base64,
    error::SlipError,
    form::{
        SLIP_BYTES_MAX, SLIP_VERSION_CHECKPOINT, SLIP_VERSION_VOTES, SLIP_VERSION_WORK,
        becomes_final,
    },
    headers,
};

/// A receipt for a transaction. What only one version holds is left out of the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Slip {
    /// [`SLIP_VERSION_WORK`], [`SLIP_VERSION_VOTES`] or [`SLIP_VERSION_CHECKPOINT`].
    pub version: u16,
    /// The identity of the pool.
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
    /// Version 1: the tip's hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub tip: Option<BlockHash>,
    /// Every rule of the pool: the canonical encoding of the genesis document, in base64.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub genesis: Vec<u8>,
    /// The headers above genesis up to the tip, in versions 2 and 3 up to `block`, in base64. Each is its Merkle root (32 bytes), time
    /// and nonce (4 each, little-endian), and 0 for version 1, else 1 and the version (4). The
    /// previous hash is that of the header below, the target the one that the rules want.
    #[serde(
        default,
        with = "base64::option",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub headers: Option<Vec<u8>>,
    /// Versions 2 and 3: a final block at that height or above, with its certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<SignedHeader>,
    /// Versions 2 and 3: every final block under it after which others vote than after the one before, the lowest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<SetChanged>>,
}

/// A header, and what proves that its block is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignedHeader {
    /// Its 80 bytes, in base64.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub header: Vec<u8>,
    /// The encoded certificate of its validators, in `hybrid` with the number of the vote and the decision, in base64.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub certificate: Vec<u8>,
}

/// A block after which others vote than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetChanged {
    /// The block, signed by those before.
    pub block: SignedHeader,
    /// Its encoded coinbase, which names those after it, in base64.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub coinbase: Vec<u8>,
    /// The siblings on the coinbase's way to the Merkle root, as in `path`.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub path: Vec<u8>,
    /// The validators after it: the number of them (4 bytes, little-endian), and account (32), key (32) and
    /// weight (8) of each, by key, in base64.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub validators: Vec<u8>,
    /// The offers of those who vote after it with a key that was not theirs in any set before: the number of them (4 bytes,
    /// little-endian), and the transaction of each, in the order of the keys, in base64.
    #[serde(with = "base64")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub offers: Vec<u8>,
}

impl SignedHeader {
    /// A block's header with its encoded certificate: in `hybrid` what was decided, with the number of the vote.
    #[must_use]
    pub fn new(header: &Header, certificate: &[u8]) -> Self {
        Self {
            header: header.to_bytes().to_vec(),
            certificate: certificate.to_vec(),
        }
    }
}

impl SetChanged {
    /// A block with its certificate ([`SignedHeader::new`]), the validators after it, and the offers of those of them who are new.
    #[must_use]
    pub fn new(
        block: &Block,
        certificate: &[u8],
        after: &ValidatorSet,
        offers: &Vec<Transaction>,
    ) -> Self {
        Self {
            block: SignedHeader::new(&block.header, certificate),
            coinbase: encode(&block.coinbase),
            path: merkle_branch(&block.leaves(), 0).concat(),
            validators: encode(after),
            offers: encode(offers),
        }
    }

    /// The number of bytes it holds; in the file they take four thirds as many.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.block.header.len()
            + self.block.certificate.len()
            + self.coinbase.len()
            + self.path.len()
            + self.validators.len()
            + self.offers.len()
    }
}

impl Slip {
    /// A receipt, proven by work, for the transaction at `index` of a block's transactions; `headers` from genesis
    /// to the tip. `None` if there is no such transaction.
    #[must_use]
    pub fn of_work(
        genesis: &Genesis,
        headers: &[Header],
        block: &Block,
        index: usize,
    ) -> Option<Self> {
        Some(Self {
            tip: Some(headers.last()?.hash()),
            headers: Some(headers::pack(headers.get(1..)?)),
            ..Self::of(SLIP_VERSION_WORK, genesis, block, index)?
        })
    }

    /// The same where validators vote: `headers` from genesis to a final block that is not below it, whose certificate this is;
    /// `changes` are all of the final blocks below that one, the lowest first.
    #[must_use]
    pub fn of_votes(
        genesis: &Genesis,
        headers: &[Header],
        block: &Block,
        index: usize,
        certificate: &[u8],
        changes: Vec<SetChanged>,
    ) -> Option<Self> {
        let version = if becomes_final(genesis) {
            SLIP_VERSION_CHECKPOINT
        } else {
            SLIP_VERSION_VOTES
        };
        Some(Self {
            headers: Some(headers::pack(headers.get(1..)?)),
            block: Some(SignedHeader::new(headers.last()?, certificate)),
            changes: Some(changes),
            ..Self::of(version, genesis, block, index)?
        })
    }

    fn of(version: u16, genesis: &Genesis, block: &Block, index: usize) -> Option<Self> {
        let transaction = block.transactions.get(index)?;
        let position = index.checked_add(1)?;
        Some(Self {
            version,
            pool: genesis.pool_id(),
            height: block.coinbase.height,
            position: u32::try_from(position).ok()?,
            transaction: encode(transaction),
            path: merkle_branch(&block.leaves(), position).concat(),
            tip: None,
            genesis: encode(genesis),
            headers: None,
            block: None,
            changes: None,
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
        let slip: Self = from_file(text).map_err(|error| SlipError::Json {
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
