//! When the core has something to do although nothing happens: the earliest of what its parts wait for.
//!
//! After each input the core has done all that it can do at that time. What is due and not done waits for something else,
//! which either has its own time or ends with an input. So only later times count.

use bolao_ledger::UnixSeconds;

use super::Core;
use crate::{error::CoreError, io::Output};

/// The time between two looks at the wall clock in the last second before a held block's time, in milliseconds.
const LOOK_MS: u64 = 250;
/// The longest time without a look at the wall clock, which may be set, while blocks are held, in milliseconds.
const LONGEST_MS: u64 = 60_000;

impl Core {
    /// Does what is due by now, if it is.
    pub(super) fn run_timers(&mut self) -> Result<(), CoreError> {
        self.time_out_requests();
        self.branches.end_stalls(self.now.mono_ms);
        self.run_vote_timers()?;
        self.take_held_blocks()?;
        self.expire_pending()
    }

    /// Says when that is the next time.
    pub(super) fn set_alarm(&mut self) {
        let now = self.now.mono_ms;
        let own = [
            self.unsynced.due_ms(),
            self.held_block_due(),
            self.mempool.next_expiry(),
            self.template_news.due_ms(),
        ];
        self.wake_ms = self
            .branches
            .stalls_end_ms()
            .chain(own.into_iter().flatten())
            .chain(self.observer.wake_times())
            .chain(self.sync_times())
            .chain(self.vote_times())
            .chain(self.opening_times())
            .filter(|at| *at > now)
            .min();
        self.out.extend(self.wake_ms.map(Output::WakeAt));
    }

    /// The latest time that a block may have now.
    pub(crate) fn latest_time(&self) -> UnixSeconds {
        let ahead = u64::from(self.genesis.most_ahead_s());
        UnixSeconds(self.now.unix.0.saturating_add(ahead))
    }

    /// The wall clock has whole seconds only.
    fn held_block_due(&self) -> Option<u64> {
        let wait_s = self.future.first()?.0.saturating_sub(self.latest_time().0);
        let wait_ms = wait_s.saturating_sub(1).saturating_mul(1_000);
        let wait_ms = wait_ms.clamp(LOOK_MS, LONGEST_MS);
        Some(self.now.mono_ms.saturating_add(wait_ms))
    }
}
