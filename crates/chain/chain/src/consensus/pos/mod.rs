//! Blocks that validators make in turn, each final at once.

mod bodies;
mod build;
mod catch_up;
mod compare;
mod decide;

pub(super) use bodies::Bodies;
pub(super) use compare::{Stopping, is_outgrown};
