//! From how many seconds on what comes is off, and the verdict on a block's time by that.
//!
//! | threshold | work | certificates | checkpoints |
//! |---|---|---|---|
//! | `grace_s`: a block may come so long after its time, or before it | 60 s | 2 `clock_s` | `grace_s` |
//! | `there_s`: a node is in step so long before it is there | 10 s | 10 s | `there_s` |
//! | `clock_s`: so far may its clock be from others' for it to be there | 5 s | `clock_s` | `clock_s` |
//! | `clocks_differ_s`: from so much on people hear that clocks differ | 60 s | `clock_s` | `clock_s` |

use bolao_ledger::{Consensus, Genesis, UnixSeconds};
use bolao_store::Arrival;

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

/// The verdict on the time that a block names, by when it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timing {
    /// It arrived no longer after its time, and before it, than it may.
    InTime,
    /// It arrived later, at a node that had till then all that its peers had: nobody had it in time.
    Late,
    /// It arrived later, at a node that may have missed it: late only if something else shows that.
    Missed,
    /// It arrived so long before its time.
    Ahead,
}

impl Thresholds {
    /// Those of pools of work, where no rule names one.
    pub(crate) const WORK: Self = Self {
        // Clocks differ, and a block of work takes its time to be found and sent.
        grace_s: 60,
        there_s: 10,
        clock_s: 5,
        clocks_differ_s: 60,
    };

    /// When what was to come at some time comes late: after that.
    pub(crate) fn grace_end(&self, time: UnixSeconds) -> UnixSeconds {
        UnixSeconds(time.0.saturating_add(self.grace_s))
    }

    /// The verdict on a block of this time.
    pub(crate) fn timing(&self, time: UnixSeconds, arrival: Arrival) -> Timing {
        if time > self.grace_end(arrival.at) {
            return Timing::Ahead;
        }
        match (arrival.at > self.grace_end(time), arrival.in_step) {
            (false, _) => Timing::InTime,
            (true, true) => Timing::Late,
            (true, false) => Timing::Missed,
        }
    }
}

/// From how many seconds on what comes is off.
pub(crate) fn thresholds(genesis: &Genesis) -> Thresholds {
    let Some(voting) = genesis.consensus.voting() else {
        return Thresholds::WORK;
    };
    let (clock_s, clocks_differ_s) = (voting.clock_s, voting.clock_s.into());
    match &genesis.consensus {
        Consensus::Hybrid(rules) => Thresholds {
            grace_s: rules.grace_s.into(),
            there_s: rules.there_s,
            clock_s,
            clocks_differ_s,
        },
        _ => Thresholds {
            // A validator's clock may be `clock_s` from the true time, and ours as well.
            grace_s: clocks_differ_s.saturating_mul(2),
            clock_s,
            clocks_differ_s,
            ..Thresholds::WORK
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_was_in_step_can_say_that_a_block_came_late() {
        let timing = |at: u64, in_step| {
            Thresholds::WORK.timing(
                UnixSeconds(1_000),
                Arrival {
                    at: UnixSeconds(at),
                    in_step,
                    clock_agrees: true,
                },
            )
        };
        assert_eq!(timing(1_060, true), Timing::InTime);
        assert_eq!(timing(1_061, true), Timing::Late);
        assert_eq!(timing(1_061, false), Timing::Missed);
        assert_eq!(timing(940, false), Timing::InTime);
        assert_eq!(timing(939, false), Timing::Ahead);
    }
}
