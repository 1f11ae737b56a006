use std::net::SocketAddr;

use thiserror::Error;
use tokio::sync::mpsc;

use crate::{Config, Event, NetworkHandle};

/// Why the network did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on UDP {address}: {reason}")]
    Listen {
        /// The address wanted.
        address: SocketAddr,
        /// What the system said.
        reason: String,
    },
    /// A setting is out of range.
    #[error("bad network setting: {0}")]
    Setting(String),
}

/// The transport. It lives in a task of its own; [`NetworkHandle`] commands it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Network;

impl Network {
    /// Listens, and starts the network's task on the current tokio runtime.
    ///
    /// The receiver must be read: when it is full, gossip is dropped first, then everything waits.
    pub async fn start(
        config: Config,
    ) -> Result<(NetworkHandle, mpsc::Receiver<Event>), StartError> {
        let _ = config;
        Err(StartError::Setting("not yet".to_owned()))
    }
}
