//! Bets of the home's own player: those that stand, those that may be placed, and placing them.

mod bettor;
mod closing;
mod own;
mod plan;
mod player_bets;
mod reveal;
mod send;
mod show;

pub(crate) use bettor::Bettor;
pub(crate) use closing::ended;
pub(crate) use own::Own;
pub(crate) use plan::{Plan, Planned, Wanted};
pub(crate) use player_bets::{CurrentBet, PlayerBets, is_open, waits_on};
pub(crate) use reveal::{LOCKED, keys, reveal, reveal_matrix};
pub(crate) use send::{Sending, follow, placed_json, say_sealed};
