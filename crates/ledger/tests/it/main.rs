//! The ledger from the outside: vectors, formats, laws, and every reason to reject.
#![allow(clippy::too_many_lines)]

mod attacks;
mod codec;
mod conformance;
mod dice;
mod game;
mod laws;
mod organisers;
mod places;
mod play;
mod pots;
mod pow;
mod random;
mod reasons;
mod referee;
mod results;
mod scale;
mod seals;
mod semi_finals;
mod tournament;
mod validators;
mod vectors;
mod voting;
mod zip215;
