//! Blocks of work alone (`pow`): nobody votes, nothing is final, and whoever finds a block makes it.

use super::Kind;

/// The answers of these pools.
#[derive(Debug)]
pub(super) struct Pow;

impl Kind for Pow {
    fn has_votes(&self) -> bool {
        false
    }
}
