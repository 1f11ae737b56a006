//! What holds across the rooms of the project.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod keepers;
mod reasons;
mod rooms;
mod stratum;
mod two_nodes;
mod validators;
mod words;
