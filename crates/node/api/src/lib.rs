#![doc = include_str!("../README.md")]

mod backend;
mod below;
pub mod body;
mod classic;
mod codes;
mod config;
mod doubt;
mod error;
mod event;
mod events;
pub mod export;
mod extract;
mod guard;
mod handovers;
mod page;
mod pools;
mod problem;
mod query;
mod ranking;
mod ready;
mod router;
mod state;
mod status;
mod stream;
mod v1;
mod viewing;

pub use backend::{
    ActOnNode, Backend, ClassicBet, ClassicNode, GoneAddress, KeepInvitations, KeepSources,
    KeepSubscribers, KnownLink, Live, LiveNode, LoggedKey, MetKey, NotTaken, Reached, ReadLogs,
    ReadNode,
};
pub use below::below;
pub use body::PeerChange;
pub use bolao_answers::{Named, SignedId};
pub use bolao_rulebook::powers;
pub use classic::bet::POOL as BET_POOL;
pub use codes::{CODES, Code};
pub use config::ApiConfig;
pub use doubt::clock_in_doubt;
pub use error::NodeError;
pub use event::{EventText, NodeEvent};
pub use events::Events;
pub use guard::check_host;
pub use page::{Page, PageFile};
pub use pools::HostPools;
pub use problem::Problem;
pub use router::router;
pub use status::{MiningMode, MiningStatus, NodeStatus, SyncState, SyncStatus};
pub use v1::{fixtures::known_matches, openapi};
