//! Blocks that are ahead of the clock. They wait; nobody is punished.

use std::collections::BTreeMap;

use bolao_ledger::{Block, BlockHash, UnixSeconds};

/// The most blocks that wait.
const MAX_BLOCKS: usize = 32;
/// The most bytes that wait.
const MAX_BYTES: usize = 16_000_000;

#[derive(Debug, Default)]
pub(crate) struct FutureBlocks {
    blocks: BTreeMap<(UnixSeconds, BlockHash), (Block, usize)>,
    bytes: usize,
}

impl FutureBlocks {
    /// Keeps a block until its time has come; those that come last give way.
    pub(crate) fn hold(&mut self, block: Block) {
        let size = bolao_ledger::encode(&block).len();
        let key = (block.header.time(), block.hash());
        if self.blocks.insert(key, (block, size)).is_none() {
            self.bytes = self.bytes.saturating_add(size);
        }
        while self.blocks.len() > MAX_BLOCKS || self.bytes > MAX_BYTES {
            let Some((_, (_, size))) = self.blocks.pop_last() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(size);
        }
    }

    /// The next block whose time is not after `latest`.
    pub(crate) fn pop(&mut self, latest: UnixSeconds) -> Option<Block> {
        let entry = self.blocks.first_entry()?;
        if entry.key().0 > latest {
            return None;
        }
        let (block, size) = entry.remove();
        self.bytes = self.bytes.saturating_sub(size);
        Some(block)
    }
}
