//! Gossip and requests.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use libp2p::PeerId;
use libp2p::gossipsub::{Message, MessageAcceptance, MessageId, PublishError};
use libp2p::request_response::{
    self, InboundFailure, InboundRequestId, Message as SyncMessage, OutboundFailure,
    ResponseChannel,
};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::Task;
use super::connections::REQUESTS_OF_PEER;
use crate::behaviour::REQUEST_SECONDS;
use crate::{Event, MAX_REQUEST_BYTES, MessageToken, RequestError, RequestToken, Topic, Verdict};

/// Requests of this node that may wait for an answer, in all and of one peer.
const REQUESTS: usize = 64;
const REQUESTS_TO_PEER: usize = 8;

/// As many of the places for requests of others are kept for peers that have none.
const KEPT_FREE: usize = 16;

/// The bytes that a gossip message counts as at least, so that tiny ones are bounded too.
const MESSAGE_COST: usize = 256;

/// The time that a request waits before its connection is nudged, and between two nudges.
const NUDGE: Duration = Duration::from_millis(500);

/// A request of this node that waits for an answer.
#[derive(Debug)]
pub(super) struct Asked {
    peer: PeerId,
    id: u64,
    /// When its connection is nudged next.
    nudge: Instant,
}

impl Task {
    pub(super) fn publish(&mut self, topic: Topic, data: Vec<u8>) {
        if data.len() > self.protocol.max_message_bytes {
            let (len, limit) = (data.len(), self.protocol.max_message_bytes);
            tracing::error!(?topic, len, limit, "message too long to publish");
            return;
        }
        let name = self.names.topic(topic);
        let gossip = self.swarm.behaviour_mut().gossip.get_mut();
        match gossip.publish(name, data) {
            Ok(_) | Err(PublishError::Duplicate | PublishError::NoPeersSubscribedToTopic) => {}
            Err(error) => tracing::warn!(?topic, %error, "cannot publish"),
        }
    }

    pub(super) fn verdict(&mut self, token: MessageToken, verdict: Verdict) {
        self.report(&token.id, token.source, verdict);
    }

    fn report(&mut self, id: &MessageId, source: PeerId, verdict: Verdict) {
        let acceptance = match verdict {
            Verdict::Accept => MessageAcceptance::Accept,
            Verdict::Reject => MessageAcceptance::Reject,
            Verdict::Ignore => MessageAcceptance::Ignore,
        };
        let gossip = self.swarm.behaviour_mut().gossip.get_mut();
        if !gossip.report_message_validation_result(id, &source, acceptance) {
            tracing::debug!(%source, ?verdict, "the verdict came too late");
        }
    }

    pub(super) fn on_gossip(&mut self, source: PeerId, id: MessageId, message: Message) {
        self.prove(source);
        let topic = [Topic::Transactions, Topic::Blocks]
            .into_iter()
            .find(|topic| self.names.topic(*topic) == message.topic);
        let Some(topic) = topic else {
            self.report(&id, source, Verdict::Ignore);
            return;
        };
        if message.data.len() > self.protocol.max_message_bytes {
            self.report(&id, source, Verdict::Reject);
            return;
        }
        let Some(bytes) = self.room_for(&message.data) else {
            tracing::debug!(%source, ?topic, "gossip dropped: busy");
            self.report(&id, source, Verdict::Ignore);
            return;
        };
        let event = Event::Gossip {
            token: MessageToken {
                id,
                source,
                _bytes: bytes,
            },
            from: crate::PeerId(source),
            topic,
            data: message.data,
        };
        self.emit(source, event);
    }

    /// Gossip may fill half of the events' channel, and a bounded number of bytes.
    fn room_for(&self, data: &[u8]) -> Option<OwnedSemaphorePermit> {
        if self.events.capacity() < self.events.max_capacity() / 2 {
            return None;
        }
        let cost = u32::try_from(data.len().max(MESSAGE_COST)).ok()?;
        Arc::clone(&self.gossip_bytes)
            .try_acquire_many_owned(cost)
            .ok()
    }

    pub(super) fn request(&mut self, peer: crate::PeerId, id: u64, data: Vec<u8>) {
        let refusal = self.refuse_request(peer.0, data.len());
        if let Some(error) = refusal {
            self.end_request(peer.0, id, Err(error));
            return;
        }
        let request = self.swarm.behaviour_mut().sync.send_request(&peer.0, data);
        let asked = Asked {
            peer: peer.0,
            id,
            nudge: Instant::now() + NUDGE,
        };
        self.requests.insert(request, asked);
        if let Some(session) = self.sessions.get_mut(&peer.0) {
            session.waiting += 1;
        }
    }

