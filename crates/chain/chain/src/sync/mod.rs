//! Peers: who is there, what each said, what it is asked and sent, and whose answers count. No block is judged here.
//!
//! - [`headers`], [`bodies`], [`finals`], [`named`]: whom this node asks for what it lacks of the chain; [`download`]: which bodies of a branch.
//! - [`failures`]: for how long a peer is left alone that did not give what it promised.
//! - [`requests`]: how much may be asked at once, and what becomes of a request without an answer.
//! - [`push`]: what is sent unasked; [`relays`]: when others' votes are passed on; [`pending`]: what waits elsewhere and not here.
//! - [`rounds`]: when somebody hears that this node has caught up with everybody.
//!
//! What a peer claims costs it nothing, so claims decide little: whose headers are asked for first depends on how often
//! it failed and how long it has waited for its turn, and failures are forgotten only over work that was shown.

mod bodies;
mod download;
mod failures;
mod finals;
mod headers;
mod named;
mod pending;
mod push;
mod relays;
mod requests;
mod rounds;

use std::collections::{BTreeMap, BTreeSet};

use bolao_headers::Rank;
use bolao_ledger::{AccountId, BlockHash, Height, UnixSeconds};

use crate::{
    chain::Chain,
    config::CoreConfig,
    context::Context,
    io::{Event, Now, Output, PeerId, Rejection, RequestFailure},
    observer::HeardClocks,
    wire::{Request, Status},
};
use download::Download;
use headers::HeaderSync;
use push::Queue;
use relays::Relays;
use rounds::Rounds;

pub(crate) use download::Next;
pub(crate) use failures::Failures;
pub(crate) use finals::is_finals;
pub(crate) use requests::{InFlight, Page, Purpose, Requests};

/// The time that a block that was pushed to us may take before its header is asked for, in milliseconds.
pub(crate) const GRACE_MS: u64 = 300;
/// The time from what was learnt by a comparison to the next one, with others, in milliseconds.
const SOON_MS: u64 = 100;
/// The most peers that are gone and whose failures are remembered.
const MAX_REMEMBERED: usize = 256;

/// A connected peer.
#[derive(Debug, Default)]
pub(crate) struct Peer {
    /// Whether it is told nothing of the pool.
    is_stranger: bool,
    /// The last status that it sent.
    pub(crate) status: Option<Status>,
    /// The number of seconds by which our clock was ahead of the one that it told.
    pub(crate) we_are_ahead_s: Option<i64>,
    /// Whether that was before our clock leapt.
    pub(crate) is_clock_old: bool,
    /// The player whose node it is.
    pub(crate) player: Option<AccountId>,
    /// The time of a header of its branch for which it is too early by our clock.
    pub(crate) too_new: Option<UnixSeconds>,
    /// The rank of the branch whose headers it gave.
    shown: Option<Rank>,
    pub(crate) next_status_ms: u64,
    /// From one status to the next.
    status_interval_ms: u64,
    /// Its next status is to be followed at once.
    urgent: bool,
    /// Its headers may come by themselves until then.
    pub(crate) grace_until_ms: u64,
    /// Histories are not compared with it before.
    pub(crate) compare_after_ms: u64,
    /// The number of the last request when it connected or its headers were last asked for.
    pub(crate) turn: u64,
    headers: Failures,
    pub(crate) bodies: Failures,
    /// Its headers do not lead to the block that an invitation names.
    pub(crate) lacks_named: bool,
    /// The number of the last request for certificates of checkpoints.
    pub(crate) finals_turn: u64,
    /// Nothing is asked of it before, since our own network is busy.
    paused_until_ms: u64,
    /// Nothing is pushed to it before.
    pushes_after_ms: u64,
    queue: Queue,
    /// The requests that it has not answered: of [`Requests`].
    requests: BTreeSet<u64>,
    /// Digests of both mempools when they were last compared, and when.
    compared: Option<([u8; 32], [u8; 32], u64)>,
}

