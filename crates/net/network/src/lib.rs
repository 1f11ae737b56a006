#![doc = include_str!("../README.md")]

mod address;
mod ban_list;
mod behaviour;
mod codec;
mod config;
mod connection_limits;
mod error;
mod event;
mod gossip;
mod gossip_limit;
mod handle;
mod liveness;
mod names;
mod peer;
mod port;
mod remembered;
mod single_connection;
mod start;
mod task;

pub use config::{Config, MAX_REQUEST_BYTES, Protocol};
pub use error::StartError;
pub use event::{Event, MessageToken, RequestError, RequestToken, Topic, Verdict};
pub use handle::{CommandError, NetworkHandle};
pub use peer::{PeerId, PeerInfo};
pub use port::{Introduced, Port};
pub use start::Network;
