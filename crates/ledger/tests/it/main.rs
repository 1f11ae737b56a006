//! The ledger from the outside: vectors, formats, laws, and every reason to reject.

mod codec;
mod conformance;
mod dice;
mod game;
mod laws;
mod play;
mod reasons;
mod vectors;
mod zip215;
