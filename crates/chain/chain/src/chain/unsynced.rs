//! What a power cut would take: written, and not on the disk yet.

use crate::io::Now;

/// The time that what peers gossiped may wait for the disk, in milliseconds.
const WAIT_MS: u64 = 250;
/// The most blocks that a power cut may take; peers give them again.
const MAX_BLOCKS: usize = 256;

/// Until when it is to be on the disk, and the number of its blocks.
#[derive(Debug, Default)]
pub(super) struct Unsynced {
    due_ms: Option<u64>,
    blocks: usize,
}

impl Unsynced {
    /// Adds what was written without waiting for the disk, with so many blocks.
    pub(super) fn add(&mut self, now: Now, blocks: usize) {
        self.blocks += blocks;
        let is_full = self.blocks >= MAX_BLOCKS;
        let wait_ms = if is_full { 0 } else { WAIT_MS };
        let due_ms = now.mono_ms.saturating_add(wait_ms);
        self.due_ms = Some(self.due_ms.map_or(due_ms, |before| before.min(due_ms)));
    }

    /// A durable write has taken everything before it to the disk, too.
    pub(super) fn synced(&mut self) {
        *self = Self::default();
    }

    pub(super) fn due_ms(&self) -> Option<u64> {
        self.due_ms
    }
}