impl Peer {
    /// Compares its clock with this node's. It was read before now, and not before the peer was asked, if it was.
    pub(crate) fn compare_clock(
        &mut self,
        now: Now,
        theirs: Option<UnixSeconds>,
        asked_ms: Option<u64>,
    ) {
        self.is_clock_old &= asked_ms.is_none();
        let most = theirs.and_then(|theirs| now.unix.0.checked_signed_diff(theirs.0));
        self.we_are_ahead_s = match (most, asked_ms) {
            (Some(most), Some(asked)) => {
                let waited_s = now.mono_ms.saturating_sub(asked) / 1_000;
                Some(0.clamp(most.saturating_sub_unsigned(waited_s), most))
            }
            (Some(most), None) => self.we_are_ahead_s.map(|before| before.min(most)),
            (None, _) => None,
        };
    }

    /// The number of seconds by which our clock, as it has gone on since, is ahead of what it told.
    pub(crate) fn clock(&self) -> Option<i64> {
        self.we_are_ahead_s.filter(|_| !self.is_clock_old)
    }

    /// It and we are the same: there is less and less reason to ask. Either side's question does for both.
    fn compare_less(&mut self, now_ms: u64, config: &CoreConfig) {
        let doubled = self.status_interval_ms.saturating_mul(2);
        self.status_interval_ms = doubled.min(config.status_interval_max_ms);
        if !self.urgent {
            self.next_status_ms = now_ms.saturating_add(self.status_interval_ms);
        }
    }

    fn compare_within(&mut self, now_ms: u64, interval_ms: u64) {
        self.status_interval_ms = interval_ms;
        let soon = now_ms.saturating_add(interval_ms);
        self.next_status_ms = self.next_status_ms.min(soon);
    }

    /// Whether it said where it stands, and this is so of that.
    pub(crate) fn says(&self, is_so: impl FnOnce(&Status) -> bool) -> bool {
        self.status.as_ref().is_some_and(is_so)
    }
}

/// The peers that are connected, their statuses and requests, and the blocks that are fetched from them.
#[derive(Debug)]
pub(crate) struct Syncing {
    peers: BTreeMap<PeerId, Peer>,
    requests: Requests,
    /// The failures of peers that are gone: in giving headers, and in giving bodies.
    remembered: BTreeMap<PeerId, (Failures, Failures)>,
    header_syncs: BTreeMap<PeerId, HeaderSync>,
    download: Option<Download>,
    /// Whether watchers are to hear of the end of a sync.
    announced_sync: bool,
    rounds: Rounds,
    /// The tip and the mempool's digest after the last input.
    shown: (BlockHash, [u8; 32]),
    /// Since when that tip is there, in milliseconds.
    tip_since_ms: u64,
}

impl Syncing {
    pub(crate) fn new(tip: BlockHash) -> Self {
        Self {
            peers: BTreeMap::new(),
            requests: Requests::default(),
            remembered: BTreeMap::new(),
            header_syncs: BTreeMap::new(),
            download: None,
            announced_sync: false,
            rounds: Rounds::default(),
            shown: (tip, [0; 32]),
            tip_since_ms: 0,
        }
    }

    /// The connected peers.
    pub(crate) fn peers(&self) -> &BTreeMap<PeerId, Peer> {
        &self.peers
    }

    /// Those that are told of the pool.
    fn told(&mut self) -> impl Iterator<Item = &mut Peer> {
        self.peers.values_mut().filter(|peer| !peer.is_stranger)
    }

    pub(crate) fn peer_mut(&mut self, peer: &PeerId) -> Option<&mut Peer> {
        self.peers.get_mut(peer)
    }

    /// The requests without an answer.
    pub(crate) fn requests(&self) -> &Requests {
        &self.requests
    }

    /// A peer is there. What a stranger is asked for goes on once it is none.
    pub(crate) fn on_connected(&mut self, cx: &Context, peer: PeerId, is_stranger: bool) {
        if let Some(known) = self.peers.get_mut(&peer)
            && known.is_stranger
            && !is_stranger
        {
            known.is_stranger = false;
            self.ask_status(cx, &peer, true);
            return;
        }
        self.lose_peer(cx, &peer);
        let (headers, bodies) = self.remembered.remove(&peer).unwrap_or_default();
        let known = Peer {
            headers: headers.reconnected(),
            bodies: bodies.reconnected(),
            turn: self.requests.last(),
            status_interval_ms: cx.config.status_interval_ms,
            is_stranger,
            ..Peer::default()
        };
        self.peers.insert(peer.clone(), known);
        self.ask_status(cx, &peer, true);
    }

