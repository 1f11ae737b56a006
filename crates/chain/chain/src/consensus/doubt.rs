//! Whoever decides alone goes by a clock that nobody bounds: before it votes on anything, it asks the witnesses to its clock
//! ([`crate::observer`]). While they leave a doubt it waits, and goes on by itself once there is none. Once another machine has made
//! a block with its key, it makes none until it is restarted: two that go on would contradict each other.

use crate::{
    core::Core,
    io::ClockWitness,
    observer::{ClockDoubt, Facts},
    sync::Peer,
};

/// From one look to the next while the clock is in doubt, in milliseconds.
const LOOK_MS: u64 = 5_000;
/// The time for which the peers' clocks are waited for after the own one leapt, in milliseconds.
const LEAPT_WAIT_MS: u64 = 5_000;

impl Core {
    pub(crate) fn hear_witness(&mut self, witness: ClockWitness) {
        self.witnesses.hear(self.now, witness);
    }

    /// The clock was set, or the machine slept: nothing is decided alone before the peers have told the time anew.
    pub(crate) fn clock_leapt(&mut self) {
        self.witnesses.leapt();
        self.ask_all_statuses();
        for peer in self.peers.values_mut() {
            peer.is_clock_old = true;
        }
        let (own, tip, now) = (self.own_validator(), self.tip.hash, self.now.mono_ms);
        let hears = !self.peers.is_empty();
        if let Some(voter) = &mut self.voter
            && hears
            && voter.heard.decides_alone(own)
        {
            voter.hears = Some((tip, now.saturating_add(LEAPT_WAIT_MS)));
        }
    }

    /// The doubt about this machine's clock, where this node decides alone.
    pub(crate) fn clock_doubt(&self) -> Option<ClockDoubt> {
        let (doubt, _) = self.voter.as_ref()?.doubt?;
        Some(doubt)
    }

    /// Whether this node decides alone, and another machine has decided with its key since it started.
    pub(super) fn is_copied(&self) -> bool {
        let own = self.own_validator();
        let voter = self.voter.as_ref();
        voter.is_some_and(|voter| voter.elsewhere.is_some() && voter.heard.decides_alone(own))
    }

    /// Whether this node decides alone, and must not: by a clock that is in doubt, or beside another with its key.
    pub(super) fn must_wait(&mut self) -> bool {
        self.is_copied() || self.doubts_clock()
    }

    fn doubts_clock(&mut self) -> bool {
        let (own, now) = (self.own_validator(), self.now);
        let Some(voter) = &mut self.voter else {
            return false;
        };
        if !voter.heard.decides_alone(own) {
            voter.doubt = None;
            return false;
        }
        let peers: Vec<i64> = self.peers.values().filter_map(Peer::clock).collect();
        let last = match &voter.checkpoints {
            Some(checkpoints) => checkpoints.clock,
            None => self.tip.time,
        };
        let doubt = self.witnesses.judge(Facts {
            now,
            last,
            peers: &peers,
        });
        let look_ms = voter.doubt.map(|(_, at)| at).filter(|at| now.mono_ms < *at);
        voter.doubt = doubt.map(|doubt| {
            let next = now.mono_ms.saturating_add(LOOK_MS);
            (doubt, look_ms.unwrap_or(next))
        });
        if doubt.is_some() && look_ms.is_none() {
            self.ask_all_statuses();
        }
        doubt.is_some()
    }
}
