//! Signatures of the home's wallet: bets, joining, votes, and what waits for an organiser.

mod fulfilling;
pub(crate) mod joining;
pub(crate) mod pending_signatures;
pub(crate) mod resending;
pub(crate) mod signing;
pub(crate) mod validating;
