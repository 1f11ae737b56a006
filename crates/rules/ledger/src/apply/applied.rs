//! A block that was applied.

use super::TxOutcome;
use crate::{check::CheckedBlock, delta::Delta, units::Height};

/// A block that keeps every rule on the state that it was applied to, with what it changes there. Only
/// [`super::Ledger::apply_block`] makes one, and a store writes no other.
#[derive(Debug)]
pub struct AppliedBlock<'b> {
    pub(crate) block: &'b CheckedBlock,
    pub(crate) height: Height,
    pub(crate) delta: Delta,
    pub(crate) outcomes: Vec<TxOutcome>,
}

impl<'b> AppliedBlock<'b> {
    /// The block that was applied.
    #[must_use]
    pub const fn block(&self) -> &'b CheckedBlock {
        self.block
    }

    /// The height of the block.
    #[must_use]
    pub const fn height(&self) -> Height {
        self.height
    }

    /// The changes that the block makes to the state.
    #[must_use]
    pub const fn delta(&self) -> &Delta {
        &self.delta
    }

    /// The outcome of each of its transactions.
    #[must_use]
    pub fn outcomes(&self) -> &[TxOutcome] {
        &self.outcomes
    }
}