    /// Forgets a peer and what was asked of it, but not how often it failed.
    pub(crate) fn lose_peer(&mut self, cx: &Context, peer: &PeerId) {
        let Some(known) = self.peers.remove(peer) else {
            return;
        };
        if known.headers.count > 0 || known.bodies.count > 0 {
            if self.remembered.len() >= MAX_REMEMBERED {
                let soonest = self
                    .remembered
                    .iter()
                    .min_by_key(|(_, (headers, bodies))| headers.until_ms.max(bodies.until_ms))
                    .map(|(id, _)| id.clone());
                soonest.and_then(|id| self.remembered.remove(&id));
            }
            let failures = (known.headers, known.bodies);
            self.remembered.insert(peer.clone(), failures);
        }
        for id in known.requests {
            if let Some(request) = self.requests.end(id) {
                self.unanswered(cx, &request, RequestFailure::Local);
            }
        }
        self.rounds.status_ended(peer);
    }

    /// Has a peer asked where it stands; `urgent` to follow it without grace.
    pub(crate) fn ask_status(&mut self, cx: &Context, peer: &PeerId, urgent: bool) {
        if let Some(known) = self.peers.get_mut(peer) {
            known.next_status_ms = cx.now.mono_ms;
            if urgent {
                known.grace_until_ms = cx.now.mono_ms;
                known.urgent = true;
            }
        }
    }

    /// Has every peer asked where it stands, and what time it is.
    pub(crate) fn ask_all_statuses(&mut self, cx: &Context) {
        for peer in self.peers.values_mut() {
            peer.next_status_ms = cx.now.mono_ms;
        }
    }

    /// Asks those whose turn it is where they stand, the longest due first.
    pub(crate) fn send_statuses(&mut self, cx: &mut Context, chain: &Chain) {
        let now = cx.now.mono_ms;
        let mut due: Vec<(u64, PeerId)> = self
            .peers
            .iter()
            .filter(|(_, peer)| peer.next_status_ms <= now)
            .map(|(id, peer)| (peer.next_status_ms, id.clone()))
            .collect();
        due.sort_unstable();
        for (_, peer) in due {
            let asked = self.asked_of(&peer, |purpose| matches!(purpose, Purpose::Status)) > 0;
            if !asked && !self.may_request(cx, &peer) {
                continue;
            }
            if let Some(known) = self.peers.get_mut(&peer) {
                known.next_status_ms = now.saturating_add(known.status_interval_ms);
            }
            if !asked {
                let status = chain.status(cx);
                self.request(cx, &peer, Purpose::Status, Request::Status(status));
            }
        }
    }

    /// Takes where a peer stands; `asked_ms` is when we asked it, if it answers.
    pub(crate) fn on_status(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        peer: &PeerId,
        status: Status,
        asked_ms: Option<u64>,
    ) {
        let (now, tip) = (cx.now.mono_ms, chain.tip());
        let round = self.rounds.is_any_open();
        let (ahead, digest) = (chain.is_ahead(&status), chain.mempool().digest());
        let Some(known) = self.peers.get_mut(peer).filter(|_| status.pool == cx.pool) else {
            return;
        };
        let same = status.tip.hash == tip.hash;
        if same && status.pending_digest == digest {
            known.compare_less(now, &cx.config);
        } else {
            known.compare_within(now, cx.config.status_interval_ms);
            // It was asked from another tip, and could not compare what waits.
            if same && asked_ms.is_some_and(|at| at < self.tip_since_ms) {
                known.next_status_ms = now;
            }
        }
        let urgent = std::mem::take(&mut known.urgent) || round;
        if ahead {
            let first = known.status.is_none();
            let grew = known
                .status
                .as_ref()
                .is_some_and(|before| before.tip.hash != status.tip.hash);
            let next = status.tip.height <= tip.height.next();
            // A new block is most likely on its way to us by push or gossip.
            if !first && grew && next && !urgent {
                known.grace_until_ms = known.grace_until_ms.max(now + GRACE_MS);
            }
            // Its headers may be here while the bodies had nobody to come from.
            if self.download.is_none() {
                chain.branches().look_again();
            }
        }
        let theirs = status.pending_digest;
        let clock = status.clock();
        known.status = Some(status);
        known.compare_clock(cx.now, clock, asked_ms);
        if same {
            self.compare_pending(cx, chain, peer, theirs);
        }
    }

