#![doc = include_str!("../README.md")]

mod config;
mod connection;
mod difficulty;
#[doc(hidden)]
pub mod fuzzing;
mod job;
mod reject;
mod rpc;
mod server;
mod session;
mod source;
mod submission;
mod vardiff;

pub use config::StratumConfig;
pub use difficulty::Difficulty;
pub use reject::Reject;
pub use server::serve;
pub use source::{Change, Found, JobSource};
