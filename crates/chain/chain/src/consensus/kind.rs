//! Answers that depend on a pool's kind of consensus, for callers that need not know it.
//!
//! - What proves a header, and who may mine: [`bolao_ledger::Genesis::proof`], [`bolao_ledger::Consensus::mines`].
//! - When a vote is due, what is final, which branches count, and what peers are asked and told of it: here. [`super::pos`] has
//!   the answers where validators make the blocks, [`super::hybrid`] where they make blocks of work final.

use bolao_ledger::Height;
use bolao_store::StoreError;

use crate::{
    consensus::Voting,
    core::Parts,
    error::CoreError,
    io::PeerId,
    wire::{CertifiedBlock, Status},
};

impl Voting {
    /// Whether something is to be voted on.
    pub(super) fn is_vote_due(&mut self, parts: &Parts) -> Result<bool, CoreError> {
        if parts.cx.is_certified() {
            self.is_block_due(parts)
        } else {
            Ok(self.has_checkpoint(parts))
        }
    }

    /// The number of the vote that comes next.
    pub(super) fn vote_number(&self, parts: &Parts) -> Height {
        let checkpoints = self.checkpoints();
        checkpoints.map_or(parts.chain.tip().height.next(), |it| it.number)
    }

    /// Asks for what was decided without us.
    pub(crate) fn seek_finals(&mut self, parts: &mut Parts) {
        if parts.cx.is_certified() {
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
        if parts.cx.is_certified() {
            self.on_certified(parts, peer, from, finals)
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
        if parts.cx.is_certified() {
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
        if parts.cx.is_certified() {
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
        if parts.cx.is_certified() {
            self.take_proposals(parts, blocks)
        } else {
            self.take_branch(parts, peer, blocks)
        }
    }
}
