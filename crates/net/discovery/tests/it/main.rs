//! Discovery over real sockets on this machine.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod hostile;
mod limits;
mod rounds;
mod routes;
mod seed;
mod support;
