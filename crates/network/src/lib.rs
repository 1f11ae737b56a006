#![doc = include_str!("../README.md")]

mod config;
mod event;
mod handle;
mod peer;
mod start;

pub use config::{Config, MAX_REQUEST_BYTES};
pub use event::{Event, MessageToken, RequestError, RequestToken, Topic, Verdict};
pub use handle::{CommandError, NetworkHandle};
pub use peer::{ParsePeerIdError, PeerId, PeerInfo};
pub use start::{Network, StartError};
