use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use tokio::time::Instant;

/// The id of a node: the hash of its public key. Shown in base 58.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub(crate) libp2p::PeerId);

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PeerId {
    type Err = libp2p::identity::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A connected peer, as shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerInfo {
    /// The peer's own id.
    pub peer: PeerId,
    /// The UDP address at the other end; a peer that listens dials from its listening port.
    pub address: SocketAddr,
    /// Other addresses at which it says that it listens, at most four and unchecked.
    pub others: Vec<SocketAddr>,
    /// Whether this node dialled.
    pub outbound: bool,
    /// When the connection was announced.
    pub since: Instant,
    /// The name that the peer gives itself: printable, at most 64 characters, otherwise unchecked.
    pub agent: String,
}
