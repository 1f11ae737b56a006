//! What a node sends to those who listen.

use std::sync::Arc;

use bolao_ledger::{BlockHash, Height, MatchNo, Transaction, UnixSeconds};
use bolao_store::Notice;

use crate::{
    Live, SyncStatus,
    body::{PeerBody, PeerChange},
};

/// An event as it is sent: written once, cheap to clone for every open page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventText {
    pub(crate) name: &'static str,
    pub(crate) data: Arc<str>,
    /// The chain's height when it happened.
    pub(crate) height: u64,
}

impl EventText {
    /// The same under another name.
    #[must_use]
    pub fn renamed(&self, name: &'static str) -> Self {
        Self {
            name,
            ..self.clone()
        }
    }
}

/// Something happened. [`NodeEvent::text`] writes it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NodeEvent {
    /// A block became the tip. In a reorganisation there is one for each block of the new branch.
    Block {
        /// Its hash.
        hash: BlockHash,
        /// Its height.
        height: Height,
        /// Its time.
        time: UnixSeconds,
        /// The number of its transactions, coinbase aside.
        transactions: u64,
    },
    /// A branch was left for a better one. Comes before its blocks.
    Reorganised {
        /// The last block that both branches share.
        common: BlockHash,
        /// Its height.
        common_height: Height,
        /// The number of blocks that were taken off.
        disconnected: u64,
    },
    /// A transaction began to wait for a block.
    Pending(Arc<Transaction>),
    /// A block that has just become the tip holds tips on matches that have kicked off since the
    /// time that it names.
    BackDated {
        /// Its hash.
        hash: BlockHash,
        /// Its height.
        height: Height,
        /// The time that its miner gave it.
        time: UnixSeconds,
        /// The time of its arrival, by this node's clock.
        seen: UnixSeconds,
        /// The matches.
        matches: Vec<MatchNo>,
    },
    /// Something that people counted on is not as it was; it is kept under this number.
    Noticed {
        /// The notice's number.
        number: u64,
        /// The notice as the API has it.
        notice: Arc<Notice>,
    },
    /// The record of a match is another one, became final or is gone.
    Result {
        /// The match.
        match_no: MatchNo,
        /// True if there is a record.
        recorded: bool,
        /// True if it is final.
        is_final: bool,
    },
    /// The standings may differ from those before.
    Standings {
        /// The chain's height.
        height: Height,
    },
    /// The scores of matches that are played are others than before.
    Live(Vec<Live>),
    /// Lists from the web tell something else than before.
    Sources,
    /// A block is final, and with it all those under it.
    Final {
        /// Its height.
        height: Height,
        /// Its hash.
        hash: BlockHash,
    },
    /// The node itself missed so many events: read again what matters.
    Lagged {
        /// The number of events that were missed.
        missed: u64,
    },
    /// A peer came or went.
    Peer {
        /// The change to the peer.
        change: PeerChange,
        /// The peer that changed.
        peer: PeerBody,
    },
    /// Catching up began, went on or ended.
    Sync(SyncStatus),
}
