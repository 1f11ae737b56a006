//! What votes ask and are told, by what they are about: blocks that validators make ([`super::pos`]) or checkpoints ([`super::hybrid`]).

use bolao_ledger::{Block, Height, decode};
use bolao_store::StoreError;

use crate::{
    chain::Chain,
    consensus::{
        Voting,
        catch_up::{self, Given},
    },
    context::Context,
    error::CoreError,
    io::{PeerId, Rejection},
    sync::Syncing,
    wire::{CertifiedBlock, Status},
};

/// A decision that was made without this node, as a peer gave it.
#[derive(Debug)]
pub(crate) enum Finals<'a> {
    /// Blocks, each with its certificate, and what the peer is at fault for.
    Blocks(Vec<Given>, Option<Rejection>),
    /// Certificates of checkpoints.
    Checkpoints(&'a [CertifiedBlock]),
}

impl Voting {
    /// The number of the vote that comes next.
    pub(super) fn vote_number(&self, chain: &Chain) -> Height {
        let checkpoints = self.checkpoints();
        checkpoints.map_or(chain.tip().height.next(), |it| it.number)
    }

    /// Whether a block is due now, or a vote on one.
    pub(super) fn is_due(&mut self, cx: &Context, chain: &Chain) -> Result<bool, CoreError> {
        if cx.kind.is_certified() {
            return self.is_block_due(cx, chain);
        }
        Ok(self.has_checkpoint(chain))
    }

    /// Asks for what was decided without us.
    pub(crate) fn seek_finals(&mut self, cx: &mut Context, chain: &mut Chain, sync: &mut Syncing) {
        if cx.kind.is_certified() {
            sync.seek_certified(cx, chain);
        } else {
            self.seek_checkpoints(cx, chain, sync);
        }
    }

    /// Compares histories with a peer that says it stands elsewhere.
    pub(crate) fn compare_with(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        sync: &mut Syncing,
        peer: &PeerId,
        status: &Status,
    ) -> Result<(), StoreError> {
        if cx.kind.is_certified() {
            sync.compare_height(cx, chain, peer, status)
        } else {
            self.compare_tip(cx, chain, sync, peer, status)
        }
    }

    /// The decision of a peer that was asked to compare, from a number on.
    pub(crate) fn on_compared(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        peer: &PeerId,
        sought: ((Height, Height), Height),
        finals: &[CertifiedBlock],
    ) -> Result<(), CoreError> {
        if cx.kind.is_certified() {
            self.on_compared_block(cx, chain, sync, peer, sought, finals)
        } else {
            self.on_compared_checkpoint(cx, chain, sync, peer, sought, finals)
        }
    }

    /// An answer to what [`Self::seek_finals`] asked.
    pub(crate) fn read_finals<'a>(&self, finals: &'a [CertifiedBlock]) -> Finals<'a> {
        if self.checkpoints().is_some() {
            return Finals::Checkpoints(finals);
        }
        let (blocks, fault) = catch_up::read(finals);
        Finals::Blocks(blocks, fault)
    }

    /// Takes blocks that somebody proposed, as they were asked for: gives those that are to be taken one after the other.
    pub(crate) fn take_proposals(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        peer: &PeerId,
        blocks: &[Vec<u8>],
    ) -> Result<Vec<Block>, CoreError> {
        if self.checkpoints().is_some() {
            self.take_branch(cx, chain, sync, peer, blocks)?;
            return Ok(Vec::new());
        }
        let blocks = blocks.iter().map(|bytes| decode(bytes));
        Ok(blocks.filter_map(Result::ok).collect())
    }
}
