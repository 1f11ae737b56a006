//! The chain: which blocks this node takes, which of their branches is its own, what of that is final, and what waits for the next
//! block. It owns the store.
//!
//! - [`blocks`]: whether a block is taken, and what follows when the tip moves. [`future`]: one that is ahead of the clock waits.
//!   Whether one that came late is refused, votes say ([`crate::consensus`]).
//! - [`choice`]: which branch is the best; [`switch`]: changing to it; [`branches`]: which are left alone, refused or forgotten.
//! - [`finality`]: which blocks are final, and what is refused since it contradicts them. [`named`]: the one that an invitation
//!   names.
//! - [`transactions`]: which transactions are taken; [`pending`]: how those that wait are kept, and when somebody hears that one
//!   was dropped. What may wait at all, the [mempool](crate::mempool) decides.
//! - [`templates`]: what a miner works on. [`unsynced`]: when what is written goes to the disk. [`recent`]: what is not checked again.

mod blocks;
mod branches;
mod choice;
mod finality;
mod future;
mod named;
mod pending;
mod recent;
mod switch;
mod templates;
mod transactions;
mod unsynced;

use std::sync::Arc;

use bolao_ledger::{
    BlockContext, BlockHash, CheckedBlock, Height, StateView as _, UnixSeconds, ValidatorSet,
};
use bolao_store::{
    Arrival, Durability, HeaderRecord, NoticedChange, Reader, Snapshot, Store, StoreError, Tables,
    Tip,
};

use crate::{
    context::Context,
    equivocation::with_names,
    error::CoreError,
    io::MissingCheckpoint,
    mempool::{Bounds, Mempool, Returned},
    observer::notices::{Settled, keep},
    wire::Status,
};
use future::FutureBlocks;
use named::CheckpointSearch;
use recent::RecentBlocks;
use templates::TemplateNews;
use unsynced::Unsynced;

pub(crate) use branches::Branches;

pub(crate) use blocks::{BlockRejection, Coming, Moved, NextBlock, connect_block};
pub(crate) use choice::BestBranch;
pub(crate) use finality::{Finality, ancestor_at, fit};
pub(crate) use named::NamedWay;
pub(crate) use switch::branch_of;
pub(crate) use transactions::{accepted, already_known};

/// The store with the best chain, its tip, what is final of it, the branches beside it, and what waits for its next block.
#[derive(Debug)]
pub(crate) struct Chain {
    store: Store,
    reader: Reader,
    tip: Tip,
    /// The earliest time of a block on the tip.
    median_time: UnixSeconds,
    finality: Finality,
    /// The way to the block that an invitation names.
    named: Option<CheckpointSearch>,
    /// The missing block of an invitation, as watchers last heard of it.
    told_missing: Option<MissingCheckpoint>,
    mempool: Mempool,
    future: FutureBlocks,
    recent: RecentBlocks,
    branches: Branches,
    /// The number of times since the start that the chain was caught up or reorganised.
    replacements: u64,
    template_news: TemplateNews,
    unsynced: Unsynced,
}

