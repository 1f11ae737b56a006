//! Answers that depend on a pool's kind of consensus, for callers that need not know it.
//!
//! - What proves a header, and who may mine: [`bolao_ledger::Genesis::proof`], [`bolao_ledger::Consensus::mines`].
//! - When a vote is due, what is final, which branches count, and what peers are asked and told of it: here. [`super::pos`] has
//!   the answers where validators make the blocks, [`super::hybrid`] where they make blocks of work final.

use bolao_ledger::{BlockProof, Height};
use bolao_store::StoreError;

use super::is_finals;
use crate::{
    core::Core,
    error::CoreError,
    io::PeerId,
    wire::{CertifiedBlock, Status},
};

impl Core {
    /// Whether validators make the blocks, each with its certificate.
    pub(super) fn is_certified(&self) -> bool {
        self.genesis.proof() == BlockProof::Certificate
    }

    /// Whether something is to be voted on.
    pub(super) fn is_vote_due(&mut self) -> Result<bool, CoreError> {
        if self.is_certified() {
            self.is_block_due()
        } else {
            Ok(self.has_checkpoint())
        }
    }

    /// The number of the vote that comes next.
    pub(super) fn vote_number(&self) -> Height {
        let checkpoints = self.voter.as_ref().and_then(|it| it.checkpoints.as_ref());
        checkpoints.map_or(self.tip.height.next(), |it| it.number)
    }

    /// Whether branches are of interest that are not better than ours, since validators judge them.
    pub(crate) fn follows_branches(&self) -> bool {
        self.voter.is_some() && !self.is_certified()
    }

    /// Whether blocks that others decided are on their way.
    pub(crate) fn fetches_finals(&self) -> bool {
        self.is_certified() && self.requests.open().any(|it| is_finals(&it.purpose))
    }

    /// Asks for what was decided without us.
    pub(crate) fn seek_finals(&mut self) {
        if self.is_certified() {
            self.seek_certified();
        } else {
            self.seek_checkpoints();
        }
    }

    /// An answer to what [`Self::seek_finals`] asked.
    pub(crate) fn on_finals(
        &mut self,
        peer: &PeerId,
        from: Height,
        finals: Vec<CertifiedBlock>,
    ) -> Result<(), CoreError> {
        if self.is_certified() {
            self.on_certified(peer, from, finals)
        } else {
            self.on_checkpoints(peer, finals)
        }
    }

    /// Compares histories with a peer that says it stands elsewhere.
    pub(crate) fn compare_with(
        &mut self,
        peer: &PeerId,
        status: &Status,
    ) -> Result<(), StoreError> {
        if self.is_certified() {
            self.compare_height(peer, status)
        } else {
            self.compare_tip(peer, status)
        }
    }

    /// The decision of a peer that was asked to compare, from a number on.
    pub(crate) fn on_compared(
        &mut self,
        peer: &PeerId,
        between: (Height, Height),
        from: Height,
        finals: &[CertifiedBlock],
    ) -> Result<(), CoreError> {
        if self.is_certified() {
            self.on_compared_block(peer, between, from, finals)
        } else {
            self.on_compared_checkpoint(peer, between, from, finals)
        }
    }

    /// Blocks that somebody proposed, as they were asked for.
    pub(crate) fn on_proposals(
        &mut self,
        peer: &PeerId,
        blocks: &[Vec<u8>],
    ) -> Result<(), CoreError> {
        if self.is_certified() {
            self.take_proposals(blocks)
        } else {
            self.take_branch(peer, blocks)
        }
    }
}
