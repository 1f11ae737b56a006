//! Blocks that are ahead of the clock. They wait; nobody is punished.

use std::collections::BTreeMap;

use bolao_ledger::{BlockHash, CheckedBlock, UnixSeconds};

use crate::context::Context;

/// The time between two looks at the wall clock in the last second before a held block's time, in milliseconds.
const LOOK_MS: u64 = 250;
/// The longest time without a look at the wall clock, which may be set, while blocks are held, in milliseconds.
const LONGEST_MS: u64 = 60_000;
/// The most blocks that wait.
const MAX_BLOCKS: usize = 32;
/// The most bytes that wait.
const MAX_BYTES: usize = 16_000_000;

/// Only whole blocks whose body is their header's: another body cannot take a genuine one's place.
#[derive(Debug, Default)]
pub(super) struct FutureBlocks {
    blocks: BTreeMap<(UnixSeconds, BlockHash), CheckedBlock>,
    bytes: usize,
}

impl FutureBlocks {
    /// Keeps a block until its time has come; those that come last give way.
    pub(super) fn hold(&mut self, block: CheckedBlock) {
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

    /// When to look again whether the first one's time has come. The wall clock has whole seconds only.
    pub(super) fn due_ms(&self, cx: &Context) -> Option<u64> {
        let ((first, _), _) = self.blocks.first_key_value()?;
        let wait_s = first.0.saturating_sub(cx.latest_time().0);
        let wait_ms = wait_s.saturating_sub(1).saturating_mul(1_000);
        let wait_ms = wait_ms.clamp(LOOK_MS, LONGEST_MS);
        Some(cx.now.mono_ms.saturating_add(wait_ms))
    }

    /// The next block whose time is not after `latest`.
    pub(super) fn pop(&mut self, latest: UnixSeconds) -> Option<CheckedBlock> {
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