    /// Compares with every peer in a moment: what one of them had, others that reach it only through us lack too.
    pub(crate) fn compare_soon(&mut self, cx: &Context) {
        let soon = cx.now.mono_ms.saturating_add(SOON_MS);
        for peer in self.peers.values_mut() {
            peer.next_status_ms = peer.next_status_ms.min(soon);
        }
    }

    /// Compares with every peer again soon, after our own chain or mempool has changed.
    pub(crate) fn note_change(&mut self, cx: &Context, chain: &Chain) {
        let shown = (chain.tip().hash, chain.mempool().digest());
        if self.shown == shown {
            return;
        }
        let is_new_tip = self.shown.0 != shown.0;
        self.shown = shown;
        if is_new_tip {
            self.tip_since_ms = cx.now.mono_ms;
        }
        let (now, interval) = (cx.now.mono_ms, cx.config.status_interval_ms);
        for peer in self.peers.values_mut() {
            peer.compare_within(now, interval);
            // Until now the one could not ask the other what waits there.
            if is_new_tip && peer.says(|it| it.tip.hash == shown.0 && it.pending_digest != shown.1)
            {
                peer.next_status_ms = now;
            }
        }
    }

    /// Times at which there may be something to ask or to send.
    pub(crate) fn wake_times(&self, cx: &Context, chain: &Chain) -> impl Iterator<Item = u64> {
        let peers = self.peers.values().flat_map(|peer| {
            let ahead = peer.status.as_ref().filter(|it| chain.is_elsewhere(cx, it));
            let ahead = ahead.map(|_| {
                [
                    peer.grace_until_ms,
                    peer.headers.until_ms,
                    peer.bodies.until_ms,
                ]
            });
            let pushes = Some(peer.pushes_after_ms).filter(|_| !peer.queue.is_empty());
            [peer.next_status_ms, peer.paused_until_ms]
                .into_iter()
                .chain(ahead.into_iter().flatten())
                .chain(pushes)
        });
        let requests = self.requests.deadlines_ms();
        let headers = self.header_syncs.values().flat_map(HeaderSync::slow_at);
        let rounds = self.rounds.deadlines_ms();
        let finals = self.finals_times();
        let relays = self.peers.values().map(|peer| &peer.queue.relays);
        let relay = relays.filter_map(Relays::next_ms).min();
        peers
            .chain(relay)
            .chain(requests)
            .chain(headers)
            .chain(rounds)
            .chain(finals)
    }

    /// Whether headers or bodies of a better chain are on their way.
    pub(crate) fn is_syncing(&self, cx: &Context) -> bool {
        !self.header_syncs.is_empty() || self.download.is_some() || self.fetches_finals(cx)
    }

    /// Drops a peer that broke the protocol provably.
    pub(crate) fn blame(&mut self, cx: &mut Context, peer: &PeerId, reason: Rejection) {
        tracing::debug!(%peer, %reason, "peer misbehaved");
        self.lose_peer(cx, peer);
        cx.out.push(Output::Misbehaved {
            peer: peer.clone(),
            reason,
        });
    }

    /// A peer has blocks that we lack. The next one is most likely on its way.
    pub(crate) fn ask_status_soon(&mut self, cx: &Context, peer: &PeerId, at_once: bool) {
        if at_once {
            return self.ask_status(cx, peer, true);
        }
        let soon = cx.now.mono_ms.saturating_add(GRACE_MS);
        if let Some(known) = self.peers.get_mut(peer) {
            known.next_status_ms = known.next_status_ms.min(soon);
        }
    }

