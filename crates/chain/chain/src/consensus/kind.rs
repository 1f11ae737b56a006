//! The kind of consensus that a pool has, for callers that need not know it: nobody outside of this folder asks which it is.
//!
//! Six answers depend on it, each kind's in its own folder ([`super::pow`], [`super::pos`], [`super::hybrid`]): what proves a header;
//! when a block is due; what is final; which branches count; who may make blocks; and what a client is told who wants to. What
//! peers are asked and told of final blocks follows from these: below.

use std::fmt::Debug;

use bolao_ledger::{Consensus, Decided, DecodeError, Genesis, Height, decode};
use bolao_store::StoreError;

use super::{hybrid::Hybrid, pos::Pos, pow::Pow};
use crate::{
    chain::Place,
    consensus::Voting,
    core::Parts,
    error::{CoreError, no_certificate},
    io::{PeerId, Rejection},
    observer::Thresholds,
    wire::{CertifiedBlock, Status},
};

/// The answers of a kind of consensus. Those that are given here are what most kinds have in common.
pub(crate) trait Kind: Debug + Sync {
    /// Whether a certificate of validators proves a header; else its work does.
    fn is_certified(&self) -> bool {
        false
    }

    /// Whether a block is due now, or a vote on one.
    fn is_due(&self, _votes: &mut Voting, _parts: &Parts) -> Result<bool, CoreError> {
        Ok(false)
    }

    /// Whether validators decide what is final; else nothing is.
    fn has_votes(&self) -> bool {
        true
    }

    /// The decision that a final block's proof holds.
    fn decided(&self, _block: Place, proof: &[u8]) -> Result<Decided, DecodeError> {
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

/// The answers of a pool's kind.
pub(crate) fn kind(genesis: &Genesis) -> &'static dyn Kind {
    match genesis.consensus {
        Consensus::Pow => &Pow,
        Consensus::Pos(_) => &Pos,
        Consensus::Hybrid(_) => &Hybrid,
    }
}

/// From how many seconds on what comes is off.
pub(crate) fn thresholds(genesis: &Genesis) -> Thresholds {
    let Some(voting) = genesis.consensus.voting() else {
        return Thresholds::WORK;
    };
    let (clock_s, clocks_differ_s) = (voting.clock_s, voting.clock_s.into());
    match &genesis.consensus {
        Consensus::Hybrid(rules) => Thresholds {
            grace_s: rules.grace_s.into(),
            there_s: rules.there_s,
            clock_s,
            clocks_differ_s,
        },
        _ => Thresholds {
            // A validator's clock may be `clock_s` from the true time, and ours as well.
            grace_s: clocks_differ_s.saturating_mul(2),
            clock_s,
            clocks_differ_s,
            ..Thresholds::WORK
        },
    }
}

impl Voting {
    /// The number of the vote that comes next.
    pub(super) fn vote_number(&self, parts: &Parts) -> Height {
        let checkpoints = self.checkpoints();
        checkpoints.map_or(parts.chain.tip().height.next(), |it| it.number)
    }

    /// Asks for what was decided without us.
    pub(crate) fn seek_finals(&mut self, parts: &mut Parts) {
        if parts.cx.kind.is_certified() {
            parts.sync.seek_certified(&mut parts.cx, &mut parts.chain);
        } else {
            self.seek_checkpoints(parts);
        }
    }

    /// An answer to what [`Self::seek_finals`] asked.
    pub(crate) fn on_finals(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        from: Height,
        finals: Vec<CertifiedBlock>,
    ) -> Result<(), CoreError> {
        if parts.cx.kind.is_certified() {
            self.on_certified(parts, peer, from, &finals)
        } else {
            self.on_checkpoints(parts, peer, finals)
        }
    }

    /// Compares histories with a peer that says it stands elsewhere.
    pub(crate) fn compare_with(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        status: &Status,
    ) -> Result<(), StoreError> {
        if parts.cx.kind.is_certified() {
            parts
                .sync
                .compare_height(&mut parts.cx, &parts.chain, peer, status)
        } else {
            self.compare_tip(parts, peer, status)
        }
    }

    /// The decision of a peer that was asked to compare, from a number on.
    pub(crate) fn on_compared(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        between: (Height, Height),
        from: Height,
        finals: &[CertifiedBlock],
    ) -> Result<(), CoreError> {
        if parts.cx.kind.is_certified() {
            self.on_compared_block(parts, peer, between, from, finals)
        } else {
            self.on_compared_checkpoint(parts, peer, between, from, finals)
        }
    }

    /// Blocks that somebody proposed, as they were asked for.
    pub(crate) fn on_proposals(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        blocks: &[Vec<u8>],
    ) -> Result<(), CoreError> {
        if parts.cx.kind.is_certified() {
            self.take_proposals(parts, blocks)
        } else {
            self.take_branch(parts, peer, blocks)
        }
    }
}
