//! A newer file of the pool's matches: asking the node what the ledger refuses, and what changes in words.
//!
//! What a file changes and what may be signed of it is for [`bolao_fixtures::pool`] to say, as it is where the page asks.

mod asked;
mod words;

pub(crate) use asked::{compare, known};
pub(crate) use words::{Change, Proposal, Verdict, worded};
