//! Branches beside the chain: which are left alone, and on which no block is taken.

use std::collections::BTreeMap;

use bolao_headers::CheckedHeader;
use bolao_ledger::{BlockHash, Reason};
use bolao_store::{Durability, Snapshot, StoreError};

use crate::{
    chain::{BlockRejection, Chain},
    context::Context,
    io::{Cause, Rejection},
};

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
    /// Whether something came by which a proposed branch may be judged otherwise.
    is_to_judge: bool,
    /// With how many headers of other branches those that are not needed go.
    most_headers: u64,
}

impl Branches {
    pub(super) fn new(most_headers: u64) -> Self {
        Self {
            most_headers,
            is_to_look: true,
            stalled: BTreeMap::new(),
            side_blocks: 0,
            is_to_judge: false,
        }
    }

    /// Notes that something came by which a proposed branch may be judged otherwise: a header, a body, a bet to be kept.
    pub(crate) fn judge_soon(&mut self) {
        self.is_to_judge = true;
    }

    /// Whether anything such came since this was last asked.
    pub(crate) fn take_to_judge(&mut self) -> bool {
        std::mem::take(&mut self.is_to_judge)
    }

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
    pub(crate) fn end_stalls(&mut self, now_ms: u64) {
        let before = self.stalled.len();
        self.stalled.retain(|_, until| *until > now_ms);
        self.is_to_look |= self.stalled.len() != before;
    }

    /// The times until which branches are left alone, in milliseconds.
    pub(super) fn stalls_end_ms(&self) -> impl Iterator<Item = u64> {
        self.stalled.values().copied()
    }
}

impl Chain {
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

    /// Forgets headers of branches that this chain will not change to, once there are many; but for those that are `wanted`, and
    /// what holds the last final block. Says whether it did.
    pub(crate) fn prune_headers(
        &mut self,
        cx: &Context,
        wanted: impl Iterator<Item = BlockHash>,
    ) -> Result<bool, StoreError> {
        if self.store.side_headers() <= self.branches.most_headers {
            return Ok(false);
        }
        let deep = self.tip.height.checked_sub(cx.config.keep_side_bodies);
        let below = deep.filter(|_| self.finality.anchored);
        let mut wanted: Vec<_> = wanted.collect();
        wanted.push(self.finality.anchor.hash);
        self.write(Durability::Volatile, |tables| {
            tables.prune_headers(below.unwrap_or_default(), wanted)
        })?;
        // What is left may be one long branch: looking at it costs as much as it has headers.
        let twice = self.store.side_headers().saturating_mul(2);
        self.branches.most_headers = twice.max(cx.config.keep_side_headers);
        Ok(true)
    }
}
