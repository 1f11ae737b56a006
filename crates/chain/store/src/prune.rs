//! Forgets headers of branches that the chain will not change to, so that headers which cost little do not fill the disk.

use std::collections::BTreeMap;

use bolao_headers::Rank;
use bolao_ledger::{BlockHash, Height, Reason};
use redb::{ReadableTable as _, ReadableTableMetadata as _, StorageError};

use crate::{access::Tables, error::StoreError, record::HeaderEntry};

/// The most blocks that break a rule and are remembered when headers are pruned.
const MAX_INVALID: usize = 256;

/// Headers of other branches than the main one.
pub(crate) type Side = BTreeMap<BlockHash, HeaderEntry>;

/// The height of the lowest block of a branch that is not in the main chain.
fn lowest(side: &Side, mut leaf: BlockHash) -> Option<Height> {
    let mut lowest = None;
    while let Some(entry) = side.get(&leaf) {
        lowest = Some(entry.height);
        leaf = entry.header.previous;
    }
    lowest
}

impl Tables<'_> {
    /// The number of headers that are not in the main chain.
    pub(crate) fn side_count(&self) -> Result<u64, StorageError> {
        let main = self.main.len()?.saturating_add(self.blocks.len()?);
        Ok(self.headers.len()?.saturating_sub(main))
    }

    /// Reads every header.
    pub(crate) fn side(&self) -> Result<Side, StoreError> {
        let mut side = Side::new();
        for entry in self.headers.iter()? {
            let (hash, bytes) = entry?;
            let hash = BlockHash(*hash.value());
            let entry = self.read_header(&hash, bytes.value())?;
            if self.hash_at(entry.height)? != Some(hash) {
                side.insert(hash, entry);
            }
        }
        Ok(side)
    }

    /// Forgets headers of other branches than the main one, with their bodies, but for those that lead to
    ///
    /// - a leaf that is better than the tip, or whose branch leaves the main chain at the height `below` or above,
    /// - one of `wanted`,
    /// - one of the 256 highest blocks that break a rule, so that nobody has to find that out again.
    ///
    /// A branch that is forgotten and grows comes again with its headers.
    pub fn prune_headers(
        &mut self,
        below: Height,
        mut wanted: Vec<BlockHash>,
    ) -> Result<(), StoreError> {
        self.noting(|tables| {
            let (tip, mut side) = (tables.tip()?, tables.side()?);
            for (leaf, work) in tables.leaves()? {
                if Rank::new(work, leaf) > tip.rank()
                    || lowest(&side, leaf).is_none_or(|height| height > below)
                {
                    wanted.push(leaf);
                } else {
                    tables.leaves.remove(&leaf.0)?;
                }
            }
            let breaks = |entry: &HeaderEntry| {
                let reason = entry.invalid();
                reason.is_some_and(|reason| reason != Reason::InvalidAncestor)
            };
            let invalid = side.iter().filter(|(_, entry)| breaks(entry));
            let mut invalid: Vec<_> = invalid.map(|(hash, entry)| (entry.height, *hash)).collect();
            invalid.sort_unstable();
            let invalid = invalid.into_iter().rev().take(MAX_INVALID);
            wanted.extend(invalid.map(|(_, hash)| hash));
            for mut hash in wanted {
                while let Some(entry) = side.remove(&hash) {
                    hash = entry.header.previous;
                }
            }
            for (hash, entry) in side {
                tables.headers.remove(&hash.0)?;
                tables.forget_block(entry.height, &hash)?;
                tables.side_bodies.remove((entry.height.0, &hash.0))?;
                if let Some(sequence) = entry.body {
                    tables.bodies.remove(sequence)?;
                }
            }
            Ok(())
        })
    }
}
