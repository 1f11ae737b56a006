use std::net::SocketAddr;

use thiserror::Error;

/// Why a port did not open, or a network on it did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on UDP {address}: {reason}")]
    Listen {
        /// The address wanted.
        address: SocketAddr,
        /// The reason that the system gave.
        reason: String,
    },
    /// The pool has a network on this port already.
    #[error("the pool is on this port already")]
    Twice,
    /// A setting is out of range.
    #[error("bad network setting: {0}")]
    Setting(String),
}
