//! Messages of validators: in requests, straight to each peer, several in one.
//!
//! - What this node signs goes to all peers at once. Each has a queue; a request is answered as soon as it is here, so that a
//!   slow peer slows nobody else, and what it does not take in time is lost: votes are repeated, and what was decided is
//!   told by whoever knows it.
//! - What others signed is passed on a moment later, to those whom it may not have reached ([`Relays`](super::Relays)). By
//!   then the height is mostly decided where all are connected, and the decision with its certificate is sent in place of
//!   the votes.
//! - A message of a height above ours: its sender knows blocks that we lack, and is asked where it stands.

use std::sync::Arc;

use bolao_finality::{Input, Message};

use crate::{
    core::Core,
    error::CoreError,
    io::{Output, PeerId},
    sync::{GRACE_MS, Purpose},
    wire::{MAX_VOTES, Request, Response},
};

/// The most requests with votes that one peer has not answered.
const VOTES_PER_PEER: usize = 3;

impl Core {
    /// Takes messages that a peer sent.
    pub(crate) fn on_votes(
        &mut self,
        peer: &PeerId,
        token: u64,
        votes: Vec<Vec<u8>>,
    ) -> Result<(), CoreError> {
        let Some(before) = self.voter.as_ref().map(|voter| voter.news) else {
            let response = Response::Refused;
            self.out.push(Output::Respond { token, response });
            return Ok(());
        };
        let mut is_news = false;
        for bytes in votes {
            let message = match Message::decode(&bytes) {
                Ok(message) => message,
                Err(error) => {
                    self.blame(peer, error.into());
                    break;
                }
            };
            let Some(voter) = &mut self.voter else { break };
            let height = message.height();
            voter.from = Some(peer.clone());
            if let Some(signed) = message.testimony() {
                self.look_in_touch();
                let tells = [self.hear_clock(&signed), self.hear_testimony(&signed)];
                if tells.contains(&true) {
                    self.relay_vote(&bytes);
                }
                continue;
            }
            self.look_in_touch();
            self.listen(&message);
            let next = self.vote_number();
            is_news |= height > next;
            self.vote(Input::Message { token: 0, message })?;
            if height > next && !self.is_certified() {
                self.seek_checkpoints_now();
            } else if height > next {
                self.ask_status_soon(peer, height > next.next());
            }
        }
        if let Some(voter) = &mut self.voter {
            voter.from = None;
            is_news |= voter.news > before;
        }
        let response = if is_news {
            Response::Ack
        } else {
            Response::Known
        };
        self.promises_nothing
            .push(Output::Respond { token, response });
        Ok(())
    }

    /// A peer has blocks that we lack. The next one is most likely on its way.
    fn ask_status_soon(&mut self, peer: &PeerId, at_once: bool) {
        if at_once {
            return self.ask_status(peer, true);
        }
        let soon = self.now.mono_ms.saturating_add(GRACE_MS);
        if let Some(known) = self.peers.get_mut(peer) {
            known.next_status_ms = known.next_status_ms.min(soon);
        }
    }

    pub(super) fn send_vote(&mut self, bytes: &[u8]) {
        for peer in self.peers.values_mut() {
            peer.outbox.put_vote(bytes.to_vec());
        }
    }

    pub(super) fn reply_vote(&mut self, bytes: Vec<u8>) {
        let from = self.voter.as_ref().and_then(|voter| voter.from.as_ref());
        if let Some(peer) = from.and_then(|peer| self.peers.get_mut(peer)) {
            peer.outbox.put_vote(bytes);
        }
    }

    pub(super) fn relay_vote(&mut self, bytes: &[u8]) {
        let Some(voter) = &mut self.voter else {
            return;
        };
        voter.news = voter.news.saturating_add(1);
        let (now, message) = (self.now.mono_ms, Arc::<[u8]>::from(bytes));
        for (id, peer) in &mut self.peers {
            if voter.from.as_ref() != Some(id) {
                peer.outbox.relays.put(now, message.clone());
            }
        }
    }

    /// Sends a decision in place of the votes that led to it.
    pub(super) fn relay_decision(&mut self, message: &Message) {
        for peer in self.peers.values_mut() {
            peer.outbox.relays.clear();
        }
        self.relay_vote(&message.encode());
    }

    /// Puts what is due into the peers' queues, and sends what may be sent.
    pub(crate) fn flush_votes(&mut self) {
        if self.voter.is_none() {
            return;
        }
        let now = self.now.mono_ms;
        let room = self.config.max_request_bytes.saturating_sub(16);
        let waiting = self.peers.iter().filter(|(_, peer)| {
            let relay = peer.outbox.relays.next_ms();
            peer.outbox.has_votes() || relay.is_some_and(|due| due <= now)
        });
        for peer in waiting.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            let is_votes = |purpose: &Purpose| matches!(purpose, Purpose::Votes { .. });
            while self.may_request(&peer)
                && self.asked_of(&peer, is_votes) < VOTES_PER_PEER
                && let Some(known) = self.peers.get_mut(&peer)
            {
                let mut votes = known.outbox.take_votes(MAX_VOTES, room);
                let relayed = votes.is_empty();
                if relayed {
                    votes = known.outbox.relays.take(now, MAX_VOTES, room);
                }
                if votes.is_empty() {
                    break;
                }
                let purpose = Purpose::Votes {
                    votes: votes.clone(),
                    relayed,
                };
                self.request(&peer, purpose, Request::Votes(votes));
            }
        }
    }
}
