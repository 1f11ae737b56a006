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
use bolao_store::{Durability, HeaderRecord};

use crate::{chain::branch_of, consensus::Voting, core::Parts, error::CoreError, io::Cause};

impl Parts {
    /// Moves to the best branch as far as its bodies are here, and sees to it that the missing ones are fetched.
    pub(crate) fn choose_branch(
        &mut self,
        mut votes: Option<&mut Voting>,
        cause: Cause,
    ) -> Result<(), CoreError> {
        loop {
            self.chain.branches().looked();
            self.chain.branches().judge_soon();
            let Some(path) = self.best_branch(votes.as_deref_mut())? else {
                self.sync.fetch(None);
                return Ok(());
            };
            let here = path.iter().take_while(|record| record.has_body);
            match here.last() {
                Some(record)
                    if self.chain.beats_tip(record)
                        && self.may_follow(votes.as_deref(), record.hash)? =>
                {
                    self.switch_to(record.hash, cause)?;
                }
                _ => {
                    self.sync.fetch(Some(path));
                    return Ok(());
                }
            }
        }
    }

    /// The best branch of those that the chain may change to, from the block above the fork to its leaf: better than our
    /// own, unless that one does not hold the last final block.
    fn best_branch(
        &mut self,
        votes: Option<&mut Voting>,
    ) -> Result<Option<Vec<HeaderRecord>>, CoreError> {
        'again: loop {
            let snapshot = self.chain.snapshot()?;
            let leaves = snapshot.leaves()?.into_iter();
            let mut leaves: Vec<(Rank, BlockHash)> = leaves
                .map(|(hash, work)| (Rank::new(work, hash), hash))
                .collect();
            if self.chain.finality().anchored {
                leaves.retain(|(rank, _)| *rank > self.chain.tip().rank());
            } else if let Some(anchor) = snapshot.header(&self.chain.finality().anchor.hash)? {
                // Whatever became of the leaves on top of it.
                leaves.push((anchor.rank(), anchor.hash));
            }
            leaves.retain(|(_, hash)| !self.chain.branches().is_stalled(hash));
            leaves.sort_unstable_by_key(|(rank, _)| Reverse(*rank));
            let mut refuses = false;
            for (_, leaf) in leaves {
                let (fork, mut path) = branch_of(&snapshot, leaf)?;
                let invalid = path.iter().position(|it| it.invalid.is_some());
                if let Some(invalid) = invalid {
                    path.truncate(invalid);
                    self.chain.write(Durability::Volatile, |tables| {
                        path.iter().rev().try_for_each(|above| {
                            tables.mark_invalid(above.hash, Reason::InvalidAncestor)
                        })
                    })?;
                    self.chain.check_anchor_valid()?;
                    continue 'again;
                }
                path.reverse();
                // # Rule B12: no branch is followed that does not hold the last final block.
                if self.chain.finality().allows(&fork, &path) {
                    if self.chain.finality().anchored {
                        if let Some(votes) = &votes {
                            path.truncate(votes.acceptable(self, &snapshot, &fork, &path)?);
                        }
                        refuses |= path.is_empty();
                    }
                    if path.last().is_some_and(|it| self.chain.beats_tip(it)) {
                        return Ok(Some(path));
                    }
                    continue;
                }
                // What is final stays so, and with it what contradicts it.
                self.chain
                    .write(Durability::Volatile, |tables| tables.remove_leaf(&leaf))?;
            }
            if let Some(votes) = votes {
                votes.note_refusal(self, refuses);
            }
            return Ok(None);
        }
    }

    /// Whether this node does not refuse a block whose body and those under it are here.
    pub(crate) fn may_follow(
        &self,
        votes: Option<&Voting>,
        target: BlockHash,
    ) -> Result<bool, CoreError> {
        if !self.cx.kind.follows_branches() || !self.chain.finality().anchored {
            return Ok(true);
        }
        let snapshot = self.chain.snapshot()?;
        let (fork, mut path) = branch_of(&snapshot, target)?;
        path.reverse();
        votes.map_or(Ok(true), |votes| {
            votes.accepts(self, &snapshot, &fork, &path)
        })
    }
}
