//! A page's session, asked as the page asks it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod answers;
mod blocks;
mod chain;
mod kept;
mod keys;
mod order;
mod partly;
mod recorded;
#[path = "../../examples/season/chain.rs"]
mod season;
mod signing;
mod slips;
