//! The kernel's own clock, beside the one that the program is given. Whatever stands between shows another time, and the kernel
//! knows whether the network sets its clock.

use bolao_chain::{ClockWitness, Now};

/// Differences of no more seconds are those of two looks.
const SAME_S: u64 = 60;

/// The kernel's clock, as the core was told of it last.
#[derive(Debug, Default)]
pub(crate) struct KernelClock {
    told: Option<(i64, bool)>,
}

impl KernelClock {
    /// Looks at it; gives what is new.
    pub(crate) fn look(&mut self, now: Now) -> Option<ClockWitness> {
        let (theirs, synchronised) = read()?;
        let ahead_s = now.unix.0.checked_signed_diff(theirs)?;
        let is_same = |(before_s, before): (i64, bool)| {
            before == synchronised && before_s.abs_diff(ahead_s) <= SAME_S
        };
        if self.told.is_some_and(is_same) {
            return None;
        }
        self.told = Some((ahead_s, synchronised));
        Some(ClockWitness::Kernel {
            ahead_s,
            synchronised,
        })
    }
}

/// The kernel's time in unix seconds, and whether the network sets it; none where it does not say.
#[cfg(target_os = "linux")]
fn read() -> Option<(u64, bool)> {
    use rtime_clock::adjtime::{Timex, adjtimex};

    /// The state of a clock that nobody sets, as the kernel numbers it (`TIME_ERROR`).
    const NOT_SYNCHRONISED: i32 = 5;
    let mut asked = Timex::new();
    let state = adjtimex(&mut asked).ok()?;
    let seconds = u64::try_from(asked.0.time.tv_sec).ok()?;
    Some((seconds, state != NOT_SYNCHRONISED))
}

#[cfg(not(target_os = "linux"))]
fn read() -> Option<(u64, bool)> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::engine::now;

    #[test]
    fn what_did_not_change_is_told_once() {
        let mut kernel = KernelClock::default();
        // Some sandboxes do not let a program ask.
        let Some(ClockWitness::Kernel { ahead_s, .. }) = kernel.look(now()) else {
            return;
        };
        assert!(ahead_s.abs() <= 1, "{ahead_s}");
        assert_eq!(kernel.look(now()), None);
    }
}
