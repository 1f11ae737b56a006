#![doc = include_str!("../README.md")]

mod acts;
mod ask;
mod bets;
pub mod body;
mod counted;
mod game;
mod lookup;
pub mod page;
mod rows;
mod signed;
mod signed_id;
mod table;
mod transactions;

pub use ask::{
    Asked, MOST_GUILTY, Query, ROUTES, Refused, Route, game_of_code, match_of_code, no_match,
    player,
};
pub use body::named::{Named, shown};
pub use game::{Game, round, rounds};
pub use lookup::{Chain, Lookup};
pub use signed::{
    OrganiserVote, Signed, addresses, appointments, offers, organiser_votes, waiting,
    waiting_of_match,
};
pub use signed_id::SignedId;
pub use table::{Scope, Table};
