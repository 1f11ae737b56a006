//! What a power cut would take: written, and not on the disk yet.
//!
//! - What peers gossiped goes there within [`WAIT_MS`]. What an answer rests on goes there before the answer leaves.
//! - Where validators take turns, each block brings writes of its own (what they signed). So in a burst answers do not have a write
//!   each: within [`WAIT_MS`] of such a write they wait for the next, and no longer than that. Where nobody signs, an answer
//!   waits for nothing.

use crate::io::Now;

/// The time that what peers gossiped may wait for the disk, and the time for which one write to the disk makes answers wait for
/// the next, in milliseconds.
const WAIT_MS: u64 = 1_000;
/// The most blocks that a power cut may take; peers give them again.
const MAX_BLOCKS: usize = 256;

/// Until when it is to be on the disk, and the number of its blocks.
#[derive(Debug, Default)]
pub(super) struct Unsynced {
    due_ms: Option<u64>,
    blocks: usize,
    /// Whether this input has brought a write that answers wait for.
    is_synced: bool,
    /// Until when answers wait for the next write.
    gathers_ms: u64,
}

impl Unsynced {
    /// Adds what was written without waiting for the disk, with so many blocks.
    pub(super) fn add(&mut self, now: Now, blocks: usize) {
        self.blocks += blocks;
        let is_full = self.blocks >= MAX_BLOCKS;
        let wait_ms = if is_full { 0 } else { WAIT_MS };
        self.due_by(now.mono_ms.saturating_add(wait_ms));
    }

    /// Notes a write that is to be on the disk before anything leaves.
    pub(super) fn add_for_all(&mut self, now: Now) {
        self.due_by(now.mono_ms);
    }

    /// Whether answers wait for the next write; where they do not, what they rest on is to be on the disk now.
    pub(super) fn gathers(&mut self, now: Now) -> bool {
        let gathers = now.mono_ms < self.gathers_ms;
        if gathers {
            self.due_by(self.gathers_ms);
        }
        gathers
    }

    fn due_by(&mut self, at_ms: u64) {
        self.due_ms = Some(self.due_ms.map_or(at_ms, |before| before.min(at_ms)));
    }

    /// A durable write has taken everything before it to the disk, too.
    pub(super) fn synced(&mut self) {
        (self.due_ms, self.blocks, self.is_synced) = (None, 0, true);
    }

    /// Notes a write that was made for answers only. In a burst, later answers wait for the next write.
    pub(super) fn answers_synced(&mut self, burst: bool) {
        (self.due_ms, self.blocks) = (None, 0);
        self.is_synced |= burst;
    }

    /// Ends an input: a write that it brought makes answers wait for the next from now on.
    pub(super) fn end_input(&mut self, now: Now) {
        if std::mem::take(&mut self.is_synced) {
            self.gathers_ms = now.mono_ms.saturating_add(WAIT_MS);
        }
    }

    pub(super) fn due_ms(&self) -> Option<u64> {
        self.due_ms
    }
}
