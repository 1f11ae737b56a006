#![doc = include_str!("../README.md")]

mod archives;
mod clock;
mod config;
mod engine;
mod error;
mod home;
mod host;
mod kernel;
mod machine;
mod mine;
mod node;
mod pool;
mod reach;
mod reading;
mod recover;
mod serve;
mod services;
mod sign;
mod verify;
mod vote;
mod watch;

pub use config::{MiningMode, NodeConfig};
pub use error::{RunError, StartError};
pub use home::{
    Home, HomeError, KeepError, Profile, RestoreError, Restoring, Running, Wait, WaitCause,
    WaitStep, pool_code,
};
pub use host::Host;
pub use mine::{
    jobs::Change,
    outside::{OutsideWork, ServeMiners, WorkError},
};
pub use node::{Liveness, Node};
pub use reach::{advertised::Advertised, registry::MAX_REGISTERED};
pub use recover::repair::mend;
pub use services::{
    feeds::kept::KeptSources,
    links::logs::LogsConfig,
    relayed::RelayConfig,
    remind::{RemindAs, RemindConfig, RemindUrl},
};
pub use verify::verify_in_halves;
