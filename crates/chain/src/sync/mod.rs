//! Peers: who is there, what was asked of whom, and what they said of themselves.

mod bodies;
mod download;
mod headers;
mod pending;
mod rounds;

use std::collections::BTreeMap;

use bolao_ledger::BlockHash;

pub(crate) use download::Download;
pub(crate) use headers::HeaderSync;
pub(crate) use rounds::Round;

use crate::{
    core::Core,
    error::CoreError,
    io::{Event, Item, Output, PeerId},
    wire::{Request, Response, Status},
};

/// The most pushes that one peer has not confirmed.
const MAX_PUSHES: usize = 32;
/// How long a block that was pushed to us may take before its header is asked for, in milliseconds.
const GRACE_MS: u64 = 300;
/// How long a peer that did not give what it promised is not asked again, in milliseconds.
const BACKOFF_MS: u64 = 5_000;

/// A connected peer.
#[derive(Debug, Default)]
pub(crate) struct Peer {
    /// What it said last.
    pub(crate) status: Option<Status>,
    next_status_ms: u64,
    /// Its next status is to be followed at once.
    urgent: bool,
    /// Not asked for headers before.
    pub(crate) headers_after_ms: u64,
    /// Not asked for bodies before.
    pub(crate) bodies_after_ms: u64,
    /// Digests of both mempools when they were last compared, and when.
    compared: Option<([u8; 32], [u8; 32], u64)>,
    pushes: usize,
}

/// What a request was sent for.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    Status,
    Headers,
    Bodies { hashes: Vec<BlockHash> },
    PendingIds,
    Transactions,
    Push { items: Vec<Item> },
}

/// A request without an answer.
#[derive(Debug)]
pub(crate) struct InFlight {
    pub(crate) peer: PeerId,
    pub(crate) purpose: Purpose,
    deadline_ms: u64,
}

impl Core {
    pub(crate) fn on_connected(&mut self, peer: PeerId) {
        self.lose_peer(&peer);
        self.peers.insert(peer.clone(), Peer::default());
        self.ask_status(&peer, true);
    }

    /// Forgets a peer and what was asked of it.
    pub(crate) fn lose_peer(&mut self, peer: &PeerId) {
        if self.peers.remove(peer).is_none() {
            return;
        }
        let lost: Vec<u64> = self
            .in_flight
            .iter()
            .filter_map(|(id, request)| (request.peer == *peer).then_some(*id))
            .collect();
        for id in lost {
            if let Some(request) = self.in_flight.remove(&id) {
                self.unanswered(&request);
            }
        }
    }

    /// Sends a request to a connected peer.
    pub(crate) fn request(&mut self, peer: &PeerId, purpose: Purpose, request: Request) -> u64 {
        self.last_request += 1;
        let id = self.last_request;
        if matches!(purpose, Purpose::Push { .. })
            && let Some(peer) = self.peers.get_mut(peer)
        {
            peer.pushes += 1;
        }
        self.in_flight.insert(
            id,
            InFlight {
                peer: peer.clone(),
                purpose,
                deadline_ms: self
                    .now
                    .mono_ms
                    .saturating_add(self.config.request_timeout_ms),
            },
        );
        self.out.push(Output::SendRequest {
            peer: peer.clone(),
            id,
            request,
        });
        id
    }

    pub(crate) fn may_push(&self, peer: &PeerId) -> bool {
        self.peers
            .get(peer)
            .is_some_and(|peer| peer.pushes < MAX_PUSHES)
    }

    /// Our own status.
    pub(crate) fn status(&self) -> Status {
        Status {
            pool: self.pool,
            tip: self.tip.hash,
            height: self.tip.height,
            work: self.tip.work,
            pending: u32::try_from(self.mempool.len()).unwrap_or(u32::MAX),
            pending_digest: self.mempool.digest(),
        }
    }

    /// Asks a peer where it stands, unless that is asked already; `urgent` to follow it without grace.
    pub(crate) fn ask_status(&mut self, peer: &PeerId, urgent: bool) -> Option<u64> {
        let known = self.peers.get_mut(peer)?;
        known.next_status_ms = self.now.mono_ms + self.config.status_interval_ms;
        if urgent {
            known.headers_after_ms = self.now.mono_ms;
            known.urgent = true;
        }
        let asked = self.in_flight.iter().find(|(_, request)| {
            request.peer == *peer && matches!(request.purpose, Purpose::Status)
        });
        if let Some((id, _)) = asked {
            return Some(*id);
        }
        let status = self.status();
        Some(self.request(peer, Purpose::Status, Request::Status(status)))
    }

