//! Blocks that are ahead of the clock. They wait; nobody is punished.

use std::collections::BTreeMap;

use bolao_ledger::{BlockHash, CheckedBlock, UnixSeconds};

/// The most blocks that wait.
const MAX_BLOCKS: usize = 32;
/// The most bytes that wait.
const MAX_BYTES: usize = 16_000_000;

/// Only whole blocks whose body is their header's: another body cannot take a genuine one's place.
#[derive(Debug, Default)]
pub(crate) struct FutureBlocks {
    blocks: BTreeMap<(UnixSeconds, BlockHash), CheckedBlock>,
    bytes: usize,
}

impl FutureBlocks {
    /// Keeps a block until its time has come; those that come last give way.
    pub(crate) fn hold(&mut self, block: CheckedBlock) {
        self.bytes = self.bytes.saturating_add(block.encoded_bytes());
        let key = (block.get().header.time(), block.hash());
        let before = self.blocks.insert(key, block);
        self.forget(before.as_ref());
        while self.blocks.len() > MAX_BLOCKS || self.bytes > MAX_BYTES {
            let Some((_, last)) = self.blocks.pop_last() else {
                break;
            };
            self.forget(Some(&last));
        }
    }

    /// The earliest time of a block.
    pub(crate) fn first(&self) -> Option<UnixSeconds> {
        self.blocks.first_key_value().map(|((time, _), _)| *time)
    }

    /// The next block whose time is not after `latest`.
    pub(crate) fn pop(&mut self, latest: UnixSeconds) -> Option<CheckedBlock> {
        let entry = self.blocks.first_entry()?;
        if entry.key().0 > latest {
            return None;
        }
        let block = entry.remove();
        self.forget(Some(&block));
        Some(block)
    }

    fn forget(&mut self, block: Option<&CheckedBlock>) {
        let bytes = block.map_or(0, CheckedBlock::encoded_bytes);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}
