//! When blocks first reached this node, and whether it was **there** then: so that what came late is known to have come late.
//!
//! A node is there while it is connected, has been in step with its peers for some seconds, and its clock agrees with
//! theirs.
//!
//! - In step: nothing is being fetched, and some peer stands where we do, or lower. Once that has held for `there_s`
//!   (`hybrid`; elsewhere ten seconds), it lasts until the last peer is gone or the machine has slept: a branch that
//!   somebody comes with later is not what we had missed. A peer that claims what it does not have changes nothing as long
//!   as another one claims nothing.
//! - The store keeps each arrival, in the write that keeps what arrived. That of a block which validators may decide is the
//!   time at which it was first heard of, however long they take.

use crate::io::Now;

use super::Thresholds;

/// Whether this node can judge what comes.
#[derive(Debug, Default)]
pub(super) struct ArrivalLog {
    /// Since when it has been in step.
    since_ms: Option<u64>,
}

impl ArrivalLog {
    /// Whether the node has been in step for long enough.
    pub(super) fn lasts(&self, thresholds: &Thresholds, now: Now) -> bool {
        let there_ms = u64::from(thresholds.there_s).saturating_mul(1_000);
        let since = self.since_ms;
        since.is_some_and(|since| now.mono_ms >= since.saturating_add(there_ms))
    }

    /// Nobody is connected, or the machine has slept.
    pub(super) fn lost_touch(&mut self) {
        self.since_ms = None;
    }

    /// Takes whether the node is in step, after an input was handled.
    pub(super) fn look(&mut self, thresholds: &Thresholds, now: Now, in_step: bool) {
        if !in_step && !self.lasts(thresholds, now) {
            self.since_ms = None;
        } else if in_step {
            self.since_ms.get_or_insert(now.mono_ms);
        }
    }
}
