//! Branches beside the chain: which are left alone, and on which no block is taken.

use std::collections::BTreeMap;

use bolao_headers::CheckedHeader;
use bolao_ledger::{BlockHash, Reason};
use bolao_store::{Snapshot, StoreError};

use super::{Core, blocks::BlockRejection};
use crate::io::{Cause, Rejection};

/// Branches with less work than the tip's that begin deeper than this are not kept.
const SIDE_DEPTH: u64 = 144;

/// The most blocks of peers on other branches that are not better than ours and that are kept until the tip
/// moves. A branch that wins after all is fetched by its headers.
const MAX_SIDE_BLOCKS: usize = 16;

/// The time for which a branch whose bodies nobody gives is left alone, in milliseconds.
const STALLED_MS: u64 = 10_000;
/// The most branches that are left alone.
const MAX_STALLED: usize = 256;

/// Whether the header tree may hold a better branch, and which branches wait.
#[derive(Debug)]
pub(crate) struct Branches {
    /// Whether there may be a better one than was looked at.
    is_to_look: bool,
    /// Those whose bodies nobody gave, and until when they are left alone.
    stalled: BTreeMap<BlockHash, u64>,
    /// The number of blocks of peers on other branches that were kept since the tip last moved.
    pub(super) side_blocks: usize,
}

impl Default for Branches {
    fn default() -> Self {
        Self {
            is_to_look: true,
            stalled: BTreeMap::new(),
            side_blocks: 0,
        }
    }
}

impl Branches {
    /// Whether the best branch is to be chosen again.
    pub(crate) fn is_to_look(&self) -> bool {
        self.is_to_look
    }

    /// Has the best branch chosen again.
    pub(crate) fn look_again(&mut self) {
        self.is_to_look = true;
    }

    /// Notes that the tree is looked through now.
    pub(crate) fn looked(&mut self) {
        self.is_to_look = false;
    }

    /// Leaves a branch alone for a while: another one may have its turn.
    pub(crate) fn stall(&mut self, leaf: BlockHash, now_ms: u64) {
        if self.stalled.len() >= MAX_STALLED {
            self.stalled.clear();
        }
        self.stalled.insert(leaf, now_ms + STALLED_MS);
        self.look_again();
    }

    /// Whether a branch is left alone.
    pub(crate) fn is_stalled(&self, leaf: &BlockHash) -> bool {
        self.stalled.contains_key(leaf)
    }

    /// Leaves those alone no longer whose time is over.
    pub(super) fn end_stalls(&mut self, now_ms: u64) {
        let before = self.stalled.len();
        self.stalled.retain(|_, until| *until > now_ms);
        self.is_to_look |= self.stalled.len() != before;
    }

    /// The times until which branches are left alone, in milliseconds.
    pub(super) fn stalls_end_ms(&self) -> impl Iterator<Item = u64> {
        self.stalled.values().copied()
    }
}

impl Core {
    /// Refuses a branch that is known not to hold the last final block (rule B12).
    pub(super) fn against_final(
        &self,
        snapshot: &Snapshot,
        parent: &CheckedHeader,
        hash: BlockHash,
    ) -> Result<Option<BlockRejection>, StoreError> {
        if self.may_be_final(snapshot, parent, hash)? {
            return Ok(None);
        }
        let what = if self.leads_to_named(parent.height.next(), hash) {
            let last = self.finality.last;
            format!("block {hash} is on a branch without {last}, which is final")
        } else {
            format!("block {hash} is not known to lead to the one that the invitation names")
        };
        Ok(Some(Rejection::new(Reason::AgainstFinal, what).into()))
    }

    /// Refuses branches that are not better than ours and begin too deep or that there are too many of.
    pub(super) fn too_weak(&self, record: &CheckedHeader, cause: Cause) -> Option<BlockRejection> {
        let deep = record.height.0.saturating_add(SIDE_DEPTH) < self.tip.height.0;
        let many = cause != Cause::Mined && self.branches.side_blocks >= MAX_SIDE_BLOCKS;
        let weak = self.finality.anchored && record.rank() <= self.tip.rank();
        (weak && (deep || many)).then(|| {
            BlockRejection::from(Rejection::new(
                Reason::WeakBranch,
                format!(
                    "block {} at height {} is on a branch that is not better than the chain and begins too deep or is one of too many",
                    record.hash, record.height
                ),
            ))
        })
    }
}
