//! A relay with real sockets and certificates.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::large_futures
)]

mod bounds;
mod nodes;
mod tunnels;
mod visitors;
mod world;
