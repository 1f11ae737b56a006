#![doc = include_str!("../README.md")]

mod backoff;
mod hash;
mod job;
mod pace;
mod search;
mod searcher;
mod solution;

pub use hash::{meets_target, merkle_root, sha256d};
pub use job::Job;
pub use pace::{Pace, Turn, Turns};
pub use search::{Doing, JOBS, Outcome, Received, Rest, Search, When};
pub use searcher::{Searcher, Sink, StartSearcher};
pub use solution::{HashRate, Solution};
