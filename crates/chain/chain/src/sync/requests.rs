//! Requests that wait for an answer: how many there may be, and what becomes of them.
//!
//! - One peer is asked at most `requests_per_peer` things at once and all together `requests_in_all`. Pushes may take
//!   half of that and bodies a third, so that there is room to ask where somebody stands.
//! - No answer, one that is late or one of another kind is the peer's failure. What our own network did not send says
//!   nothing about the peer: after a short pause it is asked again.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{BlockHash, Height, TxId};
use bolao_openings::SealId;

use crate::{
    core::Core,
    error::CoreError,
    io::{Event, Item, Output, PeerId, RequestFailure},
    keeping::Page,
    wire::{Question, Request, Response},
};

/// The time for which a peer is left alone after our own network refused to ask it, in milliseconds.
const LOCAL_PAUSE_MS: u64 = 250;

/// The purpose that a request was sent for.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    Status,
    Headers,
    Bodies {
        hashes: Vec<BlockHash>,
    },
    PendingIds,
    Transactions {
        /// The transactions to ask for afterwards.
        rest: Vec<TxId>,
    },
    Push {
        items: Vec<Item>,
    },
    Votes {
        votes: Vec<Vec<u8>>,
        /// Whether others signed them all.
        relayed: bool,
    },
    /// A block that validators may decide.
    Proposal,
    Finals {
        asked_ms: u64,
        from: Height,
    },
    /// A final block where the peer's history may be another one.
    Compare {
        /// Heights at which both histories hold the same block and at which they do not.
        between: (Height, Height),
        from: Height,
    },
    /// Headers up to the block that an invitation names.
    Checkpoint,
    /// The question which openings the peer keeps.
    KeptIds(Page),
    Kept {
        /// The seals to ask for afterwards.
        rest: BTreeSet<SealId>,
        /// And after that.
        then: Option<Page>,
    },
    PushKept,
    /// A question for what the own key signed.
    Told(Question),
}

/// A request without an answer.
#[derive(Debug)]
pub(crate) struct InFlight {
    pub(crate) peer: PeerId,
    pub(crate) purpose: Purpose,
    sent_ms: u64,
    deadline_ms: u64,
}

/// The requests without an answer, of all peers.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    last: u64,
    open: BTreeMap<u64, InFlight>,
}

impl Requests {
    /// The number of the last request: turns go by it.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// Those without an answer, the first one first.
    pub(crate) fn open(&self) -> impl Iterator<Item = &InFlight> {
        self.open.values()
    }

    /// The times at which they come too late, in milliseconds.
    pub(super) fn deadlines_ms(&self) -> impl Iterator<Item = u64> {
        self.open().map(|request| request.deadline_ms)
    }

    fn begin(&mut self, request: InFlight) -> u64 {
        self.last += 1;
        self.open.insert(self.last, request);
        self.last
    }

    pub(super) fn end(&mut self, id: u64) -> Option<InFlight> {
        self.open.remove(&id)
    }

    fn late(&self, now_ms: u64) -> Vec<u64> {
        let late = self.open.iter().filter(|(_, it)| it.deadline_ms <= now_ms);
        late.map(|(id, _)| *id).collect()
    }
}

impl Core {
    /// Sends a request to a connected peer.
    pub(crate) fn request(&mut self, peer: &PeerId, purpose: Purpose, request: Request) {
        let sent_ms = self.now.mono_ms;
        let id = self.requests.begin(InFlight {
            peer: peer.clone(),
            purpose,
            sent_ms,
            deadline_ms: sent_ms.saturating_add(self.config.request_timeout_ms),
        });
        if let Some(known) = self.peers.get_mut(peer) {
            known.requests.insert(id);
        }
        self.out.push(Output::SendRequest {
            peer: peer.clone(),
            id,
            request,
        });
    }

    /// Whether there is room to ask a peer one more thing now.
    pub(crate) fn may_request(&self, peer: &PeerId) -> bool {
        let now = self.now.mono_ms;
        self.requests.open.len() < self.config.requests_in_all
            && self
                .peers
                .get(peer)
                .is_some_and(|peer| peer.paused_until_ms <= now)
            && self.asked_of(peer, |_| true) < self.config.requests_per_peer
    }

    /// The number of requests of a kind that one peer has not answered.
    pub(crate) fn asked_of(&self, peer: &PeerId, wanted: impl Fn(&Purpose) -> bool) -> usize {
        let requests = self.peers.get(peer).map(|peer| &peer.requests);
        let requests = requests.into_iter().flatten();
        requests
            .filter_map(|id| self.requests.open.get(id))
            .filter(|request| wanted(&request.purpose))
            .count()
    }

    fn end_request(&mut self, id: u64) -> Option<InFlight> {
        let request = self.requests.end(id)?;
        if let Some(peer) = self.peers.get_mut(&request.peer) {
            peer.requests.remove(&id);
        }
        Some(request)
    }

