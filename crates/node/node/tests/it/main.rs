//! What holds across the rooms of the project.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod article;
mod keepers;
mod layers;
mod reasons;
mod strangers;
mod two_nodes;
mod validators;
mod words;
