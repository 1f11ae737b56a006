//! What proves a block, by work or by votes.

use bolao_ledger::{BlockHash, Header, Height, UnixSeconds};

use crate::deciders::Deciders;

/// Why a block is one of the pool's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proven {
    /// It is in a chain with so much work.
    Work(ProvenWork),
    /// It is final: validators signed it.
    Votes(ProvenVotes),
}

/// The block that holds a slip's transaction.
pub(crate) struct Found {
    /// The hashes of all headers, from genesis on.
    pub(crate) chain: Vec<BlockHash>,
    pub(crate) header: Header,
    pub(crate) clock: UnixSeconds,
    pub(crate) newest: UnixSeconds,
    pub(crate) proven: Proven,
}

/// A chain by the pool's rules, and its work.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProvenWork {
    /// The chain's last block when the slip was written.
    pub tip: BlockHash,
    /// The height of that block.
    pub tip_height: Height,
    /// The time of that block.
    pub tip_time: UnixSeconds,
    /// Blocks from the transaction's own to the last, both counted.
    pub confirmations: u64,
    /// The expected number of hashes for those blocks, in hexadecimal: what it would cost to leave
    /// the transaction out.
    pub work: String,
    /// The same for as many blocks at the pool's first target. Where targets follow the pace, `work`
    /// may be far less: a chain that one machine made alone is slow, so that its targets are easy.
    pub first_work: String,
}

/// Validators of more than two thirds of the weight signed that the block is final.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProvenVotes {
    /// The block that they signed: the slip's own, or one above it.
    pub signed: Height,
    /// Whether they supported different blocks before they signed this one (`hybrid`).
    pub contested: bool,
    /// The number of validators that signed.
    pub signers: usize,
    /// The number of all validators.
    pub validators: usize,
    /// The weight of those who signed.
    pub weight: u64,
    /// The weight of all.
    pub total: u64,
    /// The number of times that the validators had changed since genesis.
    pub changes: usize,
    /// Those who voted from genesis on until one set had signed the slip's block, the first ones first.
    pub deciders: Vec<Deciders>,
}
