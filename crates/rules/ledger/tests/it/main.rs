//! The ledger from the outside: vectors, formats, laws, and every reason to reject.
#![allow(clippy::too_many_lines)]

mod attacks;
mod begun;
mod bounds;
mod codec;
mod conformance;
mod days;
mod dice;
mod game;
mod laws;
mod notice;
mod opening_for;
mod organisers;
mod organising;
mod places;
mod play;
mod pots;
mod pow;
mod put_off;
mod questions;
mod random;
mod reasons;
mod referee;
mod results;
mod scale;
mod seals;
mod seasons;
mod semi_finals;
mod short_bets;
mod single_organiser;
mod threats;
mod tournament;
mod validators;
mod vectors;
mod voting;
mod zip215;
