//! The miner from outside: published headers, Merkle roots against the `bitcoin` crate, and
//! whole searches.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod merkle;
mod mining;
mod vectors;
