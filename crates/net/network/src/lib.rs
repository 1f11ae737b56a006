#![doc = include_str!("../README.md")]

mod address;
mod ban_list;
mod behaviour;
mod codec;
mod config;
mod connection_limits;
mod event;
mod gossip;
mod gossip_limit;
mod handle;
mod listeners;
mod liveness;
mod names;
mod peer;
mod remembered;
mod single_connection;
mod start;
mod task;
mod tunnelled;

pub use config::{Config, MAX_REQUEST_BYTES, Protocol};
pub use event::{Event, MessageToken, RequestError, RequestToken, Topic, Verdict};
pub use handle::{CommandError, NetworkHandle};
pub use peer::{PeerId, PeerInfo};
pub use start::{Network, StartError};
pub use tunnelled::Introduced;
