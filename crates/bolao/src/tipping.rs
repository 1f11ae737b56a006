//! Tips of the home's own player: what stands, what may be placed, and placing it.

mod board;
mod own;
mod plan;
mod send;
mod show;

pub(crate) use board::{Board, Standing, is_open};
pub(crate) use own::Own;
pub(crate) use plan::{Planned, Wanted, plan};
pub(crate) use send::{Sending, send};
pub(crate) use show::{closing, ended};
