//! What the events of a node say.

use bolao_ledger::BlockHash;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{ChainTipBody, LivesBody, MatchRef, NoticeBody, PeerBody, TransactionBody};
use crate::SyncStatus;

/// An event's content, in its `data`. Its form follows from its name, in `event`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum EventBody {
    /// `tip`, the first: the tip as it is. Or `resync`, the first for a listener that was cut off, where it is not known what it has missed:
    /// read again what matters.
    Tip(ChainTipBody),
    /// `resumed`, the first for a listener that was cut off: what it has missed follows.
    Resumed {
        /// The number of events that follow.
        missed: u64,
    },
    /// `block`: a block became the tip. After `reorganised` there is one for each block of the new branch.
    Block {
        /// Its hash.
        #[schema(value_type = String)]
        hash: BlockHash,
        /// Its height.
        height: u64,
        /// Its time.
        time: Timestamp,
        /// The number of its transactions, coinbase aside.
        transactions: u64,
    },
    /// `reorganised`, also sent as `reorganisation`: a branch was left for a better one.
    Reorganised {
        /// The last block that both branches share.
        #[schema(value_type = String)]
        common: BlockHash,
        /// Its height.
        common_height: u64,
        /// The number of blocks that were taken off.
        disconnected: u64,
    },
    /// `transaction`: it began to wait for a block.
    Transaction(Box<TransactionBody>),
    /// `back_dated`: a block holds bets on matches that have kicked off since the time that it names.
    BackDated {
        /// Its hash.
        #[schema(value_type = String)]
        hash: BlockHash,
        /// Its height.
        height: u64,
        /// The time that its miner gave it.
        time: Timestamp,
        /// The time of its arrival, by this node's clock.
        seen: Timestamp,
        /// The matches.
        matches: Vec<MatchRef>,
    },
    /// `notice`: something that people counted on is not as it was.
    Notice(NoticeBody),
    /// `result`: the record of a match is new, another one, final or gone.
    Result {
        /// The match.
        r#match: Option<MatchRef>,
        /// True if there is a record.
        recorded: bool,
        /// True if it is final.
        #[serde(rename = "final")]
        is_final: bool,
    },
    /// `standings`: they may differ from those before.
    Standings {
        /// The chain's height.
        height: u64,
    },
    /// `live`: the scores of matches that are played are others than before; all of them.
    Live(LivesBody),
    /// `sources`: what lists from the web tell is something else than before.
    Sources {
        /// Always true.
        changed: bool,
    },
    /// `final`: a block is final, and with it all those under it.
    Final {
        /// Its height.
        height: u64,
        /// Its hash.
        #[schema(value_type = String)]
        hash: BlockHash,
    },
    /// `lagged`: so many events were missed: read again what matters.
    Lagged {
        /// The number of events that were missed.
        missed: u64,
    },
    /// `peer`: a peer came or went.
    Peer {
        /// The change to the peer.
        change: PeerChange,
        /// The peer that changed.
        peer: PeerBody,
    },
    /// `sync`: how far it has caught up, and whether its clock differs from the peers'.
    Sync(SyncStatus),
}

/// A change to a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeerChange {
    /// It is connected now.
    Connected,
    /// It is gone.
    Disconnected,
}

impl EventBody {
    /// The event's name.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Tip(_) => "tip",
            Self::Resumed { .. } => "resumed",
            Self::Block { .. } => "block",
            Self::Reorganised { .. } => "reorganised",
            Self::Transaction(_) => "transaction",
            Self::BackDated { .. } => "back_dated",
            Self::Notice(_) => "notice",
            Self::Result { .. } => "result",
            Self::Standings { .. } => "standings",
            Self::Live(_) => "live",
            Self::Sources { .. } => "sources",
            Self::Final { .. } => "final",
            Self::Lagged { .. } => "lagged",
            Self::Peer { .. } => "peer",
            Self::Sync(_) => "sync",
        }
    }
}
