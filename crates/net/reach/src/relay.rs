//! A home that a relay makes reachable: its token, its end of the tunnel, and what both ends agree on. The relay itself is a tool
//! beside the program.
//!
//! - [`Tunnel`] asks `GET /tunnel` with the token and a proof by the home's key for this one connection of TLS; the token belongs
//!   to the first key that uses it. Then the relay opens a stream of yamux for each caller. [`TunnelConnections`] gives them to
//!   [`bolao_discovery::serve()`], below TLS. When the tunnel breaks it is dialled again, after 1 s and up to 30 s.
//! - [`TunnelNodes`]: other nodes that reach the home's. Each label has a UDP port at the relay; what a node sends there goes
//!   through the tunnel, each datagram behind its length, and back. A stream begins with the first packet of a QUIC connection,
//!   and nodes encrypt from one to the other. A full tunnel loses datagrams, as any network does.

use tokio_util::compat::Compat;

pub mod caller;
pub mod handshake;
mod label;
mod nodes;
mod token;
mod tunnel;

pub use label::{Label, LabelError};
pub use nodes::{MOST_DATAGRAM, TunnelNodes, datagrams};
pub use token::{Place, PlaceError, Secret, Token, TokenError};
pub use tunnel::{Tunnel, TunnelConnections, TunnelSettings, TunnelState};

/// The bytes of a connection through a tunnel.
pub type TunnelStream = Compat<yamux::Stream>;

/// The streams that one tunnel counts at most. Those that were dropped count until a frame says so, so that it is far more
/// than there may be of them.
const STREAMS: usize = 1024;
/// The agreement of a tunnel's two ends: each stream's window stays as it is at first.
#[must_use]
pub fn configuration() -> yamux::Config {
    let mut config = yamux::Config::default();
    config.set_max_num_streams(STREAMS);
    let window = usize::try_from(yamux::DEFAULT_CREDIT).unwrap_or(usize::MAX);
    config.set_max_connection_receive_window(Some(STREAMS * window));
    config
}
