//! Nodes over real sockets on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod addresses;
mod connections;
mod gossip;
mod guarded;
mod hostile;
mod lossy;
mod node;
mod requests;
mod restart;
