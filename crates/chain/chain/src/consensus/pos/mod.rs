//! Blocks that validators make in turn, each final at once (`pos`).
//!
//! - [`build`]: when a block is due, and making it. [`bodies`]: what a proposed block is worth.
//! - [`decide`]: what was decided becomes the tip. [`catch_up`]: what was decided without us.
//! - [`compare`]: how two histories are found, and what becomes of the node then.

mod bodies;
mod build;
pub(crate) mod catch_up;
mod compare;
mod decide;

pub(super) use bodies::Bodies;
pub(super) use compare::{Stopping, is_outgrown};
pub(crate) use decide::{DecidedBlock, DecidedBody, breaks_rule};
