//! Which branch is the best, and changing to it.
//!
//! - The best branch is the valid one with the most work; of two with the same, the one that was there first, which
//!   is the one that the tip is on.
//! - Changing branches is one write: blocks down to the fork are taken off, those of the other branch put on. If one
//!   of these breaks a rule, nothing of the write remains, it is remembered as invalid with all that builds upon it,
//!   and the next best branch is tried.
//! - Only branches that hold the last final block count ([`crate::finality`]).

use std::sync::Arc;

use bolao_ledger::{Block, BlockHash, CheckedBlock, Genesis, PoolId, Reason, Work};
use bolao_store::{Durability, HeaderRecord, Notice, StoreError, Tables, Tip};

use crate::{
    core::{Core, connect_block},
    error::{ConnectError, CoreError},
    io::{Cause, Rejection},
    notices::{self, late_bets},
    sync::Download,
};

/// A branch with more work than the tip's.
struct Branch {
    /// From the block above the fork to the leaf.
    path: Vec<HeaderRecord>,
}

/// What is known of a leaf.
enum Leaf {
    Good(Branch),
    /// Its ancestor is invalid, and these build upon it, the lowest first.
    Spoilt(Vec<BlockHash>),
    /// It does not hold the last final block.
    AgainstFinal,
}

/// What changing branches did.
struct Switched {
    fork: Tip,
    disconnected: Vec<Arc<Block>>,
    connected: Vec<Arc<Block>>,
    notices: Vec<(u64, Arc<Notice>)>,
}

impl Core {
    /// Moves to the best branch as far as its bodies are here, and sees to it that the missing ones are fetched.
    pub(crate) fn choose_branch(&mut self, cause: Cause) -> Result<(), CoreError> {
        self.reconsider = false;
        loop {
            let Some(branch) = self.best_branch()? else {
                self.download = None;
                return Ok(());
            };
            let here = branch
                .path
                .iter()
                .take_while(|record| record.status.has_body)
                .last();
            match here {
                Some(record) if self.beats_tip(record) => {
                    let target = record.hash;
                    if let Err((hash, rejection)) = self.switch_to(target, cause)? {
                        self.reject_stored(hash, &rejection)?;
                    }
                }
                _ => {
                    self.aim_download(branch.path);
                    return Ok(());
                }
            }
        }
    }

    fn reject_stored(&mut self, hash: BlockHash, rejection: &Rejection) -> Result<(), CoreError> {
        if let Some(record) = self.snapshot()?.header(&hash)? {
            self.remember_invalid(&record, rejection)?;
        }
        self.reconsider = false;
        Ok(())
    }

