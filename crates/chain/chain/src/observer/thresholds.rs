//! The thresholds of a pool: from how many seconds on what comes is off, for each kind of consensus.

use bolao_ledger::{Consensus, Genesis, UnixSeconds};

/// The difference, in seconds, from which on people are told that a machine's clock is off, where no rule names one.
const CLOCKS_DIFFER_S: u64 = 60;
/// Clocks differ, and a block of work takes its time to be found and sent: it may come so many seconds late.
const WORK_GRACE_S: u64 = 60;
/// The most by which a clock may differ from others' in pools without validators, in seconds.
const CLOCK_S: u32 = 5;
/// The time for which a node is in step before it is there, where genesis does not say, in seconds.
const THERE_S: u32 = 10;

/// The numbers of seconds by which what comes is judged.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "each is in seconds")]
pub(crate) struct Thresholds {
    /// Within so many seconds after its time, or before it, a block may come without a word.
    pub(super) grace_s: u64,
    /// For so many seconds a node is in step before it is there.
    pub(super) there_s: u32,
    /// The most by which its clock may differ from others' for it to be there.
    pub(super) clock_s: u32,
    /// The most by which two clocks may differ before somebody should hear of it.
    pub(super) clocks_differ_s: u64,
}

/// The way in which a block's time is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Off {
    Back,
    Ahead,
}

impl Thresholds {
    pub(crate) fn of(genesis: &Genesis) -> Self {
        let (grace_s, there_s) = match &genesis.consensus {
            Consensus::Pow => (WORK_GRACE_S, THERE_S),
            // A validator's clock may be `clock_s` from the true time, and ours as well.
            Consensus::Pos(rules) => (u64::from(rules.voting.clock_s).saturating_mul(2), THERE_S),
            Consensus::Hybrid(rules) => (rules.grace_s.into(), rules.there_s),
        };
        let voting = genesis.consensus.voting();
        Self {
            grace_s,
            there_s,
            clock_s: voting.map_or(CLOCK_S, |voting| voting.clock_s),
            clocks_differ_s: voting.map_or(CLOCKS_DIFFER_S, |voting| voting.clock_s.into()),
        }
    }

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
