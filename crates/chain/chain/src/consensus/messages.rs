//! Messages of validators: in requests, straight to each peer, several in one.
//!
//! - What this node signs goes to all peers at once. Each has a queue; a request is answered as soon as it is here, so that a
//!   slow peer slows nobody else. What it does not answer in time is kept until it does or the vote is over.
//! - Who connects is told what was said of the vote so far, by this node and by others, once a second at most.
//! - What others signed is passed on a moment later, to those whom it may not have reached ([`crate::sync`]). By
//!   then the height is mostly decided where all are connected, and the decision with its certificate is sent in place of
//!   the votes.
//! - A message of a height above ours: its sender knows blocks that we lack, and is asked where it stands.

use std::collections::BTreeMap;

use bolao_finality::{Input, Message};

use crate::{
    consensus::Voting,
    core::Parts,
    error::CoreError,
    io::{Output, PeerId},
    wire::Response,
};

/// A peer that connects is told what was said no more often than this, in milliseconds.
const TELL_MS: u64 = 1_000;
/// The most peers of which it is known when they were told.
const MAX_TOLD_PEERS: usize = 256;

/// When peers that connected were told what was said of the vote, in milliseconds, and whether they are to be told again.
#[derive(Debug, Default)]
pub(super) struct Connected(BTreeMap<PeerId, (u64, bool)>);

impl Connected {
    /// A peer connects; whether it is to be told now. If not, it is told in a while.
    fn connects(&mut self, peer: &PeerId, now_ms: u64) -> bool {
        if let Some((told_ms, waits)) = self.0.get_mut(peer) {
            *waits = now_ms < told_ms.saturating_add(TELL_MS);
            if !*waits {
                *told_ms = now_ms;
            }
            return !*waits;
        }
        if self.0.len() >= MAX_TOLD_PEERS {
            let oldest = self.0.iter().min_by_key(|(_, (told_ms, _))| *told_ms);
            let oldest = oldest.map(|(peer, _)| peer.clone());
            oldest.and_then(|peer| self.0.remove(&peer));
        }
        self.0.insert(peer.clone(), (now_ms, false));
        true
    }

    /// Those whose turn it is to be told.
    fn take_due(&mut self, now_ms: u64) -> Vec<PeerId> {
        let due = self
            .0
            .iter_mut()
            .filter(|(_, (told_ms, waits))| *waits && told_ms.saturating_add(TELL_MS) <= now_ms);
        due.map(|(peer, told)| {
            *told = (now_ms, false);
            peer.clone()
        })
        .collect()
    }

    /// When the next is to be told.
    pub(super) fn next_ms(&self) -> Option<u64> {
        let waiting = self.0.values().filter(|(_, waits)| *waits);
        waiting
            .map(|(told_ms, _)| told_ms.saturating_add(TELL_MS))
            .min()
    }
}

impl Voting {
    /// A peer that is told of the pool connected.
    pub(crate) fn on_connected(
        &mut self,
        parts: &mut Parts,
        peer: PeerId,
    ) -> Result<(), CoreError> {
        if self.connected.connects(&peer, parts.cx.now.mono_ms) {
            return self.tell_connected(parts, peer);
        }
        Ok(())
    }

    /// Tells those who connected again too soon.
    pub(super) fn tell_late(&mut self, parts: &mut Parts) -> Result<(), CoreError> {
        for peer in self.connected.take_due(parts.cx.now.mono_ms) {
            self.tell_connected(parts, peer)?;
        }
        Ok(())
    }

    fn tell_connected(&mut self, parts: &mut Parts, peer: PeerId) -> Result<(), CoreError> {
        self.from = Some(peer);
        let told = self.vote(parts, Input::Connected { token: 0 });
        self.from = None;
        told
    }

    /// Takes messages that a peer sent.
    pub(crate) fn on_votes(
        &mut self,
        parts: &mut Parts,
        peer: &PeerId,
        token: u64,
        votes: Vec<Vec<u8>>,
    ) -> Result<(), CoreError> {
        let before = self.news;
        let mut is_news = false;
        for bytes in votes {
            let message = match Message::decode(&bytes) {
                Ok(message) => message,
                Err(error) => {
                    parts.blame(peer, error.into());
                    break;
                }
            };
            let height = message.height();
            self.from = Some(peer.clone());
            if let Some(signed) = message.testimony() {
                self.look_in_touch(parts);
                let tells = [
                    self.hear_clock(parts, &signed),
                    self.hear_testimony(parts, &signed),
                ];
                if tells.contains(&true) {
                    self.relay_vote(parts, &bytes);
                }
                continue;
            }
            self.look_in_touch(parts);
            self.listen(parts, &message);
            let next = self.vote_number(parts);
            is_news |= height > next;
            self.vote(parts, Input::Message { token: 0, message })?;
            if height > next && !parts.cx.kind.is_certified() {
                self.seek_checkpoints_now();
            } else if height > next {
                parts
                    .sync
                    .ask_status_soon(&parts.cx, peer, height > next.next());
            }
        }
        self.from = None;
        is_news |= self.news > before;
        let response = if is_news {
            Response::Ack
        } else {
            Response::Known
        };
        parts.cx.out.push_last(Output::Respond { token, response });
        Ok(())
    }

    pub(super) fn relay_vote(&mut self, parts: &mut Parts, bytes: &[u8]) {
        self.news = self.news.saturating_add(1);
        let from = self.from.as_ref();
        parts.sync.relay_vote(&parts.cx, from, bytes);
    }

    /// Sends a decision in place of the votes that led to it: also to the peer with whose vote it was made, which may lack the others'.
    pub(super) fn relay_decision(&mut self, parts: &mut Parts, message: &Message) {
        parts.sync.clear_relays();
        let from = self.from.take();
        self.relay_vote(parts, &message.encode());
        self.from = from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(number: usize) -> PeerId {
        PeerId::from(number.to_string().as_str())
    }

    #[test]
    fn who_connects_again_and_again_is_told_once_a_second() {
        let mut connected = Connected::default();
        assert!(connected.connects(&peer(1), 10));
        assert_eq!(connected.next_ms(), None);
        for now in 11..500 {
            assert!(!connected.connects(&peer(1), now));
            assert!(connected.take_due(now).is_empty());
        }
        assert_eq!(connected.next_ms(), Some(10 + TELL_MS));
        assert_eq!(connected.take_due(10 + TELL_MS), [peer(1)]);
        assert_eq!(connected.next_ms(), None);
        assert!(connected.connects(&peer(1), 10 + 2 * TELL_MS));
    }

    #[test]
    fn so_many_peers_are_remembered() {
        let mut connected = Connected::default();
        for number in 0..2 * MAX_TOLD_PEERS {
            assert!(connected.connects(&peer(number), number as u64));
        }
        assert_eq!(connected.0.len(), MAX_TOLD_PEERS);
        assert!(connected.0.contains_key(&peer(2 * MAX_TOLD_PEERS - 1)));
    }
}
