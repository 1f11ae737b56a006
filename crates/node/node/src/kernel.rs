//! The clocks of the machine beside the one that the program is given: the kernel's own, which also says whether the network sets it,
//! and the one that starts with the machine and goes on while that sleeps.

use std::time::Instant;

use bolao_chain::{ClockWitness, Now};
use bolao_ledger::UnixSeconds;
use bolao_store::BootTime;

/// Differences of no more seconds are those of two looks.
const SAME_S: u64 = 60;
/// The same of the clock that starts with the machine, in milliseconds: by more it slept.
const SAME_MS: u64 = 1_000;

/// The machine's clocks, as the core was told of them last.
#[derive(Debug)]
pub(crate) struct MachineClocks {
    kernel: Option<(i64, bool)>,
    start: [u8; 16],
    /// The milliseconds by which the clock that starts with the machine is ahead of the program's own.
    boot_ahead_ms: Option<u64>,
}

impl Default for MachineClocks {
    fn default() -> Self {
        Self {
            kernel: None,
            start: start(),
            boot_ahead_ms: None,
        }
    }
}

impl MachineClocks {
    /// Looks at them; gives what is new.
    pub(crate) fn look(&mut self, now: Now) -> impl Iterator<Item = ClockWitness> + use<> {
        let kernel = self.look_at_kernel(now);
        kernel.into_iter().chain(self.look_at_boot(now))
    }

    fn look_at_kernel(&mut self, now: Now) -> Option<ClockWitness> {
        let (theirs, synchronised) = kernel()?;
        let ahead_s = now.unix.0.checked_signed_diff(theirs)?;
        let is_same = |(before_s, before): (i64, bool)| {
            before == synchronised && before_s.abs_diff(ahead_s) <= SAME_S
        };
        if self.kernel.is_some_and(is_same) {
            return None;
        }
        self.kernel = Some((ahead_s, synchronised));
        Some(ClockWitness::Kernel {
            ahead_s,
            synchronised,
        })
    }

    fn look_at_boot(&mut self, now: Now) -> Option<ClockWitness> {
        let ms = boot_ms()?;
        let ahead_ms = ms.saturating_sub(now.mono_ms);
        let before = self.boot_ahead_ms;
        if before.is_some_and(|before| before.abs_diff(ahead_ms) <= SAME_MS) {
            return None;
        }
        self.boot_ahead_ms = Some(ahead_ms);
        let boot = self.start;
        Some(ClockWitness::Boot(BootTime { boot, ms }))
    }
}

/// The kernel's time in unix seconds, and whether the network sets it; none where it does not say.
#[cfg(target_os = "linux")]
fn kernel() -> Option<(u64, bool)> {
    use rtime_clock::adjtime::{Timex, adjtimex};

    /// The state of a clock that nobody sets, as the kernel numbers it (`TIME_ERROR`).
    const NOT_SYNCHRONISED: i32 = 5;
    let mut asked = Timex::new();
    let state = adjtimex(&mut asked).ok()?;
    let seconds = u64::try_from(asked.0.time.tv_sec).ok()?;
    Some((seconds, state != NOT_SYNCHRONISED))
}

#[cfg(not(target_os = "linux"))]
fn kernel() -> Option<(u64, bool)> {
    None
}

/// The milliseconds since the machine started, with those that it slept; none where the system has no such clock.
fn boot_ms() -> Option<u64> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        use rustix::time::{ClockId, clock_gettime};

        #[cfg(target_os = "linux")]
        const SINCE_START: ClockId = ClockId::Boottime;
        #[cfg(target_vendor = "apple")]
        const SINCE_START: ClockId = ClockId::Monotonic;
        let since = clock_gettime(SINCE_START);
        let ms = u64::try_from(since.tv_sec).ok()?.checked_mul(1_000)?;
        ms.checked_add(u64::try_from(since.tv_nsec).ok()? / 1_000_000)
    }
    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    None
}

/// The start of something, by a clock that nobody sets and that goes on while the machine sleeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started {
    boot_ms: Option<u64>,
    at: Instant,
}

impl Started {
    pub(crate) fn now() -> Self {
        Self {
            boot_ms: boot_ms(),
            at: Instant::now(),
        }
    }

    /// When it was, by a clock that shows this time now.
    pub(crate) fn by(self, now: UnixSeconds) -> UnixSeconds {
        let ran_ms = self.boot_ms.zip(boot_ms());
        let ran_s = ran_ms.map_or_else(
            || self.at.elapsed().as_secs(),
            |(start, now)| now.saturating_sub(start) / 1_000,
        );
        UnixSeconds(now.0.saturating_sub(ran_s))
    }
}

/// The name of the machine's start; where the system gives none, that of the program's.
fn start() -> [u8; 16] {
    named_start().unwrap_or_else(rand::random)
}

#[cfg(target_os = "linux")]
fn named_start() -> Option<[u8; 16]> {
    let name = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let digits: String = name.trim().chars().filter(|it| *it != '-').collect();
    let mut start = [0; 16];
    hex::decode_to_slice(digits, &mut start).ok()?;
    Some(start)
}

#[cfg(not(target_os = "linux"))]
fn named_start() -> Option<[u8; 16]> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::clock::now;

    #[test]
    fn what_did_not_change_is_told_once() {
        let mut clocks = MachineClocks::default();
        let mut boots = 0;
        for told in clocks.look(now()) {
            match told {
                // Some sandboxes do not let a program ask.
                ClockWitness::Kernel { ahead_s, .. } => assert!(ahead_s.abs() <= 1, "{ahead_s}"),
                ClockWitness::Boot(boot) => {
                    boots += 1;
                    assert!(boot.ms > 0);
                    assert_eq!(boot.boot, start());
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(boots, 1);
        assert_eq!(clocks.look(now()).count(), 0);
    }
}
