//! Blocks that validators make in turn, each final at once (`pos`).
//!
//! - [`build`]: when a block is due, and making it. [`bodies`]: what a proposed block is worth.
//! - [`decide`]: what was decided becomes the tip. [`catch_up`]: what was decided without us.
//! - [`compare`]: how two histories are found, and what becomes of the node then.

mod bodies;
mod build;
mod catch_up;
mod compare;
mod decide;

use bolao_ledger::{Decided, Decision, DecodeError, decode};

use super::Kind;
use crate::{chain::Place, consensus::Voting, core::Parts, error::CoreError};

pub(super) use bodies::Bodies;
pub(super) use compare::{Stopping, is_outgrown};

/// The answers of these pools.
#[derive(Debug)]
pub(super) struct Pos;

impl Kind for Pos {
    fn is_certified(&self) -> bool {
        true
    }

    fn is_due(&self, votes: &mut Voting, parts: &Parts) -> Result<bool, CoreError> {
        votes.is_block_due(parts)
    }

    fn decided(&self, block: Place, proof: &[u8]) -> Result<Decided, DecodeError> {
        let Place { height, hash } = block;
        Ok(Decided {
            height,
            decision: Decision::plain(height, hash),
            certificate: decode(proof)?,
        })
    }
}