    pub(crate) fn on_status(&mut self, peer: &PeerId, status: Status) {
        let (now, tip) = (self.now.mono_ms, self.tip);
        let round = !self.rounds.is_empty();
        let Some(known) = self
            .peers
            .get_mut(peer)
            .filter(|_| status.pool == self.pool)
        else {
            return;
        };
        let same = status.tip == tip.hash;
        let urgent = std::mem::take(&mut known.urgent) || round;
        if status.work > tip.work {
            let first = known.status.is_none();
            let grew = known
                .status
                .as_ref()
                .is_some_and(|before| before.tip != status.tip);
            let next = status.height == tip.height.next();
            // A new block is most likely on its way to us by push or gossip.
            if !first && grew && next && !urgent {
                known.headers_after_ms = known.headers_after_ms.max(now + GRACE_MS);
            }
            // Its headers may be here while the bodies had nobody to come from.
            self.reconsider |= self.download.is_none();
        }
        let digest = status.pending_digest;
        known.status = Some(status);
        if same {
            self.compare_pending(peer, digest);
        }
    }

    pub(crate) fn on_response(
        &mut self,
        peer: &PeerId,
        id: u64,
        result: Result<Response, ()>,
    ) -> Result<(), CoreError> {
        if self
            .in_flight
            .get(&id)
            .is_none_or(|request| request.peer != *peer)
        {
            return Ok(());
        }
        let Some(request) = self.in_flight.remove(&id) else {
            return Ok(());
        };
        match (&request.purpose, result) {
            (Purpose::Status, Ok(Response::Status(status))) => self.on_status(peer, status),
            (Purpose::Headers, Ok(Response::Headers(headers))) => {
                self.on_headers(peer, headers)?;
            }
            (Purpose::Bodies { hashes }, Ok(Response::Blocks(blocks))) => {
                self.on_bodies(peer, hashes, blocks)?;
            }
            (Purpose::PendingIds, Ok(Response::PendingIds(ids))) => {
                self.on_pending_ids(peer, &ids)?;
            }
            (Purpose::Transactions, Ok(Response::Transactions(transactions))) => {
                self.take_transactions(peer, transactions, false)?;
            }
            (Purpose::Push { items }, Ok(Response::Ack)) => {
                self.pushed(peer);
                for item in items {
                    self.emit(Event::Delivered {
                        item: *item,
                        peer: peer.clone(),
                    });
                }
            }
            _ => self.unanswered(&request),
        }
        Ok(())
    }

    fn pushed(&mut self, peer: &PeerId) {
        if let Some(peer) = self.peers.get_mut(peer) {
            peer.pushes = peer.pushes.saturating_sub(1);
        }
    }

    /// A request came to nothing: no answer, not in time, or of another kind.
    fn unanswered(&mut self, request: &InFlight) {
        let later = self.now.mono_ms + BACKOFF_MS;
        match &request.purpose {
            Purpose::Headers => {
                self.header_sync = None;
                if let Some(peer) = self.peers.get_mut(&request.peer) {
                    peer.headers_after_ms = later;
                }
            }
            Purpose::Bodies { hashes } => {
                if let Some(download) = &mut self.download {
                    download.unasked(hashes);
                }
                if let Some(peer) = self.peers.get_mut(&request.peer) {
                    peer.bodies_after_ms = later;
                }
            }
            Purpose::Push { .. } => self.pushed(&request.peer),
            Purpose::Status | Purpose::PendingIds | Purpose::Transactions => {}
        }
    }

    pub(crate) fn on_tick(&mut self) -> Result<(), CoreError> {
        let now = self.now.mono_ms;
        let late: Vec<u64> = self
            .in_flight
            .iter()
            .filter_map(|(id, request)| (request.deadline_ms <= now).then_some(*id))
            .collect();
        for id in late {
            if let Some(request) = self.in_flight.remove(&id) {
                self.unanswered(&request);
            }
        }
        let stalled = self.stalled.len();
        self.stalled.retain(|_, until| *until > now);
        self.reconsider |= self.stalled.len() != stalled;
        self.take_held_blocks()?;
        let due: Vec<PeerId> = self
            .peers
            .iter()
            .filter(|(_, peer)| peer.next_status_ms <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for peer in due {
            self.ask_status(&peer, false);
        }
        Ok(())
    }

    /// Starts whatever may be started.
    pub(crate) fn drive(&mut self) -> Result<(), CoreError> {
        let was_syncing = self.is_syncing();
        loop {
            if self.reconsider {
                self.choose_branch(true)?;
            }
            self.seek_headers()?;
            self.fetch_bodies()?;
            if !self.reconsider {
                break;
            }
        }
        if was_syncing && !self.is_syncing() {
            let height = self.tip.height;
            self.emit(Event::SyncDone { height });
        }
        self.end_rounds();
        Ok(())
    }
}

/// Which requests a map of them holds of a peer, by purpose.
pub(crate) fn count_of(
    in_flight: &BTreeMap<u64, InFlight>,
    peer: &PeerId,
    wanted: impl Fn(&Purpose) -> bool,
) -> usize {
    in_flight
        .values()
        .filter(|request| request.peer == *peer && wanted(&request.purpose))
        .count()
}
