#![doc = include_str!("../README.md")]

mod addresses;
mod backend;
mod bridge;
mod config;
mod delivery;
mod dialer;
mod engine;
mod error;
mod home;
mod jobs;
mod joining;
mod machine;
mod mending;
mod mining;
mod node;
mod opening;
mod pool;
mod reading;
mod registry;
mod reports;
mod resolver;
mod sealing;
mod signing;
mod stratum;
mod tasks;
mod validating;
mod verify;
mod watch;
mod whereabouts;

pub use config::{Advertised, MiningMode, NodeConfig};
pub use error::{RunError, StartError};
pub use home::{Home, HomeError, Profile, Running};
pub use mending::mend;
pub use node::{Node, Pulse};
pub use registry::MAX_REGISTERED;
pub use verify::verify_in_halves;
