//! The pools of a port, and the queues in which their connections wait for them.

use std::collections::HashMap;
use std::sync::Mutex;

use libp2p::core::muxing::StreamMuxerBox;
use libp2p::{Multiaddr, PeerId, quic};
use tokio::sync::mpsc::{self, error::TrySendError};

use super::hello::{Answer, Hello, hello};
use super::lock;

/// The most connections that may wait for a pool's swarm.
pub(super) const QUEUE: usize = 16;

/// A connection of a peer that has said its hello.
pub(super) struct Greeted {
    pub(super) peer: PeerId,
    pub(super) connection: StreamMuxerBox,
    pub(super) here: Multiaddr,
    pub(super) there: Multiaddr,
}

pub(super) struct Pools {
    local: PeerId,
    queues: Mutex<HashMap<[u8; 32], mpsc::Sender<Greeted>>>,
}

impl Pools {
    pub(super) fn new(local: PeerId) -> Self {
        Self {
            local,
            queues: Mutex::default(),
        }
    }

    pub(super) fn local(&self) -> PeerId {
        self.local
    }

    /// The queue of a pool that is new here; none where it is here already.
    pub(super) fn add(&self, pool: [u8; 32]) -> Option<mpsc::Receiver<Greeted>> {
        let mut queues = lock(&self.queues);
        if queues.contains_key(&pool) {
            return None;
        }
        let (queue, arrivals) = mpsc::channel(QUEUE);
        queues.insert(pool, queue);
        Some(arrivals)
    }

    pub(super) fn remove(&self, pool: &[u8; 32]) {
        lock(&self.queues).remove(pool);
    }

    /// Hands a connection to the pool that its hello names; gives it back where that does not take it.
    pub(super) fn hand_over(
        &self,
        said: &Hello,
        peer: PeerId,
        connection: quic::Connection,
        (here, there): (Multiaddr, Multiaddr),
    ) -> Result<(), (Answer, StreamMuxerBox)> {
        let connection = StreamMuxerBox::new(connection);
        let queues = lock(&self.queues);
        let of = |pool: &[u8; 32]| hello(&peer, &self.local, pool);
        let Some((_, queue)) = queues.iter().find(|(pool, _)| of(pool) == *said) else {
            return Err((Answer::OtherPool, connection));
        };
        let arrival = Greeted {
            peer,
            connection,
            here,
            there,
        };
        queue.try_send(arrival).map_err(|error| match error {
            TrySendError::Full(arrival) => (Answer::Busy, arrival.connection),
            TrySendError::Closed(arrival) => (Answer::OtherPool, arrival.connection),
        })
    }
}