    /// The branch with the most work of those that the chain may change to: with more work than the tip, unless the tip
    /// is not on the last final block's branch.
    fn best_branch(&mut self) -> Result<Option<Branch>, CoreError> {
        'again: loop {
            let snapshot = self.snapshot()?;
            let mut leaves: Vec<(BlockHash, Work)> = snapshot.leaves()?;
            if self.finality.anchored {
                leaves.retain(|(_, work)| *work > self.tip.work);
            } else if let Some(anchor) = snapshot.header(&self.finality.anchor.hash)? {
                // Whatever became of the leaves on top of it.
                leaves.push((anchor.hash, anchor.work));
            }
            leaves.retain(|(hash, _)| !self.stalled.contains_key(hash));
            drop(snapshot);
            leaves.sort_by(|(_, a), (_, b)| b.cmp(a));
            for (hash, _) in leaves {
                match self.look_at(hash)? {
                    Leaf::Good(branch) => return Ok(Some(branch)),
                    // What is final stays so, and with it what contradicts it.
                    Leaf::AgainstFinal => self
                        .store
                        .write::<_, StoreError>(Durability::Volatile, |tables| {
                            tables.remove_leaf(&hash)
                        })?,
                    Leaf::Spoilt(hashes) => {
                        self.store
                            .write::<_, StoreError>(Durability::Volatile, |tables| {
                                hashes.iter().try_for_each(|hash| {
                                    tables.mark_invalid(*hash, Reason::InvalidAncestor)
                                })
                            })?;
                        self.check_anchor_valid(&self.snapshot()?)?;
                        continue 'again;
                    }
                }
            }
            return Ok(None);
        }
    }

    fn look_at(&self, leaf: BlockHash) -> Result<Leaf, CoreError> {
        let snapshot = self.snapshot()?;
        let missing = |hash| StoreError::UnknownHeader { hash };
        let mut record = snapshot.header(&leaf)?.ok_or(missing(leaf))?;
        let mut path = Vec::new();
        while !snapshot.is_main(&record)? {
            if record.status.invalid.is_some() {
                let above = path.iter().rev().map(|it: &HeaderRecord| it.hash);
                return Ok(Leaf::Spoilt(above.collect()));
            }
            let parent = record.header.previous();
            path.push(record);
            record = snapshot.header(&parent)?.ok_or(missing(parent))?;
        }
        path.reverse();
        // # Rule B12: no branch is followed that does not hold the last final block.
        if !self.finality.allows(&record, &path) {
            return Ok(Leaf::AgainstFinal);
        }
        Ok(Leaf::Good(Branch { path }))
    }

    /// Makes a block of any branch the tip. Its body and those under it are in the store.
    pub(crate) fn switch_to(
        &mut self,
        target: BlockHash,
        cause: Cause,
    ) -> Result<Result<(), (BlockHash, Rejection)>, CoreError> {
        let old = self.tip;
        let cause = if self.finality.anchored {
            cause
        } else {
            Cause::Final
        };
        let recent = &self.recent;
        let (genesis, pool, noticing, now) = (&self.genesis, self.pool, &self.noticing, self.now);
        let switched = self.store.write(Durability::Durable, |tables| {
            let missing = |hash| StoreError::UnknownHeader { hash };
            let mut record = tables.header(&target)?.ok_or(missing(target))?;
            let mut path = Vec::new();
            while !tables.is_main(&record)? {
                let parent = record.header.previous();
                path.push(record);
                record = tables.header(&parent)?.ok_or(missing(parent))?;
            }
            let begun = noticing.begun(tables, cause, Some(&old))?;
            let mut disconnected = Vec::new();
            while tables.tip()?.height > record.height {
                disconnected.push(Arc::new(tables.disconnect()?));
            }
            // Before the new blocks, which take away what they hold too.
            for block in disconnected.iter().rev() {
                for transaction in &block.transactions {
                    tables.put_pending(transaction)?;
                }
            }
            let fork = tables.tip()?;
            let (mut connected, mut notices) = (Vec::new(), Vec::new());
            for record in path.iter().rev() {
                let checked = match recent.get(&record.hash) {
                    Some(known) => known.clone(),
                    None => checked_again(tables, record.hash, genesis, pool)?,
                };
                if let Some(late) = late_bets(tables, &begun, record.height, checked.get())? {
                    notices.push(notices::keep(tables, now, record.height, late)?);
                }
                connect_block(tables, genesis, record, &checked)?;
                connected.push(checked.shared());
            }
            Ok(Switched {
                fork,
                disconnected,
                connected,
                notices,
            })
        });
        match switched {
            Ok(Switched {
                fork,
                disconnected,
                connected,
                notices,
            }) => {
                self.tip_moved(old, fork, disconnected, connected, cause)?;
                self.tell_notices(notices);
                Ok(Ok(()))
            }
            Err(ConnectError::Store(error)) => Err(error.into()),
            Err(ConnectError::Invalid { hash, rejection }) => Ok(Err((hash, rejection))),
        }
    }

    /// Fetches what a branch lacks; what was fetched for the one before is kept where both hold it.
    fn aim_download(&mut self, path: Vec<HeaderRecord>) {
        let before = self.download.take();
        self.download = Some(Download::new(path, before));
    }
}

/// A block of the store's, which was checked before it came there.
fn checked_again(
    tables: &Tables<'_>,
    hash: BlockHash,
    genesis: &Genesis,
    pool: PoolId,
) -> Result<CheckedBlock, StoreError> {
    let block = tables.block(&hash)?;
    let block = block.ok_or(StoreError::UnknownHeader { hash })?;
    block
        .check(genesis, pool)
        .map_err(|error| StoreError::Corrupt {
            table: "bodies",
            key: hash.to_string(),
            reason: error.to_string(),
        })
}
