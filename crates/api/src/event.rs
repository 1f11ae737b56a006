//! What a node tells its watchers.

use std::sync::Arc;

use bolao_ledger::{BlockHash, Height, MatchNo, Transaction, UnixSeconds};

use crate::{PeerView, SyncStatus};

/// An event as it is sent: written once, cheap to clone for every open page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventText {
    pub(crate) name: &'static str,
    pub(crate) data: Arc<str>,
}

/// Something happened. [`NodeEvent::text`] writes it.
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
    Pending(Box<Transaction>),
    /// A block that has just become the tip holds tips on matches that have kicked off since the
    /// time that it names.
    BackDated {
        /// Its hash.
        hash: BlockHash,
        /// Its height.
        height: Height,
        /// The time that its miner gave it.
        time: UnixSeconds,
        /// When it came, by this node's clock.
        seen: UnixSeconds,
        /// The matches.
        matches: Vec<MatchNo>,
    },
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
