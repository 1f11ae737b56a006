//! Decides by several clocks whether a match has begun, so that its seals may be opened.
//!
//! Nobody can call back a score and a salt that were sent, so no single clock decides:
//!
//! - A block of this chain must have passed the kick-off. Then the pool's clock has too, and whoever builds on that block
//!   can bet no more. The core takes no opening before (rule O6), and so never sends one.
//! - This machine's clock must have passed the kick-off: a hostile miner's block may be `max_future_s` ahead.
//! - Somebody else must stand on that block. A node whose clock is fast mines it too early, and takes it; the others hold
//!   it back until its time has come. So a connected peer's tip must be that block or one above it.
//! - Alone, without a peer for [`ALONE`], there is nobody to ask, and nobody to tell.
//! - If there are peers and none of them ever stands there, half of the opening window passes first: whoever connects to
//!   a node and lies about its tip cannot keep seals shut for good.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use bolao_ledger::{BlockHash, Height, StateView as _, UnixSeconds};
use bolao_network::NetworkHandle;
use bolao_store::{Snapshot, StoreError};

use crate::reports::PeerReports;

/// How long a node is without peers before it goes by its own chain.
const ALONE: Duration = Duration::from_secs(10);
/// How many blocks below a peer's tip are looked at: those that the median time is made of.
const BLOCKS: u64 = 11;

/// What this node knows of the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// Nobody has been there for a while.
    None,
    /// The tips of the connected peers, as far as they are known.
    At(BTreeSet<(Height, BlockHash)>),
}

/// Looks at the peers, and remembers since when there are none.
#[derive(Debug, Default)]
pub(super) struct ConnectedPeers {
    alone_since: Option<Instant>,
}

impl ConnectedPeers {
    pub(super) fn look(
        &mut self,
        network: &NetworkHandle,
        reports: &PeerReports,
        now: Instant,
    ) -> Others {
        let peers = network.peers();
        if peers.is_empty() {
            let since = *self.alone_since.get_or_insert(now);
            return if now.saturating_duration_since(since) >= ALONE {
                Others::None
            } else {
                Others::At(BTreeSet::new())
            };
        }
        self.alone_since = None;
        let stand = peers.iter().filter_map(|peer| reports.of(&peer.peer));
        Others::At(stand.map(|(hash, height)| (height, hash)).collect())
    }
}

/// The clocks by which kick-offs are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clocks {
    /// This machine's.
    pub(super) own: UnixSeconds,
    /// The chain's.
    pub(super) chain: UnixSeconds,
    /// The chain's as far as others stand behind it.
    pub(super) confirmed: UnixSeconds,
}

impl Clocks {
    pub(super) fn read(
        snapshot: &Snapshot,
        others: &Others,
        own: UnixSeconds,
    ) -> Result<Self, StoreError> {
        let chain = snapshot.totals()?.clock;
        let confirmed = match others {
            Others::None => chain,
            Others::At(tips) => confirmed(snapshot, tips)?,
        };
        Ok(Self {
            own,
            chain,
            confirmed,
        })
    }

    /// Until when kick-offs have passed for sure, given the opening window's length.
    pub(super) fn passed(self, window_s: u32) -> UnixSeconds {
        let long_ago = self.own.0.saturating_sub(u64::from(window_s) / 2);
        let confirmed = self.confirmed.max(UnixSeconds(long_ago));
        self.own.min(self.chain).min(confirmed)
    }

    /// The time of the next block.
    pub(super) fn next_block(self) -> UnixSeconds {
        self.own.max(self.chain)
    }
}

/// The latest time of the blocks that peers stand on, as far as they are in this chain. Only the last few below each
/// peer's tip are looked at, and their latest time is never after the chain's at that height.
fn confirmed(
    snapshot: &Snapshot,
    tips: &BTreeSet<(Height, BlockHash)>,
) -> Result<UnixSeconds, StoreError> {
    let mut latest = UnixSeconds(0);
    for (height, hash) in tips {
        if snapshot.hash_at(*height)? != Some(*hash) {
            continue;
        }
        for below in 0..BLOCKS.min(height.0.saturating_add(1)) {
            if let Some(record) = snapshot.header_at(Height(height.0.saturating_sub(below)))? {
                latest = latest.max(record.header.time());
            }
        }
    }
    Ok(latest)
}
