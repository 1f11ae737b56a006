//! What validators do, and what they must never do.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod chaos;
mod cuts;
mod sim;
mod single;
mod twin;
mod ways;
