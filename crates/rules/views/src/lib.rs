#![doc = include_str!("../README.md")]

mod game;
mod signed;
mod table;

pub use game::{Game, Progress, round, rounds};
pub use signed::{
    OrganiserVote, Signed, addresses, appointments, offers, organiser_votes, waiting,
    waiting_of_match,
};
pub use table::{Scope, Table};
