//! Whoever decides alone goes by a clock that nobody bounds: before it votes on anything, it asks the witnesses to its clock
//! ([`crate::observer`]). While they leave a doubt it waits, and goes on by itself once there is none. Once another machine has made
//! a block with its key, it makes none until it is restarted: two that go on would contradict each other.

use crate::{
    consensus::Voting,
    core::Parts,
    observer::{ClockDoubt, Facts},
    sync::Peer,
};

/// From one look to the next while the clock is in doubt, in milliseconds.
const LOOK_MS: u64 = 5_000;
/// The time for which the peers' clocks are waited for after the own one leapt, in milliseconds.
const LEAPT_WAIT_MS: u64 = 5_000;

impl Voting {
    /// The clock was set, or the machine slept: who decides alone hears the peers first.
    pub(crate) fn clock_leapt(&mut self, parts: &Parts) {
        self.says_time = true;
        let own = self.own;
        if !parts.sync.peers().is_empty() && self.heard.decides_alone(own) {
            let until = parts.cx.now.mono_ms.saturating_add(LEAPT_WAIT_MS);
            self.hears = Some((parts.chain.tip().hash, until));
        }
    }

    /// The doubt about this machine's clock, where this node decides alone.
    pub(crate) fn clock_doubt(&self) -> Option<ClockDoubt> {
        let (doubt, _) = self.doubt?;
        Some(doubt)
    }

    /// Whether this node decides alone, and another machine has decided with its key since it started.
    pub(super) fn is_copied(&self) -> bool {
        let own = self.own;
        self.elsewhere.is_some() && self.heard.decides_alone(own)
    }

    /// Whether this node decides alone, and must not: by a clock that is in doubt, or beside another with its key.
    pub(super) fn must_wait(&mut self, parts: &mut Parts) -> bool {
        self.is_copied() || self.doubts_clock(parts)
    }

    fn doubts_clock(&mut self, parts: &mut Parts) -> bool {
        let (own, now) = (self.own, parts.cx.now);
        if !self.heard.decides_alone(own) {
            self.doubt = None;
            return false;
        }
        let peers: Vec<i64> = parts
            .sync
            .peers()
            .values()
            .filter_map(Peer::clock)
            .collect();
        let last = match &self.checkpoints {
            Some(checkpoints) => checkpoints.clock,
            None => parts.chain.tip().time,
        };
        let doubt = parts.observer.judge_clock(Facts {
            now,
            last,
            peers: &peers,
        });
        let look_ms = self.doubt.map(|(_, at)| at).filter(|at| now.mono_ms < *at);
        self.doubt = doubt.map(|doubt| {
            let next = now.mono_ms.saturating_add(LOOK_MS);
            (doubt, look_ms.unwrap_or(next))
        });
        if doubt.is_some() && look_ms.is_none() {
            parts.sync.ask_all_statuses(&parts.cx);
        }
        doubt.is_some()
    }
}
