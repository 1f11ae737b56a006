//! One module for each command: its flags and what it calls.

pub(crate) mod audit;
pub(crate) mod bet;
pub(crate) mod bets;
pub(crate) mod chain;
pub(crate) mod classic;
pub(crate) mod completions;
pub(crate) mod invite;
pub(crate) mod join;
pub(crate) mod matches;
pub(crate) mod mine;
pub(crate) mod new;
pub(crate) mod node;
pub(crate) mod peers;
pub(crate) mod players;
pub(crate) mod reindex;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod schedule;
pub(crate) mod seed;
pub(crate) mod status;
pub(crate) mod submit;
pub(crate) mod wallet;
