#![doc = include_str!("../README.md")]

mod config;
mod connection;
mod difficulty;
#[doc(hidden)]
pub mod fuzzing;
mod job;
mod node;
mod reject;
mod rpc;
mod server;
mod session;
mod shared;
mod source;
mod submission;
mod vardiff;

pub use bolao_node::Change;
pub use config::StratumConfig;
pub use difficulty::Difficulty;
pub use node::server;
pub use reject::Reject;
pub use server::serve;
pub use source::{Found, JobSource};
