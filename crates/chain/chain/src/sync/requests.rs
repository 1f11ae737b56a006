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
    context::Context,
    io::{Item, Output, PeerId, RequestFailure},
    sync::Syncing,
    wire::{Question, Request},
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

/// A part of what a peer says that it keeps.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Page {
    /// The last seal of the parts before.
    pub(crate) after: Option<SealId>,
    /// The number of parts before.
    pub(crate) number: u16,
    /// The number of their seals that are none here.
    pub(crate) strange: usize,
}

/// A request without an answer.
#[derive(Debug)]
pub(crate) struct InFlight {
    pub(crate) peer: PeerId,
    pub(crate) purpose: Purpose,
    pub(crate) sent_ms: u64,
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

impl Syncing {
    /// Sends a request to a connected peer.
    pub(crate) fn request(
        &mut self,
        cx: &mut Context,
        peer: &PeerId,
        purpose: Purpose,
        request: Request,
    ) {
        let sent_ms = cx.now.mono_ms;
        let id = self.requests.begin(InFlight {
            peer: peer.clone(),
            purpose,
            sent_ms,
            deadline_ms: sent_ms.saturating_add(cx.config.request_timeout_ms),
        });
        if let Some(known) = self.peers.get_mut(peer) {
            known.requests.insert(id);
        }
        cx.out.push(Output::SendRequest {
            peer: peer.clone(),
            id,
            request,
        });
    }

    /// Whether there is room to ask a peer one more thing now.
    pub(crate) fn may_request(&self, cx: &Context, peer: &PeerId) -> bool {
        let now = cx.now.mono_ms;
        self.requests.open.len() < cx.config.requests_in_all
            && self
                .peers
                .get(peer)
                .is_some_and(|peer| peer.paused_until_ms <= now)
            && self.asked_of(peer, |_| true) < cx.config.requests_per_peer
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

    pub(crate) fn end_request(&mut self, id: u64) -> Option<InFlight> {
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

    /// A request came to nothing: not sent, no answer, not in time, or of another kind.
    pub(crate) fn unanswered(&mut self, cx: &Context, request: &InFlight, failure: RequestFailure) {
        let now = cx.now.mono_ms;
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
            Purpose::Headers if failed => peer.headers.silent(now),
            Purpose::Bodies { .. } | Purpose::Finals { .. } | Purpose::Checkpoint if failed => {
                peer.bodies.silent(now);
            }
            Purpose::Push { .. } if failed => {
                peer.pushes_after_ms = now.saturating_add(super::failures::BACKOFF_MS);
            }
            Purpose::Push { items } => peer.queue.put_back(items),
            Purpose::Votes {
                votes,
                relayed: false,
            } if !failed => peer.queue.put_votes_back(votes),
            Purpose::Votes { votes, .. } => peer.queue.relays.keep(now, votes),
            _ => {}
        }
    }

    pub(crate) fn time_out_requests(&mut self, cx: &Context) {
        for id in self.requests.late(cx.now.mono_ms) {
            if let Some(request) = self.end_request(id) {
                self.unanswered(cx, &request, RequestFailure::Remote);
            }
        }
    }

    /// Ends a request that a peer answers, if that was asked of it.
    pub(crate) fn answered(&mut self, peer: &PeerId, id: u64) -> Option<InFlight> {
        let asked = self.requests.open.get(&id);
        asked.filter(|request| request.peer == *peer)?;
        self.end_request(id)
    }

    /// A peer was asked just now: others have their turn before it has one again.
    pub(crate) fn took_turn(&mut self, peer: &PeerId) {
        if let Some(peer) = self.peers.get_mut(peer) {
            peer.turn = self.requests.last();
        }
    }
}