    /// Nudges the connections on which requests wait.
    pub(super) fn nudge(&mut self, now: Instant) {
        let due = self.requests.values_mut().filter(|it| it.nudge <= now);
        let peers: HashSet<PeerId> = due
            .map(|it| {
                it.nudge = now + NUDGE;
                it.peer
            })
            .collect();
        if !peers.is_empty() {
            self.swarm.behaviour_mut().gate.nudge(peers);
        }
    }

    fn refuse_request(&self, peer: PeerId, len: usize) -> Option<RequestError> {
        let Some(session) = self.sessions.get(&peer).filter(|_| self.is_announced(peer)) else {
            return Some(RequestError::NotConnected);
        };
        let too_many = |waiting, limit| RequestError::TooMany { waiting, limit };
        if len > MAX_REQUEST_BYTES {
            let limit = MAX_REQUEST_BYTES;
            Some(RequestError::TooLong { len, limit })
        } else if session.waiting >= REQUESTS_TO_PEER {
            Some(too_many(session.waiting, REQUESTS_TO_PEER))
        } else if self.requests.len() >= REQUESTS {
            Some(too_many(self.requests.len(), REQUESTS))
        } else {
            None
        }
    }

    fn end_request(&mut self, peer: PeerId, id: u64, result: Result<Vec<u8>, RequestError>) {
        self.outbox.push_back(Event::Response {
            id,
            from: crate::PeerId(peer),
            result,
        });
    }

    pub(super) fn respond(&mut self, token: RequestToken, data: Vec<u8>) {
        if data.len() > self.protocol.max_response_bytes {
            let (len, limit) = (data.len(), self.protocol.max_response_bytes);
            tracing::error!(len, limit, "response too long to send");
            return;
        }
        let bytes = data.len();
        let sync = &mut self.swarm.behaviour_mut().sync;
        if sync.send_response(token.channel, data).is_err() {
            tracing::debug!("the asker is gone");
            return;
        }
        self.unsent.add(token.id, token.asker, bytes);
    }

    pub(super) fn on_sync(&mut self, event: request_response::Event<Vec<u8>, Vec<u8>>) {
        match event {
            request_response::Event::Message {
                peer,
                connection_id,
                message:
                    SyncMessage::Request {
                        request_id,
                        request,
                        channel,
                    },
            } => {
                if self.is_current(peer, connection_id) {
                    self.on_request(peer, request_id, request, channel);
                }
            }
            request_response::Event::Message {
                message:
                    SyncMessage::Response {
                        request_id,
                        response,
                    },
                ..
            } => self.on_answer(request_id, Ok(response)),
            request_response::Event::OutboundFailure {
                request_id, error, ..
            } => {
                let error = match error {
                    OutboundFailure::Timeout => RequestError::Timeout(REQUEST_SECONDS),
                    OutboundFailure::ConnectionClosed => RequestError::Closed,
                    OutboundFailure::DialFailure => RequestError::NotConnected,
                    other => RequestError::Refused(other.to_string()),
                };
                self.on_answer(request_id, Err(error));
            }
            request_response::Event::InboundFailure {
                peer,
                request_id,
                error,
                ..
            } => {
                self.unsent.remove(request_id);
                if !matches!(error, InboundFailure::ResponseOmission) {
                    tracing::debug!(%peer, %error, "request not answered");
                }
            }
            request_response::Event::ResponseSent { request_id, .. } => {
                self.unsent.remove(request_id);
            }
        }
    }

    /// Dropping the channel tells the asker that this node is busy.
    fn on_request(
        &mut self,
        peer: PeerId,
        id: InboundRequestId,
        data: Vec<u8>,
        channel: ResponseChannel<Vec<u8>>,
    ) {
        self.prove(peer);
        let Some(session) = self.sessions.get(&peer) else {
            return;
        };
        let waiting = REQUESTS_OF_PEER.saturating_sub(session.slots.available_permits());
        let scarce = self.inbound_slots.available_permits() <= KEPT_FREE;
        if !self.unsent.allows(peer, waiting) || scarce && waiting > 0 {
            tracing::debug!(%peer, "request refused: too much of the peer's waits already");
            return;
        }
        let of_peer = Arc::clone(&session.slots).try_acquire_owned();
        let of_all = Arc::clone(&self.inbound_slots).try_acquire_owned();
        let (Ok(of_peer), Ok(of_all)) = (of_peer, of_all) else {
            tracing::debug!(%peer, "request refused: busy");
            return;
        };
        let event = Event::Request {
            token: RequestToken {
                id,
                asker: peer,
                channel,
                _slots: [of_peer, of_all],
            },
            from: crate::PeerId(peer),
            data,
        };
        self.emit(peer, event);
    }

    fn on_answer(
        &mut self,
        request: request_response::OutboundRequestId,
        result: Result<Vec<u8>, RequestError>,
    ) {
        let Some(Asked { peer, id, .. }) = self.requests.remove(&request) else {
            return;
        };
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.waiting = session.waiting.saturating_sub(1);
        }
        self.end_request(peer, id, result);
    }
}
