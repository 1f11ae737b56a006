//! The store against whole games, crashes, broken disks and broken files.
#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::print_stdout
)]

mod again;
mod certified;
mod chain;
mod crash;
mod damage;
mod disk;
mod files;
mod game;
mod pending;
mod powercut;
mod reads;
