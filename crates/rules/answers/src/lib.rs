#![doc = include_str!("../README.md")]

mod acts;
mod bets;
pub mod body;
mod game;
mod lookup;
mod rows;
mod signed;
mod signed_id;
mod table;
mod transactions;

pub use game::{Game, round, rounds};
pub use lookup::{Chain, Lookup};
pub use signed::{
    OrganiserVote, Signed, addresses, appointments, offers, organiser_votes, waiting,
    waiting_of_match,
};
pub use signed_id::SignedId;
pub use table::{Scope, Table};
