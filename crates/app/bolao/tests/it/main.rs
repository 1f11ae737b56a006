//! The built command, as a person uses it.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::print_stdout
)]

mod asking;
mod backup;
mod classic;
mod cli;
mod confirming;
mod copies;
mod crash;
mod demo;
mod doctor;
#[cfg(target_os = "linux")]
mod documents;
mod faults;
mod feeding;
mod fees;
mod forks;
#[cfg(target_os = "linux")]
mod full;
mod hostile;
mod importing;
mod intercepting;
mod joining;
mod jokers;
mod meeting;
mod metrics;
mod miner;
mod networks;
mod nodes;
mod noticing;
mod organisers;
mod organising;
mod pages;
#[path = "../../../../net/reach/tests/it/pebble.rs"]
mod pebble;
mod places;
mod pools;
#[path = "../../../../net/reach/tests/it/ports.rs"]
mod ports;
mod powerless;
mod proxies;
mod pushing;
mod reaching;
mod reading;
mod recorded;
mod reminding;
mod restarts;
mod season;
mod service;
mod starting;
mod stranger;
mod stratum;
mod support;
mod sync;
mod through;
mod tipping;
mod viewing;
mod voting;
mod wins;
mod words;
