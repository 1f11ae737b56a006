#![doc = include_str!("../README.md")]

mod client;
mod config;
mod connections;
mod discovery;
mod file;
mod files;
mod known;
mod layers;
mod lingering_close;
mod node;
mod problem;
mod receiving;
mod round;
mod routes;
mod seed;
mod serve;
mod unreadable;

pub use client::Seed;
pub use config::{DiscoveryConfig, DiscoveryError};
pub use connections::{Connections, Opened, tune};
pub use discovery::Discovery;
pub use file::{NodesFileError, add_nodes};
pub use files::allow_more_files;
pub use known::{KnownNodes, Refused};
pub use layers::{caller, guarded, within};
pub use node::{Node, NodeError, Scope};
pub use problem::{PROBLEM_CODES, Problem, ProblemCode, problem_code};
pub use round::RoundReport;
pub use routes::{from_foreign_page, node_routes, online, router};
pub use seed::{SeedError, SeedServer};
pub use serve::{Limits, serve};
pub use unreadable::{unfit, unreadable};
