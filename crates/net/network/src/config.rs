use std::fmt;

/// The longest request that a node sends or reads, in bytes.
///
/// Requests name things (hashes, heights); only responses carry blocks.
pub const MAX_REQUEST_BYTES: usize = 64 * 1024;

/// The protocol of one pool's nodes: the pool's id and the limits of messages.
#[derive(Debug, Clone, Copy)]
pub struct Protocol {
    /// The pool id; protocol and topic names carry it, so that pools never mix.
    pub pool: [u8; 32],
    /// Longest gossip message (transaction or block), in bytes.
    pub max_message_bytes: usize,
    /// Longest response to a request, in bytes. Requests are bounded by [`MAX_REQUEST_BYTES`].
    pub max_response_bytes: usize,
}

/// The settings of one pool's network.
#[derive(Clone)]
pub struct Config {
    /// The protocol that it speaks with its peers.
    pub protocol: Protocol,
    /// Most peers connected at once.
    pub max_peers: usize,
    /// The number of these places that are kept for peers that this node dials, so that others who dial it cannot choose all of
    /// its peers.
    pub reserved_outbound: usize,
    /// Most peers connected at once from one IPv4 address or IPv6 /64; loopback is exempt.
    pub max_peers_per_ip: usize,
    /// Whether gossip goes only to peers that were admitted ([`NetworkHandle::admit`](crate::NetworkHandle::admit)).
    pub guarded: bool,
    /// The name that this node gives itself, for example `bolao/0.1.0`.
    pub agent: String,
}

impl Config {
    /// A configuration with the default limits: 64 peers, of which 16 are dialled by this node, and 16 at most are from
    /// one address. Gossip goes to everybody.
    pub fn new(protocol: Protocol) -> Self {
        Self {
            protocol,
            max_peers: 64,
            reserved_outbound: 16,
            max_peers_per_ip: 16,
            guarded: false,
            agent: concat!("bolao/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Names the pool in hex.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("pool", &hex::encode(self.protocol.pool))
            .field("agent", &self.agent)
            .finish_non_exhaustive()
    }
}