    /// Whether the node is in step with its peers, after an input was handled; none if it has no peers.
    pub(crate) fn is_in_step(&self, cx: &Context, chain: &Chain) -> Option<bool> {
        let mut statuses = self.peers.values().filter_map(|peer| peer.status.as_ref());
        (!self.peers.is_empty())
            .then(|| !self.is_syncing(cx) && statuses.any(|status| !chain.is_ahead(status)))
    }

    /// Notes whether watchers are to hear of the end of a sync.
    pub(crate) fn note_syncing(&mut self, cx: &Context) {
        self.announced_sync |= self.is_syncing(cx);
    }

    /// Tells of the end of a sync, if there was one.
    pub(crate) fn tell_done(&mut self, cx: &mut Context, height: Height) {
        if self.is_syncing(cx) {
            self.announced_sync = true;
        } else if std::mem::take(&mut self.announced_sync) {
            cx.emit(Event::SyncDone { height });
        }
    }

    /// Bodies of lost branches below this height may go, unless a branch is on its way that may need them.
    pub(crate) fn prunable_below(&self, cx: &Context, chain: &Chain) -> Option<Height> {
        let below = chain.tip().height.checked_sub(cx.config.keep_side_bodies);
        below.filter(|_| self.download.is_none())
    }

    /// Forgives peers: each may be asked again for what it did not give.
    pub(crate) fn forgive(&mut self) {
        for peer in self.peers.values_mut() {
            peer.lacks_named = false;
            peer.bodies = Failures::default();
        }
        self.remembered.clear();
    }

    /// Notes that a peer has said where it stands.
    pub(crate) fn status_ended(&mut self, peer: &PeerId) {
        self.rounds.status_ended(peer);
    }

    /// The clock was set, or the machine slept: the peers are to tell the time anew.
    pub(crate) fn clock_leapt(&mut self, cx: &Context) {
        self.ask_all_statuses(cx);
        for peer in self.peers.values_mut() {
            peer.is_clock_old = true;
        }
    }

    /// The clocks of the peers that have told theirs.
    pub(crate) fn heard_clocks(&self) -> HeardClocks {
        let peers = self.peers.values();
        HeardClocks {
            peers: peers.filter_map(|peer| peer.we_are_ahead_s).collect(),
            ..HeardClocks::default()
        }
    }

    /// Notes that a peer did not give what it promised: bodies, or what is final.
    pub(crate) fn gave_nothing(&mut self, cx: &Context, peer: &PeerId) {
        if let Some(peer) = self.peers.get_mut(peer) {
            peer.bodies.failed(cx.now.mono_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::Genesis;

    use super::*;
    use crate::tests::parts;

    #[test]
    fn no_more_is_asked_at_once_than_the_network_allows() {
        let mut parts = parts(&Genesis::article());
        let most = parts.cx.config.requests_per_peer;
        let peer = PeerId::from("a");
        parts.sync.on_connected(&parts.cx, peer.clone(), false);
        for _ in 0..most {
            assert!(parts.sync.may_request(&parts.cx, &peer));
            let (cx, asked) = (&mut parts.cx, Request::PendingIds {});
            parts.sync.request(cx, &peer, Purpose::PendingIds, asked);
        }
        assert!(!parts.sync.may_request(&parts.cx, &peer));
        assert_eq!(parts.cx.out.take().len(), most);
        assert!(parts.sync.answered(&PeerId::from("b"), 1).is_none());
        assert!(parts.sync.answered(&peer, 1).is_some());
        assert!(parts.sync.may_request(&parts.cx, &peer));
    }

    #[test]
    fn the_end_of_a_sync_is_told_once() {
        let mut parts = parts(&Genesis::article());
        let (cx, sync) = (&mut parts.cx, &mut parts.sync);
        sync.tell_done(cx, Height(1));
        assert!(cx.out.take().is_empty());
        sync.fetch(Some(Vec::new()));
        sync.tell_done(cx, Height(1));
        sync.fetch(None);
        sync.tell_done(cx, Height(1));
        sync.tell_done(cx, Height(1));
        assert_eq!(cx.out.take().len(), 1);
    }
}
