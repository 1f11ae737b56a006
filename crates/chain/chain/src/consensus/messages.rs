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

use bolao_finality::Message;
use bolao_ledger::Height;

use crate::{chain::Chain, consensus::Voting, context::Context, io::PeerId, sync::Syncing};

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
    /// A peer that is told of the pool connected. Whether it is to be told of the vote now.
    pub(crate) fn connects(&mut self, cx: &Context, peer: &PeerId) -> bool {
        self.votes.connected.connects(peer, cx.now.mono_ms)
    }

    /// Those who connected again too soon, and are to be told now.
    pub(crate) fn take_due(&mut self, cx: &Context) -> Vec<PeerId> {
        self.votes.connected.take_due(cx.now.mono_ms)
    }

    /// Notes whose words are handled from now on.
    pub(crate) fn listens_to(&mut self, peer: Option<PeerId>) {
        self.votes.from = peer;
    }

    /// The number of the others' messages that said something new.
    pub(crate) fn news(&self) -> u64 {
        self.votes.news
    }

    /// Takes a message of the peer that is listened to, and its bytes. A testimony ends here; all else is given back for the validator, with the
    /// number of the vote that was next when it came.
    pub(crate) fn hear(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        message: Message,
        bytes: &[u8],
    ) -> Option<(Message, Height)> {
        self.look_in_touch(cx, chain, sync);
        if let Some(signed) = message.testimony() {
            let tells = [
                self.hear_clock(cx, chain, &signed),
                self.hear_testimony(cx, chain, &signed),
            ];
            if tells.contains(&true) {
                self.votes.relay(cx, sync, bytes);
            }
            return None;
        }
        self.listen(cx, &message);
        Some((message, self.vote_number(chain)))
    }

    /// A peer's message is of a height above `next`, which the vote then had: it knows what we lack.
    pub(crate) fn is_behind(
        &mut self,
        cx: &Context,
        sync: &mut Syncing,
        peer: &PeerId,
        (height, next): (Height, Height),
    ) {
        if cx.kind.is_certified() {
            sync.ask_status_soon(cx, peer, height > next.next());
        } else {
            self.seek_checkpoints_now();
        }
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
