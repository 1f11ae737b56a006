//! Whoever decides alone goes by a clock that nobody bounds: before it votes on anything, it asks the witnesses to its clock
//! ([`crate::observer`]). While they leave a doubt it waits, and goes on by itself once there is none. Once another machine has made
//! a block with its key, it makes none until it is restarted: two that go on would contradict each other.

use bolao_ledger::{AccountId, UnixSeconds};
use bolao_store::{ProvenTime, StoreError};

use crate::{
    consensus::{Hears, Voting},
    core::{Context, Parts},
    error::CoreError,
    observer::{ClockDoubt, Facts, Observer},
    sync::Peer,
};

/// From one look to the next while the clock is in doubt, in milliseconds.
const LOOK_MS: u64 = 5_000;
/// The time for which the peers' clocks are waited for after the own one leapt, in milliseconds.
const LEAPT_WAIT_MS: u64 = 30_000;

impl Voting {
    /// The clock was set, or the machine slept: who decides alone hears the peers first.
    pub(crate) fn clock_leapt(&mut self, parts: &Parts) {
        self.says_time = true;
        let own = self.own;
        if !parts.sync.peers().is_empty() && self.heard.decides_alone(own) {
            self.hears = Some(Hears {
                tip: parts.chain.tip().hash,
                since_ms: parts.cx.now.mono_ms,
                most_ms: LEAPT_WAIT_MS,
                trusts_clock: false,
                at_start: false,
            });
        }
    }

    /// The operator said that the clock is right: no peer's is waited for.
    pub(crate) fn clock_trusted(&mut self) {
        if let Some(hears) = &mut self.hears {
            hears.trusts_clock = true;
        }
    }

    /// The doubt about this machine's clock, where this node decides alone.
    pub(crate) fn clock_doubt(&self) -> Option<ClockDoubt> {
        let (doubt, _) = self.doubt?;
        Some(doubt)
    }

    /// The time that is proven once a block of this time is the last one, where this node votes on blocks.
    pub(crate) fn proven_with(
        &self,
        observer: &mut Observer,
        cx: &Context,
        last: UnixSeconds,
    ) -> Option<ProvenTime> {
        let keeps = cx.kind.is_certified() && self.has_vote();
        let alone = self.heard.decides_alone(self.own);
        keeps
            .then(|| observer.proven_with(cx.now, last, alone))
            .flatten()
    }

    /// Whether this node decides alone, and another machine has decided with its key since it started.
    pub(super) fn is_copied(&self) -> bool {
        let own = self.own;
        self.elsewhere.is_some() && self.heard.decides_alone(own)
    }

    /// Whether this node decides alone, and must not: by a clock that is in doubt, or beside another with its key.
    pub(super) fn must_wait(&mut self, parts: &mut Parts) -> Result<bool, CoreError> {
        Ok(self.is_copied() || self.doubts_clock(parts)?)
    }

    /// The time of the last block that this node decided, or of the last checkpoint.
    pub(super) fn last_time(&self, parts: &Parts) -> UnixSeconds {
        match &self.checkpoints {
            Some(checkpoints) => checkpoints.clock,
            None => parts.chain.tip().time,
        }
    }

    fn doubts_clock(&mut self, parts: &mut Parts) -> Result<bool, StoreError> {
        let now = parts.cx.now;
        if !self.heard.decides_alone(self.own) {
            self.doubt = None;
            return Ok(false);
        }
        let doubt = self.judge_clock(parts)?;
        let look_ms = self.doubt.map(|(_, at)| at).filter(|at| now.mono_ms < *at);
        self.doubt = doubt.map(|doubt| {
            let next = now.mono_ms.saturating_add(LOOK_MS);
            (doubt, look_ms.unwrap_or(next))
        });
        if doubt.is_some() && look_ms.is_none() {
            parts.sync.ask_all_statuses(&parts.cx);
        }
        Ok(doubt.is_some())
    }

    /// Judges the clock by what is heard so far.
    pub(super) fn judge_clock(
        &mut self,
        parts: &mut Parts,
    ) -> Result<Option<ClockDoubt>, StoreError> {
        let of_player = |peer: &Peer| Some((peer.player?, peer.clock()?));
        let peers = parts.sync.peers().values();
        let players: Vec<(AccountId, i64)> = peers.filter_map(of_player).collect();
        let tip = parts.chain.tip().hash;
        if self.ends_at != Some(tip) {
            let snapshot = parts.chain.snapshot()?;
            self.kickoffs.follow(&parts.chain, &snapshot)?;
            self.ends_at = Some(tip);
        }
        let dates_from_ms = self.began_ms.saturating_add(parts.cx.config.dates_after_ms);
        Ok(parts.observer.judge_clock(Facts {
            now: parts.cx.now,
            last: self.last_time(parts),
            players: &players,
            ends: self.kickoffs.ends(),
            hears: self.hears.is_some() || parts.cx.now.mono_ms < dates_from_ms,
        }))
    }
}
