//! When the validator hears that something waits.

use bolao_finality::Input;
use bolao_ledger::BlockHash;

use crate::{
    consensus::Voting,
    core::{Context, Parts},
    error::CoreError,
    observer::{CONTRADICTS_S, contradicts},
    sync::Peer,
};

/// The longest time for which peers are waited for by a clock that is hardly ahead of what is proven, in milliseconds.
const NEAR_WAIT_MS: u64 = 5_000;

/// A validator that decides alone hears its peers first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hears {
    /// The tip that it had then.
    pub(super) tip: BlockHash,
    /// Since when it hears them.
    pub(super) since_ms: u64,
    /// The longest time for which it waits for them.
    pub(super) most_ms: u64,
    /// Whether the operator said that the clock is right, so that nobody's is waited for.
    pub(super) trusts_clock: bool,
    /// Whether it does so since it started; else since its clock was set, and it knows which peers are players'.
    pub(super) at_start: bool,
}

impl Hears {
    /// At the start of the program; none where there is nobody to hear.
    pub(super) fn at_start(cx: &Context, tip: BlockHash) -> Option<Self> {
        let most_ms = cx.config.hears_first_ms;
        (most_ms > 0).then_some(Self {
            tip,
            since_ms: cx.now.mono_ms,
            most_ms,
            trusts_clock: cx.config.trusts_clock,
            at_start: true,
        })
    }

    /// When there may be no more to wait for.
    pub(super) fn ends_ms(self) -> [u64; 2] {
        [NEAR_WAIT_MS.min(self.most_ms), self.most_ms].map(|ms| self.since_ms.saturating_add(ms))
    }

    /// Whether a peer's clock leaves nothing open. At the start, one that contradicts ours may be shown to be a player's in a moment.
    fn has_heard(self, peer: &Peer) -> bool {
        if self.trusts_clock {
            return true;
        }
        match peer.clock() {
            Some(ahead_s) => !self.at_start || !contradicts(ahead_s) || peer.player.is_some(),
            None => !self.at_start && peer.player.is_none(),
        }
    }
}

impl Voting {
    /// Says that something is to be decided, once for each height.
    pub(crate) fn offer_votes(&mut self, parts: &mut Parts) -> Result<(), CoreError> {
        loop {
            let height = self.vote_number(parts);
            if self.offered == Some(height)
                || self.hears_pages(parts)
                || self.hears_first(parts)?
                || self.must_wait(parts)?
                || !parts.cx.kind.is_due(self, parts)?
            {
                return Ok(());
            }
            let now = parts.cx.now;
            self.heard.waits(now);
            self.offered = Some(height);
            self.due = None;
            self.vote(parts, Input::Waiting)?;
        }
    }

    /// When whoever listened has had the time to come back, where that is waited for.
    pub(super) fn pages_until_ms(&self, parts: &Parts) -> Option<u64> {
        let own = self.own;
        let waits_ms = parts.cx.config.hears_pages_ms;
        (waits_ms > 0 && self.heard.decides_alone(own))
            .then(|| self.began_ms.saturating_add(waits_ms))
    }

    fn hears_pages(&self, parts: &Parts) -> bool {
        let until_ms = self.pages_until_ms(parts);
        until_ms.is_some_and(|until_ms| parts.cx.now.mono_ms < until_ms)
    }

    /// Whether this validator still waits for what its peers have. What nobody gives it in time it does not wait for: then its clock
    /// is judged without them ([`super::doubt`]).
    fn hears_first(&mut self, parts: &mut Parts) -> Result<bool, CoreError> {
        let Some(mut hears) = self.hears else {
            return Ok(false);
        };
        // What is heard meanwhile may prove the time.
        self.judge_clock(parts)?;
        let peers = parts.sync.peers().values();
        let mut statuses = peers.clone().filter_map(|peer| peer.status.as_ref());
        let in_step = !parts.sync.is_syncing(&parts.cx)
            && statuses.clone().next().is_some()
            && !statuses.any(|status| parts.chain.is_ahead(status))
            && peers.clone().all(|peer| hears.has_heard(peer));
        let (tip, now) = (parts.chain.tip().hash, parts.cx.now);
        if hears.tip != tip {
            (hears.tip, hears.since_ms) = (tip, now.mono_ms);
        }
        let unproven_s = parts.observer.unproven_s(now, self.last_time(parts));
        let [near_ms, most_ms] = hears.ends_ms();
        let until_ms = if hears.trusts_clock || unproven_s <= CONTRADICTS_S {
            near_ms
        } else {
            most_ms
        };
        self.hears = (!in_step && now.mono_ms < until_ms).then_some(hears);
        Ok(self.hears.is_some())
    }
}
