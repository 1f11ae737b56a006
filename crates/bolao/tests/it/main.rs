//! The built command, as a person uses it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::print_stdout
)]

mod classic;
mod cli;
mod crash;
mod demo;
mod forks;
mod hostile;
mod joining;
mod nodes;
mod pages;
mod reading;
mod restarts;
mod support;
mod sync;
