//! A final block that is known and not here.

use bolao_ledger::BlockId;

/// The final block that an invitation names and that our chain lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingCheckpoint {
    /// The block that the invitation names.
    pub block: BlockId,
    /// Whether every peer whose chain is so long has another block there.
    pub is_elsewhere: bool,
}
