//! Whoever decides alone goes by a clock that nobody bounds: before it votes on anything, it asks the witnesses to its clock
//! ([`crate::observer`]). While they leave a doubt it waits, and goes on by itself once there is none. Once another machine has made
//! a block with its key, it makes none until it is restarted: two that go on would contradict each other.

use bolao_ledger::UnixSeconds;
use bolao_store::{ProvenTime, StoreError};

use crate::{
    chain::Chain,
    consensus::{Voting, rounds::Hears},
    context::Context,
    error::CoreError,
    io::{ClockDoubt, ClockWitness},
    sync::Syncing,
};

/// From one look to the next while the clock is in doubt, in milliseconds.
const LOOK_MS: u64 = 5_000;
/// The time for which the peers' clocks are waited for after the own one leapt, in milliseconds.
const LEAPT_WAIT_MS: u64 = 30_000;

impl Voting {
    /// The clock was set, or the machine slept: who decides alone hears the peers first.
    pub(crate) fn clock_leapt(&mut self, cx: &Context, chain: &Chain, sync: &Syncing) {
        self.rounds.judge.leapt();
        self.rounds.says_time = true;
        let own = self.own;
        if !sync.peers().is_empty() && self.votes.heard.decides_alone(own) {
            self.rounds.hears = Some(Hears {
                tip: chain.tip().hash,
                since_ms: cx.now.mono_ms,
                most_ms: LEAPT_WAIT_MS,
                trusts_clock: false,
                at_start: false,
            });
        }
    }

    /// Takes what a witness to the time besides the own clock says. Once the operator has said that it is right, no peer's is waited for.
    pub(crate) fn hear_witness(&mut self, cx: &Context, witness: ClockWitness) {
        if witness == ClockWitness::Operator
            && let Some(hears) = &mut self.rounds.hears
        {
            hears.trusts_clock = true;
        }
        self.rounds.judge.hear(cx.now, witness);
    }

    /// The doubt about this machine's clock, where this node decides alone.
    pub(super) fn clock_doubt(&self) -> Option<ClockDoubt> {
        let (doubt, _) = self.rounds.doubt?;
        Some(doubt)
    }

    /// The time that is proven once a block of this time is the last one, where this node votes on blocks.
    pub(crate) fn proven_with(&mut self, cx: &Context, last: UnixSeconds) -> Option<ProvenTime> {
        let keeps = cx.kind.is_certified() && self.has_vote();
        let alone = self.votes.heard.decides_alone(self.own);
        let judge = &mut self.rounds.judge;
        keeps
            .then(|| judge.proven_with(cx.now, last, alone))
            .flatten()
    }

    /// Whether this node decides alone, and another machine has decided with its key since it started.
    pub(super) fn is_copied(&self) -> bool {
        let own = self.own;
        self.recall.elsewhere.is_some() && self.votes.heard.decides_alone(own)
    }

    /// Whether this node decides alone, and must not: by a clock that is in doubt, or beside another with its key.
    pub(super) fn must_wait(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &mut Syncing,
    ) -> Result<bool, CoreError> {
        Ok(self.is_copied() || self.doubts_clock(cx, chain, sync)?)
    }

    /// The time of the last block that this node decided, or of the last checkpoint.
    pub(super) fn last_time(&self, chain: &Chain) -> UnixSeconds {
        match &self.checkpoints {
            Some(checkpoints) => checkpoints.clock,
            None => chain.tip().time,
        }
    }

    fn doubts_clock(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &mut Syncing,
    ) -> Result<bool, StoreError> {
        let now = cx.now;
        if !self.votes.heard.decides_alone(self.own) {
            self.rounds.doubt = None;
            return Ok(false);
        }
        let last = self.last_time(chain);
        let doubt = self.rounds.judge_clock(cx, chain, sync, last)?;
        let look_ms = self
            .rounds
            .doubt
            .map(|(_, at)| at)
            .filter(|at| now.mono_ms < *at);
        self.rounds.doubt = doubt.map(|doubt| {
            let next = now.mono_ms.saturating_add(LOOK_MS);
            (doubt, look_ms.unwrap_or(next))
        });
        if doubt.is_some() && look_ms.is_none() {
            sync.ask_all_statuses(cx);
        }
        Ok(doubt.is_some())
    }
}
