//! What a node tells its watchers.

use std::sync::Arc;

use bolao_ledger::{BlockHash, Height, Transaction, UnixSeconds};

use crate::{PeerView, SyncStatus};

/// Something happened. Cheap to clone: every open page gets one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NodeEvent {
    /// A block became the tip. In a reorganisation each block of the new branch is told.
    Block {
        /// Its hash.
        hash: BlockHash,
        /// Its height.
        height: Height,
        /// Its time.
        time: UnixSeconds,
        /// How many transactions it holds, coinbase aside.
        transactions: u64,
    },
    /// A branch was left for one with more work. Comes before its blocks.
    Reorganised {
        /// The last block that both branches share.
        common: BlockHash,
        /// Its height.
        common_height: Height,
        /// How many blocks were taken off.
        disconnected: u64,
    },
    /// A transaction began to wait for a block.
    Pending(Arc<Transaction>),
    /// A peer came or went.
    Peer {
        /// What changed.
        change: PeerChange,
        /// Which one.
        peer: PeerView,
    },
    /// Catching up began, went on or ended.
    Sync(SyncStatus),
}

/// What changed about a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerChange {
    /// It is connected now.
    Connected,
    /// It is gone.
    Disconnected,
}
