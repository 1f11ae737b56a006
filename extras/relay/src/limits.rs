//! What a relay may be made to spend.

use std::time::Duration;

/// The limits on what a relay may be made to spend.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RelayLimits {
    /// Connections at once, without the tunnels.
    pub connections: usize,
    /// Connections at once from one IPv4 address or IPv6 /64 network, or from this machine.
    pub connections_per_address: usize,
    /// Streams at once to one label's home.
    pub streams: usize,
    /// The time in which a connection must say whom it asks for.
    pub hello: Duration,
    /// The bytes in which it must.
    pub hello_bytes: usize,
    /// The time after which a connection is closed on which nothing comes.
    pub idle: Duration,
    /// Nodes at once that reach one label's, of all its streams.
    pub nodes: usize,
    /// Of these, from one IPv4 address or IPv6 /64 network, or from this machine.
    pub nodes_per_address: usize,
    /// The time after which a node is forgotten that sends nothing.
    pub node_idle: Duration,
    /// The bytes a second of one label, both ways together.
    pub bytes_per_second: u32,
    /// The bytes a month of one label, both ways together.
    pub bytes_per_month: u64,
    /// The bytes a second of a label whose month is used up.
    pub bytes_per_second_used_up: u32,
    /// The bytes that one IPv4 address or IPv6 /64 network has of a label at once, and a second once it has taken those: so much that
    /// nobody who plays sees it, and so little that nobody alone uses up a month.
    pub caller_bytes: u32,
    /// See [`Self::caller_bytes`].
    pub caller_bytes_per_second: u32,
}

impl Default for RelayLimits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_address: 32,
            streams: 256,
            hello: Duration::from_secs(5),
            hello_bytes: 16 * 1024,
            idle: Duration::from_mins(5),
            nodes: 64,
            nodes_per_address: 16,
            node_idle: Duration::from_secs(15),
            bytes_per_second: 2_000_000,
            bytes_per_month: 20_000_000_000,
            bytes_per_second_used_up: 8_000,
            caller_bytes: 100_000_000,
            caller_bytes_per_second: 2_000,
        }
    }
}
