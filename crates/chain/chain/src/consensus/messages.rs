//! Messages of validators: in requests, straight to each peer, several in one.
//!
//! - What this node signs goes to all peers at once. Each has a queue; a request is answered as soon as it is here, so that a
//!   slow peer slows nobody else, and what it does not take in time is lost: votes are repeated, and what was decided is
//!   told by whoever knows it.
//! - What others signed is passed on a moment later, to those whom it may not have reached ([`crate::sync`]). By
//!   then the height is mostly decided where all are connected, and the decision with its certificate is sent in place of
//!   the votes.
//! - A message of a height above ours: its sender knows blocks that we lack, and is asked where it stands.

use bolao_finality::{Input, Message};

use crate::{
    consensus::Voting,
    core::Parts,
    error::CoreError,
    io::{Output, PeerId},
    wire::Response,
};

impl Voting {
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

    /// Sends a decision in place of the votes that led to it.
    pub(super) fn relay_decision(&mut self, parts: &mut Parts, message: &Message) {
        parts.sync.clear_relays();
        self.relay_vote(parts, &message.encode());
    }
}
