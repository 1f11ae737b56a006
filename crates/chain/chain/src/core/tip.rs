//! The tip moves: on a block that comes by itself, to a better branch, by what validators decided. The chain decides and writes; what
//! follows for those who watch and those who are sent something is handed on from here.

use bolao_ledger::{Block, BlockHash};
use bolao_store::{HeaderRecord, Snapshot};

use crate::{
    chain::{BestBranch, BlockRejection, Coming, NextBlock},
    consensus::Voting,
    context::Context,
    core::Core,
    error::CoreError,
    io::{Accepted, Cause, Rejection},
};

impl Core {
    /// Checks a block and makes it the tip, or keeps it on its branch.
    pub(super) fn accept_block(
        &mut self,
        block: Block,
        cause: Cause,
    ) -> Result<Result<Accepted, BlockRejection>, CoreError> {
        let hash = block.hash();
        let (record, checked) = match self.chain.look_at_block(&self.cx, block, cause)? {
            Ok(looked) => looked,
            Err(refused) => return Ok(Err(refused)),
        };
        let late = |votes: &Voting| {
            let arrives = self.heard_clocks().arrival(&self.cx);
            votes.arrives_late(&self.cx, record.header.time(), arrives)
        };
        let on_tip = record.header.previous == self.chain.tip().hash;
        if on_tip && !self.votes.as_deref().is_some_and(late) {
            let next = NextBlock {
                header: record,
                block: &checked,
                proven: None,
            };
            if let Err((_, rejection)) = self.extend_tip(&[next], cause)? {
                return Ok(Err(rejection.into()));
            }
        } else if self.chain.keep_side_block(&record, &checked, cause)? {
            self.chain.find_finals(&mut self.cx)?;
            self.choose_branch(cause)?;
        }
        if let Some(refused) = self.chain.found_invalid(&hash)? {
            return Ok(Err(refused));
        }
        Ok(Ok(Accepted::Block {
            hash,
            height: record.height,
            tip: self.chain.tip().hash == hash,
        }))
    }

    /// Connects blocks on the tip that no validator decided.
    pub(super) fn extend_tip(
        &mut self,
        blocks: &[NextBlock<'_>],
        cause: Cause,
    ) -> Result<Result<(), (BlockHash, Rejection)>, CoreError> {
        let coming = Coming {
            cause,
            arrives: self.sync.heard_clocks().arrival(&self.cx),
            first_heard: &|_| None,
            proven: None,
            logged: false,
            prunable: self.sync.prunable_below(&self.cx, &self.chain),
        };
        let Self {
            cx,
            chain,
            sync,
            observer,
            ..
        } = self;
        let moved = chain.extend_tip(cx, observer, blocks, &coming)?;
        Ok(moved.map(|moved| sync.push_returned(cx, chain, moved)))
    }

    /// Connects blocks that validators decided.
    pub(super) fn extend_final(
        &mut self,
        blocks: &[NextBlock<'_>],
        cause: Cause,
    ) -> Result<Result<(), (BlockHash, Rejection)>, CoreError> {
        let arrives = self.heard_clocks().arrival(&self.cx);
        let Self {
            cx,
            chain,
            sync,
            observer,
            votes: Some(votes),
            ..
        } = self
        else {
            // Nothing is decided where nobody votes.
            return Ok(Ok(()));
        };
        let last = blocks.last().map(|next| next.header.header.time());
        let proven = last.and_then(|last| votes.proven_with(cx, last));
        let coming = Coming {
            cause,
            arrives,
            first_heard: &|hash| votes.first_heard(hash),
            proven,
            logged: votes.has_votes_on_disk(),
            prunable: sync.prunable_below(cx, chain),
        };
        let moved = chain.extend_tip(cx, observer, blocks, &coming)?;
        Ok(moved.map(|moved| sync.push_returned(cx, chain, moved)))
    }

    /// Moves to the best branch as far as its bodies are here, and sees to it that the missing ones are fetched.
    pub(super) fn choose_branch(&mut self, cause: Cause) -> Result<(), CoreError> {
        loop {
            let Self {
                cx,
                chain,
                sync,
                votes,
                ..
            } = self;
            chain.branches().looked();
            chain.branches().judge_soon();
            let BestBranch { best, refuses } =
                chain.best_branch(&acceptable(cx, votes.as_deref()))?;
            let Some(path) = best else {
                if let Some(votes) = votes {
                    votes.note_refusal(chain, refuses);
                }
                sync.fetch(None);
                return Ok(());
            };
            let here = path.iter().take_while(|record| record.has_body).last();
            let better = here.filter(|record| chain.beats_tip(record));
            let better = better.map(|record| record.hash);
            let may_follow =
                |hash: &BlockHash| chain.may_follow(cx, *hash, &acceptable(cx, votes.as_deref()));
            match better {
                Some(hash) if may_follow(&hash)? => {
                    self.switch_to(hash, cause)?;
                }
                _ => {
                    sync.fetch(Some(path));
                    return Ok(());
                }
            }
        }
    }

    /// Whether this node does not refuse a block whose body and those under it are here.
    pub(super) fn may_follow(&self, target: BlockHash) -> Result<bool, CoreError> {
        let Self {
            cx, chain, votes, ..
        } = self;
        chain.may_follow(cx, target, &acceptable(cx, votes.as_deref()))
    }

    /// Makes a block of any branch the tip, if all under it keep the rules. Says whether it did.
    pub(super) fn switch_to(&mut self, target: BlockHash, cause: Cause) -> Result<bool, CoreError> {
        let Self {
            cx,
            chain,
            sync,
            observer,
            ..
        } = self;
        let Some(moved) = chain.switch_to(cx, observer, target, cause)? else {
            return Ok(false);
        };
        sync.push_returned(cx, chain, moved);
        Ok(true)
    }
}

/// The blocks of a branch that votes do not refuse, where there are any.
fn acceptable<'a>(
    cx: &'a Context,
    votes: Option<&'a Voting>,
) -> impl Fn(&Snapshot, &HeaderRecord, &[HeaderRecord]) -> Result<usize, CoreError> + 'a {
    move |snapshot, fork, path| match votes {
        Some(votes) => votes.acceptable(cx, snapshot, fork, path),
        None => Ok(path.len()),
    }
}
