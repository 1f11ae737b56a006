#![doc = include_str!("../README.md")]

mod caller;
mod handshake;
mod hello;
mod homes;
mod label;
mod labels;
mod meter;
mod nodes;
mod own;
mod pass;
mod server;
mod token;
mod tunnel;

pub use label::{Label, LabelError};
pub use labels::{GivenLabel, Labels, LabelsError, MOST_LABELS, Used};
pub use nodes::TunnelNodes;
pub use server::{RelayLimits, Settings, serve};
pub use token::{Place, PlaceError, Token, TokenError};
pub use tunnel::{Tunnel, TunnelConnections, TunnelSettings, TunnelState, TunnelStream};
