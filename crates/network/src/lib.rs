#![doc = include_str!("../README.md")]

mod address;
mod allowance;
mod behaviour;
mod codec;
mod config;
mod event;
mod gate;
mod gossip;
mod handle;
mod names;
mod offences;
mod peer;
mod pulse;
mod remembered;
mod single;
mod start;
mod task;

pub use config::{Config, MAX_REQUEST_BYTES, Protocol};
pub use event::{Event, MessageToken, RequestError, RequestToken, Topic, Verdict};
pub use handle::{CommandError, NetworkHandle};
pub use peer::{PeerId, PeerInfo};
pub use start::{Network, StartError};
