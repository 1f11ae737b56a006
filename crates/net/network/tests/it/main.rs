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
mod idle;
mod lossy;
mod node;
mod pools;
mod requests;
mod restart;