impl Chain {
    /// Takes over a store.
    pub(crate) fn new(store: Store, cx: &Context) -> Result<Self, CoreError> {
        let reader = store.reader();
        let snapshot = reader.snapshot()?;
        let tip = snapshot.tip()?;
        let genesis = &cx.genesis;
        let named = cx.config.named;
        let named = named.filter(|_| cx.kind.has_votes());
        let finality = Finality::load(&snapshot, cx.pool.into(), named);
        let finality = finality.map_err(|error| match error {
            CoreError::Final(error) => with_names(error, &snapshot, genesis).into(),
            other => other,
        })?;
        let named = CheckpointSearch::load(&snapshot, named, &finality)?;
        let context = BlockContext {
            height: tip.height.next(),
            time: cx.now.unix,
        };
        let bounds = Bounds::of(&cx.config);
        let mempool = Mempool::new(Arc::clone(genesis), bounds, reader.clone(), context);
        Ok(Self {
            store,
            reader,
            tip,
            median_time: UnixSeconds::ZERO,
            finality,
            named,
            told_missing: None,
            mempool,
            future: FutureBlocks::default(),
            recent: RecentBlocks::default(),
            branches: Branches::new(cx.config.keep_side_headers),
            replacements: 0,
            template_news: TemplateNews::default(),
            unsynced: Unsynced::default(),
        })
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The last block of the best chain.
    pub(crate) fn tip(&self) -> Tip {
        self.tip
    }

    pub(crate) fn median_time(&self) -> UnixSeconds {
        self.median_time
    }

    pub(crate) fn finality(&self) -> &Finality {
        &self.finality
    }

    pub(crate) fn mempool(&self) -> &Mempool {
        &self.mempool
    }

    pub(crate) fn replacements(&self) -> u64 {
        self.replacements
    }

    /// Writes what belongs to this part or to another one.
    pub(crate) fn write<T>(
        &mut self,
        durability: Durability,
        write: impl FnOnce(&mut Tables<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let written = self.store.write(durability, write)?;
        self.written(durability);
        Ok(written)
    }

    /// A durable write has taken everything before it to the disk, too.
    fn written(&mut self, durability: Durability) {
        if durability == Durability::Durable {
            self.unsynced.synced();
        }
    }

    /// Writes what is to be on the disk before anything of this input leaves: one write takes all of it there.
    pub(crate) fn write_for_all<T>(
        &mut self,
        cx: &Context,
        write: impl FnOnce(&mut Tables<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let written = self.write(Durability::Volatile, write)?;
        self.unsynced.add_for_all(cx.now);
        Ok(written)
    }

    pub(crate) fn snapshot(&self) -> Result<Snapshot, StoreError> {
        self.reader.snapshot()
    }

    /// The time of a block made now.
    pub(crate) fn block_time(&self, cx: &Context) -> UnixSeconds {
        cx.now.unix.max(self.median_time)
    }

    /// Reads what hangs on the tip after it moved, and applies what waits anew.
    pub(crate) fn follow_tip(
        &mut self,
        cx: &mut Context,
        returned: Returned,
    ) -> Result<(), CoreError> {
        let snapshot = self.snapshot()?;
        self.tip = snapshot.tip()?;
        self.median_time = snapshot
            .header_chain(&self.tip.hash)?
            .map_or(UnixSeconds::ZERO, |chain| chain.earliest_time(&cx.genesis));
        drop(snapshot);
        let context = BlockContext {
            height: self.tip.height.next(),
            time: self.block_time(cx),
        };
        let dropped = self.mempool.rebuild(context, cx.now.mono_ms, returned)?;
        self.forget_pending(cx, dropped)
    }

    /// Writes to the disk what an answer rests on, before anybody hears it; what peers gossiped, in a moment. Where others'
    /// writes come soon, the answers wait for one of them.
    pub(crate) fn sync_to_disk(&mut self, cx: &mut Context) -> Result<(), StoreError> {
        if let Some(due) = self.unsynced.due_ms() {
            let confirms = cx.out.confirms();
            let gathers = confirms && cx.kind.is_certified() && self.unsynced.gathers(cx.now);
            if due <= cx.now.mono_ms || confirms && !gathers {
                let burst = cx.out.holds();
                self.store
                    .write(Durability::Durable, |_| Ok::<(), StoreError>(()))?;
                self.unsynced.answers_synced(burst);
            }
        }
        self.unsynced.end_input(cx.now);
        cx.out.hold_while(self.unsynced.due_ms().is_some());
        Ok(())
    }

    pub(crate) fn record(&self, hash: BlockHash) -> Result<HeaderRecord, CoreError> {
        let record = self.snapshot()?.header(&hash)?;
        Ok(record.ok_or(StoreError::UnknownHeader { hash })?)
    }

    /// The validators as of our chain's block of a height.
    pub(crate) fn validators_after(&self, height: Height) -> Result<ValidatorSet, StoreError> {
        let set = self.snapshot()?.validator_set_after(height)?;
        set.ok_or_else(|| StoreError::corrupt("state", height, "nobody may vote"))
    }

    /// Whether this very block is in the main chain.
    pub(crate) fn is_applied(&self, hash: &BlockHash, bytes: &[u8]) -> Result<bool, CoreError> {
        let snapshot = self.snapshot()?;
        let Some(record) = snapshot.header(hash)? else {
            return Ok(false);
        };
        Ok(snapshot.is_main(&record)? && snapshot.block_bytes(hash)?.as_deref() == Some(bytes))
    }

    /// When a block of any branch first reached this node; none if it did not, or before arrivals were noted.
    pub(crate) fn arrival(&self, hash: &BlockHash) -> Result<Option<Arrival>, StoreError> {
        let snapshot = self.snapshot()?;
        let Some(record) = snapshot.header(hash)? else {
            return Ok(None);
        };
        let arrivals = snapshot.block_arrivals(record.height, hash)?;
        Ok(arrivals.map(|arrivals| arrivals.block))
    }

    /// Keeps what was noticed outside the chain, and tells it.
    pub(super) fn notice(
        &mut self,
        cx: &mut Context,
        change: NoticedChange,
    ) -> Result<(), StoreError> {
        let (now, height) = (cx.now, self.tip.height);
        let write = |tables: &mut Tables<'_>| keep(tables, now, height, change);
        let told = self.write(Durability::Durable, write)?;
        cx.send_notices(vec![told]);
        Ok(())
    }

    /// Keeps and tells what became of what blocks had left that were taken off.
    pub(crate) fn settle(&mut self, cx: &mut Context, settled: Settled) -> Result<(), StoreError> {
        let (now, height) = (cx.now, self.tip.height);
        let notices = self.write(Durability::Durable, |tables| {
            for key in &settled.entries {
                tables.forget_taken_back(key)?;
            }
            let keep = |change| keep(tables, now, height, change);
            settled.changes.into_iter().map(keep).collect()
        })?;
        cx.send_notices(notices);
        Ok(())
    }

    /// When there is something to do although nothing happens.
    pub(crate) fn wake_times(&self, cx: &Context) -> impl Iterator<Item = u64> {
        let own = [
            self.unsynced.due_ms(),
            self.future.due_ms(cx),
            self.mempool.next_expiry(),
            self.template_news.due_ms(),
        ];
        self.branches
            .stalls_end_ms()
            .chain(own.into_iter().flatten())
    }

    /// The time of what is written from now on.
    pub(crate) fn now_is(&mut self, arrives: Arrival) {
        self.store.now_is(arrives);
    }

    /// The next block that waited and whose time has come.
    pub(crate) fn next_held(&mut self, cx: &Context) -> Option<CheckedBlock> {
        self.future.pop(cx.latest_time())
    }

    /// The branches beside it, as far as they are known.
    pub(crate) fn branches(&mut self) -> &mut Branches {
        &mut self.branches
    }

    /// Our own status.
    pub(crate) fn status(&self, cx: &Context) -> Status {
        Status {
            pool: cx.pool,
            tip: self.tip.block,
            work: self.tip.work,
            time: u32::try_from(cx.now.unix.0).unwrap_or(u32::MAX),
            pending_digest: self.mempool.digest(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{Consensus, Genesis, Pos};

    use super::*;
    use crate::{
        io::{Accepted, Output},
        tests::parts,
    };

    #[test]
    fn what_peers_gave_goes_to_the_disk_soon_and_before_anybody_is_told() {
        let mut parts = parts(&Genesis::article());
        let (cx, chain) = (&mut parts.cx, &mut parts.chain);
        chain.unsynced.add(cx.now, 1);
        let due = chain.unsynced.due_ms().unwrap();
        assert!(chain.wake_times(cx).any(|at| at == due));
        chain.sync_to_disk(cx).unwrap();
        assert_eq!(chain.unsynced.due_ms(), Some(due), "nobody waits for it");
        let result = Ok(Accepted::Deals { count: 1 });
        cx.out.push(Output::Reply { token: 1, result });
        chain.sync_to_disk(cx).unwrap();
        assert_eq!(chain.unsynced.due_ms(), None);
        chain.unsynced.add(cx.now, 1);
        cx.out.take();
        cx.now.mono_ms = due;
        chain.sync_to_disk(cx).unwrap();
        assert_eq!(chain.unsynced.due_ms(), None, "it is time");
    }

    /// Bursts of bets would else cost each of many validators a write for every few of them.
    #[test]
    fn where_validators_take_turns_answers_share_the_writes_of_votes() {
        let key = ed25519_zebra::SigningKey::from([1; 32]);
        let key = ed25519_zebra::VerificationKeyBytes::from(&key).into();
        let validator = bolao_ledger::Validator {
            account: bolao_ledger::AccountId(key),
            key: bolao_ledger::ValidatorKey(key),
            weight: 1,
        };
        let genesis = Genesis {
            consensus: Consensus::Pos(Pos::appointed([validator])),
            ..Genesis::article()
        };
        let mut parts = parts(&genesis);
        let (cx, chain) = (&mut parts.cx, &mut parts.chain);
        let mut token = 0;
        let mut bet = |chain: &mut Chain, cx: &mut Context| {
            token += 1;
            chain.unsynced.add(cx.now, 0);
            let result = Ok(Accepted::Deals { count: 1 });
            cx.out.push(Output::Reply { token, result });
            chain.sync_to_disk(cx).unwrap();
            cx.out.take().len()
        };
        let sign = |chain: &mut Chain| chain.write(Durability::Durable, |_| Ok(())).unwrap();
        assert_eq!((bet(chain, cx), bet(chain, cx)), (1, 1), "nobody signs");
        sign(chain);
        chain.sync_to_disk(cx).unwrap();
        assert_eq!((bet(chain, cx), bet(chain, cx)), (0, 0));
        let due = chain.unsynced.due_ms();
        assert!(chain.wake_times(cx).any(|at| Some(at) == due));
        sign(chain);
        chain.sync_to_disk(cx).unwrap();
        let tokens = cx.out.take().into_iter().map(|it| match it {
            Output::Reply { token, .. } => token,
            other => panic!("{other:?}"),
        });
        assert_eq!(tokens.collect::<Vec<_>>(), [3, 4]);
        // Nobody signs anything: for a moment only.
        assert_eq!(bet(chain, cx), 0);
        cx.now.mono_ms = chain.unsynced.due_ms().unwrap();
        chain.sync_to_disk(cx).unwrap();
        assert_eq!(cx.out.take().len(), 1);
        assert_eq!(chain.unsynced.due_ms(), None);
    }

    #[test]
    fn a_branch_whose_bodies_nobody_gives_is_left_alone_for_a_while() {
        let mut parts = parts(&Genesis::article());
        let (now, leaf) = (parts.cx.now.mono_ms, BlockHash([7; 32]));
        let branches = parts.chain.branches();
        branches.looked();
        branches.stall(leaf, now);
        assert!(branches.is_stalled(&leaf) && branches.is_to_look());
        branches.looked();
        let ends = branches.stalls_end_ms().next().unwrap();
        branches.end_stalls(ends - 1);
        assert!(branches.is_stalled(&leaf) && !branches.is_to_look());
        branches.end_stalls(ends);
        assert!(!branches.is_stalled(&leaf) && branches.is_to_look());
    }

    #[test]
    fn a_status_says_where_the_chain_stands() {
        let parts = parts(&Genesis::article());
        let status = parts.chain.status(&parts.cx);
        let tip = parts.chain.tip();
        assert_eq!(status.tip, tip.block);
        assert!(!parts.chain.is_ahead(&status), "nobody is ahead of himself");
    }
}
