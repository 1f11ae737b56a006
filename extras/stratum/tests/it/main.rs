//! A server on a real socket before a chain that checks what it is given.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::print_stdout
)]

mod chain;
mod client;
mod hostile;
mod limits;
mod minerd;
mod node;
mod protocol;
