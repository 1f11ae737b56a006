//! A round, as a list of fixtures has it.

use crate::text::Text;

/// A round, and the importer's word for the stage that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// As its matches write it.
    pub name: Text<64>,
    /// The importer's word.
    pub stage: String,
    /// Whether one of two teams goes on to the next round.
    pub is_knockout: bool,
}
