#![doc = include_str!("../README.md")]

mod backend;
mod event;
mod status;

pub use backend::{
    Backend, ClassicBet, ClassicBetError, ConsensusError, MineError, RegisterError, SubmitError,
};
pub use event::{NodeEvent, PeerChange};
pub use status::{MiningMode, MiningStatus, NodeStatus, PeerView, SyncState, SyncStatus};
