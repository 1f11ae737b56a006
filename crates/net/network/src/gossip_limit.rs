//! How much gossip is taken in, before gossipsub remembers any of it.
//!
//! gossipsub 0.50 keeps the id of each message for a minute and what a peer did with it for two, some 700 bytes, and a whole
//! message on a topic that is not ours for five seconds, however many there are. So each message is counted first:
//! - one on a topic that is not ours is dropped;
//! - beyond what one peer may send ([`of_peer`]), and beyond [`of_all`], since peers are many and come under new names, a message
//!   is dropped as if it were known. Nobody is punished for it: an honest node sends on what others have written.
//!
//! What is dropped comes otherwise: transactions and blocks are pushed, too, and peers compare what they have.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bolao_limits::{Bucket, Budget};
use libp2p::PeerId;
use libp2p::gossipsub::{DataTransform, Message, RawMessage, TopicHash};

const SECOND: Duration = Duration::from_secs(1);

/// Peers that have sent something lately.
const PEERS: usize = 4096;

/// Messages of one peer.
fn of_peer() -> Bucket {
    Bucket::new(100, SECOND, 2_000)
}

/// Messages of all peers together.
fn of_all() -> Bucket {
    Bucket::new(500, SECOND, 20_000)
}

/// Counts messages as gossipsub reads them, each on the account of whom [`GossipLimit::hear`] named last.
#[derive(Debug, Clone)]
pub(crate) struct GossipLimit {
    topics: [TopicHash; 2],
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    begun: Instant,
    speaker: Mutex<Option<PeerId>>,
    peers: Budget<PeerId>,
    all: Mutex<Bucket>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl GossipLimit {
    pub(crate) fn new(topics: [TopicHash; 2]) -> Self {
        Self {
            topics,
            shared: Arc::new(Shared {
                begun: Instant::now(),
                speaker: Mutex::default(),
                peers: Budget::new(of_peer(), PEERS),
                all: Mutex::new(of_all()),
            }),
        }
    }

    /// Notes that what is read next is of this peer.
    pub(crate) fn hear(&self, peer: PeerId) {
        *lock(&self.shared.speaker) = Some(peer);
    }

    fn read(&self, message: RawMessage, now: Duration) -> io::Result<Message> {
        let Shared {
            speaker,
            peers,
            all,
            ..
        } = &*self.shared;
        let within = lock(speaker).is_none_or(|peer| peers.take(peer, now));
        if !self.topics.contains(&message.topic) {
            return Err(io::Error::other("not a topic of ours"));
        }
        let mut all = lock(all);
        if !within || all.ready_at() > now {
            return Ok(nothing());
        }
        all.take(1, now);
        Ok(Message {
            source: message.source,
            data: message.data,
            sequence_number: message.sequence_number,
            topic: message.topic,
        })
    }
}

/// Always the same, on no topic of ours: known from the second time on, and told to nobody.
fn nothing() -> Message {
    Message {
        source: None,
        data: Vec::new(),
        sequence_number: None,
        topic: TopicHash::from_raw(""),
    }
}

impl DataTransform for GossipLimit {
    fn inbound_transform(&self, message: RawMessage) -> io::Result<Message> {
        self.read(message, self.shared.begun.elapsed())
    }

    fn outbound_transform(&self, _: &TopicHash, data: Vec<u8>) -> io::Result<Vec<u8>> {
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn allowance() -> GossipLimit {
        GossipLimit::new(["ours", "too"].map(TopicHash::from_raw))
    }

    fn on(topic: &str) -> RawMessage {
        RawMessage {
            source: None,
            data: b"text".to_vec(),
            sequence_number: None,
            topic: TopicHash::from_raw(topic),
            signature: None,
            key: None,
            validated: false,
        }
    }

    #[test]
    fn ours_alone_is_read() {
        let allowance = allowance();
        let read = allowance.read(on("ours"), SECOND).unwrap();
        assert_eq!(
            (read.data, read.topic),
            (b"text".to_vec(), on("ours").topic)
        );
        allowance.read(on("weather"), SECOND).unwrap_err();
    }

    #[test]
    fn what_one_peer_sends_too_much_is_dropped_and_the_others_are_heard() {
        let allowance = allowance();
        let [bad, good] = [PeerId::random(), PeerId::random()];
        allowance.hear(bad);
        for _ in 0..2_000 {
            allowance.read(on("ours"), SECOND).unwrap();
        }
        assert_eq!(allowance.read(on("ours"), SECOND).unwrap(), nothing());
        allowance.hear(good);
        assert_eq!(allowance.read(on("ours"), SECOND).unwrap().data, b"text");
        allowance.hear(bad);
        assert_eq!(
            allowance.read(on("ours"), SECOND * 2).unwrap().data,
            b"text"
        );
    }

    #[test]
    fn beyond_what_all_may_send_it_is_as_if_known() {
        let allowance = allowance();
        for number in 0..20_000 {
            if number % 2_000 == 0 {
                allowance.hear(PeerId::random());
            }
            assert_eq!(allowance.read(on("ours"), SECOND).unwrap().data, b"text");
        }
        allowance.hear(PeerId::random());
        assert_eq!(allowance.read(on("ours"), SECOND).unwrap(), nothing());
        let data = allowance.read(on("ours"), SECOND * 2).unwrap().data;
        assert_eq!(data, b"text");
    }
}
