#![doc = include_str!("../README.md")]

mod budget;
mod client;
mod codes;
mod config;
mod discovery;
mod file;
mod known;
mod linger;
mod node;
mod places;
mod round;
mod routes;
mod seed;
pub mod serve;

pub use client::Seed;
pub use codes::{PROBLEM_CODES, problem_code};
pub use config::{DiscoveryConfig, DiscoveryError, Registration, Removal};
pub use discovery::Discovery;
pub use file::NodesFileError;
pub use known::{KnownLimits, KnownNodes, Refused};
pub use node::{Node, NodeError, Scope};
pub use places::{Place, PlaceLimits, Places};
pub use round::RoundReport;
pub use routes::{from_foreign_page, node_routes, online, router};
pub use seed::{SeedConfig, SeedError, SeedServer};
pub use serve::{Limits, serve};
