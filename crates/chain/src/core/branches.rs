//! Branches that no block is taken on.

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
        let many = cause != Cause::Mined && self.side_blocks >= MAX_SIDE_BLOCKS;
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
