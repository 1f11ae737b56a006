//! The kind of consensus that a pool has, for callers that need not know it: nobody outside of this folder asks which it is.
//!
//! These answers depend on it: what proves a header; what is final; which branches count; who may make blocks; what a client is told
//! who wants to; and [by how much](mod@thresholds) what comes may be off. What validators vote on in each is [`crate::consensus`]'s.

mod thresholds;

use std::fmt::Debug;

use bolao_ledger::{BlockId, Consensus, Decided, Decision, DecodeError, Genesis, decode};

use crate::{error::no_certificate, io::Rejection};

pub(crate) use thresholds::{Thresholds, Timing, thresholds};

/// The answers of a kind of consensus. Those that are given here are what most kinds have in common.
pub(crate) trait Kind: Debug + Sync {
    /// Whether a certificate of validators proves a header; else its work does.
    fn is_certified(&self) -> bool {
        false
    }

    /// Whether validators decide what is final; else nothing is.
    fn has_votes(&self) -> bool {
        true
    }

    /// The decision that a final block's proof holds.
    fn decided(&self, _block: BlockId, proof: &[u8]) -> Result<Decided, DecodeError> {
        decode(proof)
    }

    /// Whether branches count that are not better than ours, since validators judge them.
    fn follows_branches(&self) -> bool {
        false
    }

    /// Whether anyone who finds a block makes one; else validators do in turn.
    fn is_mined(&self) -> bool {
        !self.is_certified()
    }

    /// The answer to a client who wants to mine where nobody does.
    fn no_mining(&self) -> Option<Rejection> {
        let refused = || no_certificate("no block is to be found");
        self.is_certified().then(refused)
    }
}

/// Blocks of work alone (`pow`): nobody votes, nothing is final, and whoever finds a block makes it.
#[derive(Debug)]
struct Pow;

impl Kind for Pow {
    fn has_votes(&self) -> bool {
        false
    }
}

/// Blocks that validators make in turn, each final at once (`pos`).
#[derive(Debug)]
struct Pos;

impl Kind for Pos {
    fn is_certified(&self) -> bool {
        true
    }

    fn decided(&self, block: BlockId, proof: &[u8]) -> Result<Decided, DecodeError> {
        let BlockId { height, hash } = block;
        Ok(Decided {
            height,
            decision: Decision::plain(height, hash),
            certificate: decode(proof)?,
        })
    }
}

/// Blocks of work that validators make final (`hybrid`).
#[derive(Debug)]
struct Hybrid;

impl Kind for Hybrid {
    fn follows_branches(&self) -> bool {
        true
    }
}

/// The answers of a pool's kind.
pub(crate) fn kind(genesis: &Genesis) -> &'static dyn Kind {
    match genesis.consensus {
        Consensus::Pow => &Pow,
        Consensus::Pos(_) => &Pos,
        Consensus::Hybrid(_) => &Hybrid,
    }
}

/// The refusal of whoever wants to mine, where nobody does.
#[must_use]
pub fn no_mining(genesis: &Genesis) -> Option<Rejection> {
    kind(genesis).no_mining()
}
