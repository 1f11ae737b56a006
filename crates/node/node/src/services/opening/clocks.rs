//! Decides by several clocks whether a match has begun, so that its seals may be opened.
//!
//! Nobody can call back a score and a salt that were sent, so no single clock decides:
//!
//! - The core says by this machine's clock, its chain's and the last final block's that the match has begun ([`BettingClosed`]). It takes
//!   no opening before a block has passed the kick-off (rule O6), and so never sends one.
//! - Somebody else must stand on a block that has passed the kick-off. A node whose clock is fast mines it too early, and takes it;
//!   the others hold it back until its time has come. So a connected peer's tip must be that block or one above it.
//! - Alone, without a peer for [`ALONE`], there is nobody to ask, and nobody to tell.
//! - If there are peers and none of them ever stands there, half of the opening window passes first, where [`BettingClosed`] lets it:
//!   whoever connects to a node and lies about its tip cannot keep seals shut for good.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use bolao_chain::betting_closed;
use bolao_ledger::{BettingClosed, BlockHash, Genesis, Height, Match, OwnClock, UnixSeconds};
use bolao_network::NetworkHandle;
use bolao_store::{Snapshot, StoreError};

use crate::reach::reports::PeerReports;

/// The time that a node is without peers before it goes by its own chain.
const ALONE: Duration = Duration::from_secs(10);
/// The number of blocks from a peer's tip down that are looked at: those that the median time is made of.
const BLOCKS: u64 = 11;

/// The tips of the other nodes, as far as this node knows them.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clocks {
    /// The clocks that this node knows by itself.
    pub(super) begun: BettingClosed,
    /// The chain's clock as far as others stand behind it.
    pub(super) confirmed: UnixSeconds,
}

impl Clocks {
    pub(super) fn read(
        snapshot: &Snapshot,
        genesis: &Genesis,
        others: &Others,
        own: OwnClock,
    ) -> Result<Self, StoreError> {
        let begun = betting_closed(snapshot, genesis, own)?;
        let confirmed = match others {
            Others::None => begun.chain,
            Others::At(tips) => confirmed(snapshot, tips)?,
        };
        Ok(Self { begun, confirmed })
    }

    /// Whether a match has begun for sure.
    pub(super) fn have_passed(&self, game: &Match) -> bool {
        self.begun.has(game) && (game.has_begun_at(self.confirmed) || self.begun.long_ago(game))
    }

    /// The time of the next block.
    pub(super) fn next_block(&self) -> UnixSeconds {
        self.begun.own.max(self.begun.chain)
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
