#![doc = include_str!("../README.md")]
// A scenario's mistake ends the scenario.
#![allow(clippy::indexing_slicing)]

mod disk;
mod look;
mod messages;
mod node;
mod sim;

pub use node::Ignored;
pub use sim::{Links, Sim};
