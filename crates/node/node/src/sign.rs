//! Signatures of the home's wallet: bets by name, joining, and wishes of the node's own.

mod fulfilling;
pub(crate) mod signing;
