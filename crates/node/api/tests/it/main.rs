//! The routes over a real store in memory and a node that is played.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod app;
mod bad_input;
mod bodies;
mod branches;
mod calendar;
mod certified;
mod classic;
mod classic_bets;
mod codes;
mod crowd;
mod events;
mod examples;
mod export;
mod games;
mod guards;
mod handovers;
mod invitations;
mod jokers;
mod json_bodies;
mod newer_file;
mod node;
mod notices;
mod openapi;
mod openings;
mod page;
mod play;
mod questions;
mod ready;
mod recap;
mod recorded;
mod rehearsal;
mod rounds_won;
mod sealed;
mod slip;
mod slip_votes;
mod sockets;
mod sources;
mod streaming;
mod tables;
mod through;
mod told;
mod v1;
mod validators;
mod viewing;
mod votes;
mod waiting;
mod wishes;
