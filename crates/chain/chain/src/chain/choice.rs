//! Which branch is the best.
//!
//! - It is the valid one with the most work; of those with the same, the one whose highest block has the lowest hash ([`Rank`]).
//!   So nodes that know the same blocks choose the same branch, whatever reached them first.
//! - A branch that turned out to be invalid is left out, and the next best one is tried.
//! - Only branches that hold the last final block count ([`super::finality`]), and of those only as much as validators do not
//!   refuse, where this node has a vote.

use std::cmp::Reverse;

use bolao_headers::Rank;
use bolao_ledger::{BlockHash, Reason};
use bolao_store::{Durability, HeaderRecord, Snapshot};

use crate::{
    chain::{Chain, branch_of},
    context::Context,
    error::CoreError,
};

/// The number of blocks of a branch that this node does not refuse, from the one above the fork on, which is in our chain: the lowest
/// first.
pub(crate) type Acceptable<'a> =
    dyn Fn(&Snapshot, &HeaderRecord, &[HeaderRecord]) -> Result<usize, CoreError> + 'a;

/// The result of a look through the tree of headers.
#[derive(Debug)]
pub(crate) struct BestBranch {
    /// The best branch that the chain may change to, from the block above the fork to its leaf.
    pub(crate) best: Option<Vec<HeaderRecord>>,
    /// Whether a branch above the last final block is refused from its first block on.
    pub(crate) refuses: bool,
}

impl Chain {
    /// The best branch of those that the chain may change to: better than our own, unless that one does not hold the last final block.
    pub(crate) fn best_branch(
        &mut self,
        acceptable: &Acceptable<'_>,
    ) -> Result<BestBranch, CoreError> {
        'again: loop {
            let snapshot = self.snapshot()?;
            let leaves = snapshot.leaves()?.into_iter();
            let mut leaves: Vec<(Rank, BlockHash)> = leaves
                .map(|(hash, work)| (Rank::new(work, hash), hash))
                .collect();
            if self.finality().anchored {
                leaves.retain(|(rank, _)| *rank > self.tip().rank());
            } else if let Some(anchor) = snapshot.header(&self.finality().anchor.hash)? {
                // Whatever became of the leaves on top of it.
                leaves.push((anchor.rank(), anchor.hash));
            }
            leaves.retain(|(_, hash)| !self.branches().is_stalled(hash));
            leaves.sort_unstable_by_key(|(rank, _)| Reverse(*rank));
            let mut refuses = false;
            for (_, leaf) in leaves {
                let (fork, mut path) = branch_of(&snapshot, leaf)?;
                let invalid = path.iter().position(|it| it.invalid.is_some());
                if let Some(invalid) = invalid {
                    path.truncate(invalid);
                    self.write(Durability::Volatile, |tables| {
                        path.iter().rev().try_for_each(|above| {
                            tables.mark_invalid(above.hash, Reason::InvalidAncestor)
                        })
                    })?;
                    self.check_anchor_valid()?;
                    continue 'again;
                }
                path.reverse();
                // # Rule B12: no branch is followed that does not hold the last final block.
                if self.finality().allows(&fork, &path) {
                    if self.finality().anchored {
                        path.truncate(acceptable(&snapshot, &fork, &path)?);
                        refuses |= path.is_empty();
                    }
                    if path.last().is_some_and(|it| self.beats_tip(it)) {
                        let best = Some(path);
                        return Ok(BestBranch { best, refuses });
                    }
                    continue;
                }
                // What is final stays so, and with it what contradicts it.
                self.write(Durability::Volatile, |tables| tables.remove_leaf(&leaf))?;
            }
            let best = None;
            return Ok(BestBranch { best, refuses });
        }
    }

    /// Whether this node does not refuse a block whose body and those under it are here.
    pub(crate) fn may_follow(
        &self,
        cx: &Context,
        target: BlockHash,
        acceptable: &Acceptable<'_>,
    ) -> Result<bool, CoreError> {
        if !cx.kind.follows_branches() || !self.finality().anchored {
            return Ok(true);
        }
        let snapshot = self.snapshot()?;
        let (fork, mut path) = branch_of(&snapshot, target)?;
        path.reverse();
        Ok(acceptable(&snapshot, &fork, &path)? == path.len())
    }
}
