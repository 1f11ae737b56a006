use std::net::SocketAddr;

use libp2p::gossipsub::MessageId;
use libp2p::request_response::{InboundRequestId, ResponseChannel};
use thiserror::Error;
use tokio::sync::OwnedSemaphorePermit;

use crate::PeerId;

/// The subject of a gossip message; each topic is flooded by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Transactions waiting for a block.
    Transactions,
    /// Blocks that are new.
    Blocks,
}

/// The result of validating a gossip message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Valid: forward it.
    Accept,
    /// Provably invalid: do not forward it, and count it against the peer.
    Reject,
    /// Neither known nor wanted now (while syncing, for example): do not forward it.
    Ignore,
}

/// Names a gossip message until its [`Verdict`].
///
/// It holds a share of the memory that waiting gossip may use: drop it, or give it back with
/// [`NetworkHandle::verdict`](crate::NetworkHandle::verdict), soon. A message without a verdict is
/// forgotten after a few seconds.
#[derive(Debug)]
#[must_use = "a message without a verdict is never forwarded"]
pub struct MessageToken {
    pub(crate) id: MessageId,
    pub(crate) source: libp2p::PeerId,
    pub(crate) _bytes: OwnedSemaphorePermit,
}

/// The right to answer one request, once. If it is dropped, the asker learns that no answer comes.
#[derive(Debug)]
#[must_use = "the asker waits for a response"]
pub struct RequestToken {
    pub(crate) id: InboundRequestId,
    pub(crate) asker: libp2p::PeerId,
    pub(crate) channel: ResponseChannel<Vec<u8>>,
    pub(crate) _slots: [OwnedSemaphorePermit; 2],
}

/// An event of the network, for the layers above.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A peer of this pool is connected; comes once until [`Event::Disconnected`].
    ///
    /// A peer that restarts is first `Disconnected`, then `Connected` again.
    Connected {
        /// The peer that is connected.
        peer: PeerId,
        /// The UDP address at the other end.
        address: SocketAddr,
        /// Whether this node dialled.
        outbound: bool,
    },
    /// A peer that was `Connected` is gone.
    Disconnected {
        /// The peer that is gone.
        peer: PeerId,
    },
    /// A dial led to no peer of this pool.
    DialFailed {
        /// The address that was dialled.
        address: SocketAddr,
        /// Why, for people.
        reason: String,
    },
    /// A message to be validated; every one needs a [`Verdict`].
    Gossip {
        /// To be given back with the verdict.
        token: MessageToken,
        /// The peer that passed it on, not the one who wrote it.
        from: PeerId,
        /// The topic that it is about.
        topic: Topic,
        /// The message's own bytes.
        data: Vec<u8>,
    },
    /// A peer asks.
    Request {
        /// To be given back with the response.
        token: RequestToken,
        /// The peer that asks.
        from: PeerId,
        /// The request, at most [`MAX_REQUEST_BYTES`](crate::MAX_REQUEST_BYTES).
        data: Vec<u8>,
    },
    /// A request of this node has ended.
    Response {
        /// The number given to [`NetworkHandle::request`](crate::NetworkHandle::request).
        id: u64,
        /// The peer that was asked.
        from: PeerId,
        /// The response, or why there is none.
        result: Result<Vec<u8>, RequestError>,
    },
}

/// Why a request has no response.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// No such peer is connected.
    #[error("the peer is not connected")]
    NotConnected,
    /// No answer within the time limit.
    #[error("no response within {0} seconds")]
    Timeout(u64),
    /// The connection ended before the answer.
    #[error("the connection closed before the response")]
    Closed,
    /// The peer answers no more requests now, or refused this one.
    #[error("the peer refused: {0}")]
    Refused(String),
    /// Too many requests wait for answers.
    #[error("{waiting} requests wait already, at most {limit} may")]
    TooMany {
        /// The number of requests that wait.
        waiting: usize,
        /// The most requests that may wait.
        limit: usize,
    },
    /// The request is too long.
    #[error("the request has {len} bytes, at most {limit} are allowed")]
    TooLong {
        /// Its length in bytes.
        len: usize,
        /// The limit in bytes.
        limit: usize,
    },
}
