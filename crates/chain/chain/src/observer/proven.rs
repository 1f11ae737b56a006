//! The time that has certainly passed: what witnesses confirmed last, and as long as this machine has run since.
//!
//! - No network moves it: it goes on by the clock that never goes back, and over a sleep of the machine, or a restart of the program, by
//!   the one that counts from the machine's start.
//! - It is kept with each block. At a start it goes on from there, and not from the last block's time, which nobody need have confirmed.

use bolao_ledger::UnixSeconds;
use bolao_store::{BootTime, ProvenTime};

/// A moment by the clocks that no network sets.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moment {
    /// Of this run of the program; none of an earlier one.
    pub(super) mono_ms: Option<u64>,
    pub(super) boot: Option<BootTime>,
}

impl Moment {
    /// The milliseconds from this moment to a later one, at least.
    fn until_ms(self, later: Self) -> u64 {
        let mono = self.mono_ms.zip(later.mono_ms);
        let mono = mono.map(|(first, last)| last.saturating_sub(first));
        let boot = self.boot.zip(later.boot);
        let boot = boot.filter(|(first, last)| first.boot == last.boot);
        let boot = boot.map(|(first, last)| last.ms.saturating_sub(first.ms));
        mono.max(boot).unwrap_or(0)
    }
}

/// A time that had passed at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proven {
    time: UnixSeconds,
    at: Moment,
}

impl Proven {
    pub(super) const fn new(time: UnixSeconds, at: Moment) -> Self {
        Self { time, at }
    }

    /// The time that an earlier run of the program kept.
    pub(super) fn kept(kept: ProvenTime) -> Self {
        let at = Moment {
            mono_ms: None,
            boot: kept.at,
        };
        Self::new(kept.time, at)
    }

    /// Goes on by the clocks of this run of the program, and of this start of the machine.
    pub(super) fn go_on(&mut self, now: Moment) {
        self.at.mono_ms = self.at.mono_ms.or(now.mono_ms);
        let start = |moment: Moment| moment.boot.map(|it| it.boot);
        if now.boot.is_some() && start(self.at) != start(now) {
            *self = Self::new(self.by(now), now);
        }
    }

    /// The time that has passed by another moment.
    pub(super) fn by(self, now: Moment) -> UnixSeconds {
        let ran_s = self.at.until_ms(now) / 1_000;
        UnixSeconds(self.time.0.saturating_add(ran_s))
    }

    /// The same, to keep it.
    pub(super) fn keep(self, now: Moment) -> ProvenTime {
        ProvenTime {
            time: self.by(now),
            at: now.boot,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOT: [u8; 16] = [1; 16];

    fn moment(mono_ms: u64, boot: [u8; 16], ms: u64) -> Moment {
        Moment {
            mono_ms: Some(mono_ms),
            boot: Some(BootTime { boot, ms }),
        }
    }

    #[test]
    fn it_goes_on_with_the_machine_over_a_sleep_and_a_restart_of_the_program() {
        let begin = moment(5_000, BOOT, 900_000);
        let proven = Proven::new(UnixSeconds(1_000), begin);
        let by = |of: Proven, now| of.by(now).0;
        assert_eq!(by(proven, begin), 1_000);
        assert_eq!(by(proven, moment(65_000, BOOT, 960_000)), 1_060);
        let slept = moment(65_000, BOOT, 28_860_000);
        assert_eq!(by(proven, slept), 1_000 + 27_960);
        // Another run of the program counts anew.
        let kept = Proven::kept(proven.keep(begin));
        assert_eq!(by(kept, moment(7, BOOT, 930_000)), 1_030);
        // Nobody knows for how long the machine was off.
        let started = moment(7, [2; 16], 930_000);
        assert_eq!(by(kept, started), 1_000);
        let mut gone_on = kept;
        gone_on.go_on(started);
        assert_eq!(by(gone_on, moment(7, [2; 16], 990_000)), 1_060);
        assert_eq!(by(kept, Moment::default()), 1_000);
    }
}
