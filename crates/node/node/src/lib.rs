#![doc = include_str!("../README.md")]

mod config;
mod engine;
mod error;
mod feeds;
mod home;
mod kernel;
mod machine;
mod mine;
mod node;
mod opening;
mod outgoing;
mod pool;
mod push;
mod reach;
mod recover;
mod remind;
mod serve;
mod sign;
mod tasks;

pub use config::{Advertised, MiningMode, NodeConfig};
pub use error::{RunError, StartError};
pub use home::{
    Home, HomeError, KeepError, KeptSources, Profile, RestoreError, Restoring, Running, Wait,
    WaitCause, WaitStep,
};
pub use mine::outside::{Change, OutsideWork, ServeMiners, WorkError};
pub use node::{Liveness, Node};
pub use reach::{registry::MAX_REGISTERED, relayed::RelayConfig};
pub use recover::repair::mend;
pub use recover::verify::verify_in_halves;
pub use remind::{RemindAs, RemindConfig, RemindUrl};
