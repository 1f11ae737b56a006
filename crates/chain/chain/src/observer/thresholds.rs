//! The thresholds of a pool: from how many seconds on what comes is off.

use bolao_ledger::UnixSeconds;

/// The numbers of seconds by which what comes is judged.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "each is in seconds")]
pub(crate) struct Thresholds {
    /// Within so many seconds after its time, or before it, a block may come without a word.
    pub(crate) grace_s: u64,
    /// For so many seconds a node is in step before it is there.
    pub(crate) there_s: u32,
    /// The most by which its clock may differ from others' for it to be there.
    pub(crate) clock_s: u32,
    /// The most by which two clocks may differ before somebody should hear of it.
    pub(crate) clocks_differ_s: u64,
}

/// The way in which a block's time is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Off {
    Back,
    Ahead,
}

impl Thresholds {
    /// Whether a block of this time that arrived then is off, and how.
    pub(super) fn off(&self, time: UnixSeconds, arrived: UnixSeconds) -> Option<Off> {
        if arrived > after(time, self.grace_s) {
            return Some(Off::Back);
        }
        (time > after(arrived, self.grace_s)).then_some(Off::Ahead)
    }

    /// Whether a block of this time that arrived then came late.
    pub(crate) fn is_late(&self, time: UnixSeconds, arrived: UnixSeconds) -> bool {
        self.off(time, arrived) == Some(Off::Back)
    }
}

/// The time so many seconds later.
pub(super) fn after(time: UnixSeconds, seconds: u64) -> UnixSeconds {
    UnixSeconds(time.0.saturating_add(seconds))
}
