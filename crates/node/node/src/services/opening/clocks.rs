//! The clocks by which it is judged whether a match has begun, so that its seals may be opened. Nobody can call back a score and a salt
//! that were sent, and each clock alone can be wrong, so several must have passed the kick-off:
//!
//! 1. **Begun for sure** ([`BettingClosed::has`], rule O8): this machine's clock (`begun.own`), the pool's time at the tip of the own
//!    chain (`begun.chain`), and that of the last final block (`begun.decided`). The core takes no opening before, so none is sent.
//! 2. **Confirmed** ([`Clocks::have_passed`]): besides, somebody else stands on a block that has passed the kick-off (`confirmed`: the
//!    time of the latest such block of the own chain). A node whose clock is fast mines that block too early, and takes it; the others
//!    hold it back until its time has come.
//! 3. **Alone**, without a peer for [`ALONE`], there is nobody to ask and nobody to tell: the chain's clock stands for `confirmed`.
//! 4. **Long ago** ([`BettingClosed::long_ago`]): half of the opening window after the kick-off by this machine's clock, where it
//!    may count, `decided` and `confirmed` are not waited for. Whoever lies about its tip cannot keep seals shut for good.
//!
//! The end of a match's window is another question, for which the later clock counts ([`Clocks::next_block`]).

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use bolao_chain::betting_closed;
use bolao_ledger::{BettingClosed, BlockId, Genesis, Height, Item, OwnClock, UnixSeconds};
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
    At(BTreeSet<BlockId>),
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
        Others::At(stand.collect())
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
    pub(super) fn have_passed(&self, item: &Item) -> bool {
        self.begun.has(item) && (item.has_begun_at(self.confirmed) || self.begun.long_ago(item))
    }

    /// The time of the next block.
    pub(super) fn next_block(&self) -> UnixSeconds {
        self.begun.own.max(self.begun.chain)
    }
}

/// The latest time of the blocks that peers stand on, as far as they are in this chain. Only the last few below each
/// peer's tip are looked at, and their latest time is never after the chain's at that height.
fn confirmed(snapshot: &Snapshot, tips: &BTreeSet<BlockId>) -> Result<UnixSeconds, StoreError> {
    let mut latest = UnixSeconds(0);
    for BlockId { height, hash } in tips {
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
