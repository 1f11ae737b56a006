//! Tips of the home's own player: what stands, what may be placed, and placing it.

mod board;
mod own;
mod plan;
mod reveal;
mod send;
mod show;
mod tipster;

pub(crate) use board::{Board, Standing, is_open};
pub(crate) use own::Own;
pub(crate) use plan::{Late, Plan, Planned, Wanted};
pub(crate) use reveal::{LOCKED, Revealed, reveal, reveal_matrix};
pub(crate) use send::Sending;
pub(crate) use show::ended;
pub(crate) use tipster::Tipster;
