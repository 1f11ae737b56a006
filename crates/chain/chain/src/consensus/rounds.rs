//! Rounds: when a vote begins, and what holds it back. The validator hears that something waits, once for each height.

use bolao_ledger::{AccountId, BlockHash, Height, UnixSeconds};
use bolao_store::{Snapshot, StoreError};

use crate::{
    chain::Chain,
    consensus::Voting,
    context::Context,
    deadlines::Kickoffs,
    error::CoreError,
    io::{ClockDoubt, ClockWitness},
    observer::{CONTRADICTS_S, Facts, Judge, contradicts},
    sync::{Peer, Syncing},
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

/// The rounds: what has been offered to the validator, when time alone asks for a block, and the clock by which this validator goes.
#[derive(Debug)]
pub(super) struct VoteRounds {
    /// When this node started.
    pub(super) began_ms: u64,
    /// The height of which the validator knows that something waits.
    offered: Option<Height>,
    /// When time alone asks for a block on this tip.
    pub(super) due: Option<(BlockHash, UnixSeconds)>,
    pub(super) kickoffs: Kickoffs,
    /// When this validator said the time, and whether it is to say it.
    pub(super) said_time_ms: u64,
    pub(super) says_time: bool,
    /// The wait for peers' words, where this validator decides alone; none once that is over.
    pub(super) hears: Option<Hears>,
    /// The tip at which the ends of betting were read.
    ends_at: Option<BlockHash>,
    /// The judge of the clock, where this validator decides alone.
    pub(super) judge: Judge,
    /// The doubt about the clock, and when to look again.
    pub(super) doubt: Option<(ClockDoubt, u64)>,
}

impl VoteRounds {
    /// At the start of the program; `alone`: the tip, where this node decides alone.
    pub(super) fn new(
        cx: &Context,
        snapshot: &Snapshot,
        alone: Option<BlockHash>,
    ) -> Result<Self, StoreError> {
        let mut judge = Judge::new(snapshot.proven_time()?);
        if cx.config.trusts_clock {
            judge.hear(cx.now, ClockWitness::Operator);
        }
        Ok(Self {
            began_ms: cx.now.mono_ms,
            offered: None,
            due: None,
            kickoffs: Kickoffs::default(),
            said_time_ms: 0,
            says_time: false,
            hears: alone.and_then(|tip| Hears::at_start(cx, tip)),
            ends_at: None,
            judge,
            doubt: None,
        })
    }

    /// Judges the clock by what is heard so far, on a chain whose last decision has this time.
    pub(super) fn judge_clock(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &Syncing,
        last: UnixSeconds,
    ) -> Result<Option<ClockDoubt>, StoreError> {
        let of_player = |peer: &Peer| Some((peer.player?, peer.clock()?));
        let peers = sync.peers().values();
        let players: Vec<(AccountId, i64)> = peers.filter_map(of_player).collect();
        let tip = chain.tip().hash;
        if self.ends_at != Some(tip) {
            let snapshot = chain.snapshot()?;
            self.kickoffs.follow(chain.replacements(), &snapshot)?;
            self.ends_at = Some(tip);
        }
        let dates_from_ms = self.began_ms.saturating_add(cx.config.dates_after_ms);
        Ok(self.judge.judge(Facts {
            now: cx.now,
            last,
            players: &players,
            ends: self.kickoffs.ends(),
            hears: self.hears.is_some() || cx.now.mono_ms < dates_from_ms,
        }))
    }
}

impl Voting {
    /// Whether something is to be decided that the validator has not heard of.
    pub(crate) fn offers(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &mut Syncing,
    ) -> Result<bool, CoreError> {
        let height = self.vote_number(chain);
        if self.rounds.offered == Some(height)
            || self.hears_pages(cx)
            || self.hears_first(cx, chain, sync)?
            || self.must_wait(cx, chain, sync)?
            || !self.is_due(cx, chain)?
        {
            return Ok(false);
        }
        self.votes.heard.waits(cx.now);
        self.rounds.offered = Some(height);
        self.rounds.due = None;
        Ok(true)
    }

    /// When whoever listened has had the time to come back, where that is waited for.
    pub(super) fn pages_until_ms(&self, cx: &Context) -> Option<u64> {
        let own = self.own;
        let waits_ms = cx.config.hears_pages_ms;
        (waits_ms > 0 && self.votes.heard.decides_alone(own))
            .then(|| self.rounds.began_ms.saturating_add(waits_ms))
    }

    fn hears_pages(&self, cx: &Context) -> bool {
        let until_ms = self.pages_until_ms(cx);
        until_ms.is_some_and(|until_ms| cx.now.mono_ms < until_ms)
    }

    /// Whether this validator still waits for what its peers have. What nobody gives it in time it does not wait for: then its clock
    /// is judged without them ([`super::doubt`]).
    fn hears_first(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &Syncing,
    ) -> Result<bool, CoreError> {
        let Some(mut hears) = self.rounds.hears else {
            return Ok(false);
        };
        // What is heard meanwhile may prove the time.
        let last = self.last_time(chain);
        self.rounds.judge_clock(cx, chain, sync, last)?;
        let peers = sync.peers().values();
        let mut statuses = peers.clone().filter_map(|peer| peer.status.as_ref());
        let in_step = !sync.is_syncing(cx)
            && statuses.clone().next().is_some()
            && !statuses.any(|status| chain.is_ahead(status))
            && peers.clone().all(|peer| hears.has_heard(peer));
        let (tip, now) = (chain.tip().hash, cx.now);
        if hears.tip != tip {
            (hears.tip, hears.since_ms) = (tip, now.mono_ms);
        }
        let unproven_s = self.rounds.judge.unproven_s(now, self.last_time(chain));
        let [near_ms, most_ms] = hears.ends_ms();
        let until_ms = if hears.trusts_clock || unproven_s <= CONTRADICTS_S {
            near_ms
        } else {
            most_ms
        };
        self.rounds.hears = (!in_step && now.mono_ms < until_ms).then_some(hears);
        Ok(self.rounds.hears.is_some())
    }
}