    /// The number of requests of a kind that are not answered.
    pub(super) fn asked(&self, wanted: impl Fn(&InFlight) -> bool) -> usize {
        self.requests
            .open()
            .filter(|request| wanted(request))
            .count()
    }

    pub(crate) fn on_response(
        &mut self,
        peer: &PeerId,
        id: u64,
        result: Result<Response, RequestFailure>,
    ) -> Result<(), CoreError> {
        let asked = self.requests.open.get(&id);
        if asked.is_none_or(|request| request.peer != *peer) {
            return Ok(());
        }
        let Some(request) = self.end_request(id) else {
            return Ok(());
        };
        let response = match result {
            Ok(response) => response,
            Err(failure) => {
                self.unanswered(&request, failure);
                return Ok(());
            }
        };
        let is_news = response == Response::Ack;
        match (&request.purpose, response) {
            (Purpose::Status, Response::Status(status)) => {
                self.compare_with(peer, &status)?;
                self.on_status(peer, status, Some(request.sent_ms));
                self.rounds.status_ended(peer);
            }
            (Purpose::Headers, Response::Headers(headers)) => {
                self.on_headers(peer, headers)?;
            }
            (Purpose::Checkpoint, Response::Headers(headers)) => self.on_named(peer, &headers)?,
            (Purpose::Bodies { hashes }, Response::Blocks(blocks)) => {
                self.on_bodies(peer, hashes, blocks)?;
            }
            (Purpose::PendingIds, Response::PendingIds(ids)) => {
                self.on_pending_ids(peer, &ids)?;
            }
            (Purpose::Transactions { rest }, Response::Transactions(transactions)) => {
                if self.take_transactions(peer, transactions, false)? {
                    self.ask_transactions(peer, rest);
                }
            }
            (Purpose::Votes { relayed, .. }, Response::Ack | Response::Known) => {
                let peers = self.peers.len();
                if let Some(peer) = self.peers.get_mut(peer).filter(|_| *relayed) {
                    peer.outbox.relays.were(is_news, peers);
                }
            }
            (Purpose::Proposal, Response::Blocks(blocks)) => self.on_proposals(peer, &blocks)?,
            (Purpose::Finals { from, .. }, Response::Finals(finals)) => {
                self.on_finals(peer, *from, finals)?;
            }
            (Purpose::Compare { between, from }, Response::Finals(finals)) => {
                self.on_compared(peer, *between, *from, &finals)?;
            }
            (Purpose::Push { items }, Response::Ack) => {
                for item in items {
                    self.emit(Event::Delivered {
                        item: *item,
                        peer: peer.clone(),
                    });
                }
            }
            (Purpose::KeptIds(page), Response::KeptIds(ids)) => {
                self.on_kept_ids(peer, *page, &ids)?;
            }
            (Purpose::Kept { rest, then }, Response::Kept(given)) => {
                self.on_kept(peer, (rest, *then), given)?;
            }
            (Purpose::Told(asked), Response::Told(told)) => self.on_told(asked, told)?,
            // What a peer cannot take now, it asks for; what it cannot tell now, it is asked again.
            (Purpose::PushKept, Response::Ack | Response::Refused)
            | (Purpose::Told(_), Response::Refused) => {}
            _ => self.unanswered(&request, RequestFailure::Remote),
        }
        Ok(())
    }

    /// A request came to nothing: not sent, no answer, not in time, or of another kind.
    pub(super) fn unanswered(&mut self, request: &InFlight, failure: RequestFailure) {
        let now = self.now.mono_ms;
        let id = &request.peer;
        let failed = failure == RequestFailure::Remote;
        match &request.purpose {
            Purpose::Status if failed => self.rounds.status_ended(id),
            Purpose::Headers => drop(self.header_syncs.remove(id)),
            Purpose::Bodies { hashes } => {
                if let Some(download) = &mut self.download {
                    download.unasked(hashes);
                    if failed {
                        download.unanswered(hashes);
                    }
                }
            }
            _ => {}
        }
        let Some(peer) = self.peers.get_mut(id) else {
            return;
        };
        if !failed {
            peer.paused_until_ms = now.saturating_add(LOCAL_PAUSE_MS);
        }
        match &request.purpose {
            Purpose::Status if !failed => peer.next_status_ms = now,
            Purpose::Headers if failed => peer.headers.failed(now),
            Purpose::Bodies { .. } | Purpose::Finals { .. } | Purpose::Checkpoint if failed => {
                peer.bodies.failed(now);
            }
            Purpose::Push { .. } if failed => {
                peer.pushes_after_ms = now.saturating_add(super::BACKOFF_MS);
            }
            Purpose::Push { items } => peer.outbox.put_back(items),
            Purpose::Votes {
                votes,
                relayed: false,
            } if !failed => peer.outbox.put_votes_back(votes),
            _ => {}
        }
    }

    pub(crate) fn time_out_requests(&mut self) {
        for id in self.requests.late(self.now.mono_ms) {
            if let Some(request) = self.end_request(id) {
                self.unanswered(&request, RequestFailure::Remote);
            }
        }
    }
}
