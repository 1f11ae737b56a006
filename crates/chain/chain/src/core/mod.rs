//! The core: its parts, and who handles which input.
//!
//! Every input ends in [`Core::drive`], which starts whatever may be started: headers from whoever has more work,
//! bodies, the end of a round. So the handlers only note what they learnt.

mod blocks;
mod branches;
mod future;
mod gossip;
mod observing;
mod recent;
mod templates;
mod timers;
mod transactions;
mod unsynced;

use std::{collections::BTreeMap, sync::Arc};

use bolao_ledger::{BlockContext, BlockHash, Genesis, PoolId, StateView as _, TxId, UnixSeconds};
use bolao_store::{Durability, Reader, Snapshot, Store, StoreError, Tip};

use crate::{
    checkpoint::{CheckpointSearch, MissingCheckpoint},
    config::CoreConfig,
    consensus::{Stopping, Voter},
    error::CoreError,
    finality::Finality,
    io::{ClockWitness, Event, Input, Now, Output, PeerId, Rejection},
    keeping::Keeping,
    mempool::{Bounds, Dropped, Mempool, Returned},
    observer::{Observer, Witnesses, notices},
    sync::{Download, HeaderSync, Peer, Remembered, Requests, Rounds},
    wire::Response,
};

pub(crate) use blocks::connect_block;
use branches::Branches;
pub(crate) use future::FutureBlocks;
use templates::TemplateNews;
pub(crate) use transactions::already_known;
use unsynced::Unsynced;

/// The one writer of a node: chain, mempool and sync.
#[derive(Debug)]
pub struct Core {
    pub(crate) store: Store,
    pub(crate) reader: Reader,
    pub(crate) genesis: Arc<Genesis>,
    pub(crate) pool: PoolId,
    pub(crate) config: CoreConfig,
    pub(crate) now: Now,
    pub(crate) tip: Tip,
    /// The earliest time of a block on the tip.
    pub(crate) median_time: UnixSeconds,
    pub(crate) finality: Finality,
    /// The way to the block that an invitation names.
    pub(crate) named: Option<CheckpointSearch>,
    /// The missing block of an invitation, as watchers last heard of it.
    pub(crate) told_missing: Option<MissingCheckpoint>,
    /// The validator's part of the node, in pools where validators vote.
    pub(crate) voter: Option<Box<Voter>>,
    pub(crate) mempool: Mempool,
    pub(crate) future: FutureBlocks,
    pub(crate) recent: recent::RecentBlocks,
    pub(crate) peers: BTreeMap<PeerId, Peer>,
    pub(crate) requests: Requests,
    /// The failures of peers that are gone.
    pub(crate) remembered: Remembered,
    pub(crate) header_syncs: BTreeMap<PeerId, HeaderSync>,
    pub(crate) download: Option<Download>,
    pub(crate) branches: Branches,
    /// With how many headers of other branches those that are not needed go.
    pub(crate) most_side_headers: u64,
    /// Whether watchers are to hear of the end of a sync.
    pub(crate) announced_sync: bool,
    pub(crate) keeping: Keeping,
    pub(crate) observer: Observer,
    pub(crate) witnesses: Witnesses,
    /// Validators have signed two histories.
    pub(crate) stopping: Option<Stopping>,
    pub(crate) rounds: Rounds,
    /// The number of times since the start that the chain was caught up or reorganised.
    pub(crate) replacements: u64,
    pub(crate) template_news: TemplateNews,
    pub(crate) unsynced: Unsynced,
    /// When the core was last said to have something to do.
    pub(crate) wake_ms: Option<u64>,
    /// The tip and the mempool's digest after the last input.
    pub(crate) shown: (BlockHash, [u8; 32]),
    pub(crate) out: Vec<Output>,
    /// Answers that promise nothing of the disk.
    pub(crate) promises_nothing: Vec<Output>,
}

impl Core {
    /// Takes over a store, and checks again what waits in it. What it drops, the first [`Self::handle`] says.
    pub fn new(store: Store, config: CoreConfig, now: Now) -> Result<Self, CoreError> {
        let reader = store.reader();
        let genesis = Arc::clone(store.genesis());
        let (pool, snapshot) = (store.pool_id(), reader.snapshot()?);
        let tip = snapshot.tip()?;
        let pending = snapshot.pending()?;
        let named = config
            .named
            .filter(|_| genesis.consensus.voting().is_some());
        let finality = Finality::load(&snapshot, pool.into(), named);
        let finality = finality.map_err(|error| error.with_names(&snapshot, &genesis))?;
        let named = CheckpointSearch::load(&snapshot, named, &finality)?;
        let taken_back = !snapshot.taken_back()?.is_empty();
        let bounds = Bounds::of(&config);
        let context = BlockContext {
            height: tip.height.next(),
            time: now.unix,
        };
        drop(snapshot);
        let observer = Observer::new(&genesis, now, taken_back);
        let mempool = Mempool::new(Arc::clone(&genesis), bounds, reader.clone(), context);
        let mut core = Self {
            store,
            reader,
            genesis,
            pool,
            now,
            tip,
            median_time: UnixSeconds::ZERO,
            finality,
            named,
            told_missing: None,
            voter: None,
            most_side_headers: config.keep_side_headers,
            config,
            mempool,
            future: FutureBlocks::default(),
            recent: recent::RecentBlocks::default(),
            peers: BTreeMap::new(),
            requests: Requests::default(),
            remembered: BTreeMap::new(),
            header_syncs: BTreeMap::new(),
            download: None,
            branches: Branches::default(),
            announced_sync: false,
            keeping: Keeping::default(),
            observer,
            witnesses: Witnesses::default(),
            stopping: None,
            rounds: Rounds::default(),
            replacements: 0,
            template_news: TemplateNews::default(),
            unsynced: Unsynced::default(),
            wake_ms: None,
            shown: (tip.hash, [0; 32]),
            out: Vec::new(),
            promises_nothing: Vec::new(),
        };
        if core.config.trusts_clock {
            core.hear_witness(ClockWitness::Operator);
        }
        core.store.now_is(core.arrives_now());
        core.reload_pending(pending)?;
        core.begin_voting()?;
        core.mempool.release();
        Ok(core)
    }

    /// Handles one input. An error is a broken disk, and final.
    pub fn handle(&mut self, now: Now, input: Input) -> Result<Vec<Output>, CoreError> {
        self.handle_all(now, [input])
    }

    /// Handles inputs that wait one behind the other. What they have to have on the disk before anybody hears of it goes there
    /// in one write.
    pub fn handle_all(
        &mut self,
        now: Now,
        inputs: impl IntoIterator<Item = Input>,
    ) -> Result<Vec<Output>, CoreError> {
        self.now = now;
        let was_stopping = self.stopping.is_some();
        if !was_stopping {
            self.begin_input()?;
        }
        for input in inputs {
            if let Some(ended) = self.while_stopping(&input) {
                self.out.extend(ended?);
            } else {
                self.on_input(input)?;
            }
        }
        if !was_stopping {
            self.end_input()?;
        }
        Ok(std::mem::take(&mut self.out))
    }

    fn begin_input(&mut self) -> Result<(), CoreError> {
        let now = self.now;
        if self.observer.begin(now, self.wake_ms) {
            self.clock_leapt();
            self.want_clock();
        }
        let arrives = self.arrives_now();
        self.store.now_is(arrives);
        if arrives.in_step && self.voter.is_some() {
            self.observer.in_step();
        }
        if self.wake_ms.is_some_and(|at| at <= now.mono_ms) {
            self.run_timers()?;
        }
        Ok(())
    }

    fn on_input(&mut self, input: Input) -> Result<(), CoreError> {
        match input {
            Input::Submit(submissions) => self.on_submit(submissions)?,
            Input::Deals { token, deals } => self.on_deals(token, deals)?,
            Input::Mined { token, block } => self.on_mined(token, *block)?,
            Input::PeerConnected { peer } => {
                if self.peers.is_empty() {
                    self.observer.in_touch();
                }
                self.on_connected(peer);
            }
            Input::PeerDisconnected { peer } => self.lose_peer(&peer),
            Input::Gossip {
                peer,
                token,
                topic,
                bytes,
            } => self.on_gossip(&peer, token, topic, &bytes)?,
            Input::Request {
                peer,
                token,
                request,
            } => self.on_request(&peer, token, request)?,
            Input::Response { peer, id, result } => self.on_response(&peer, id, result)?,
            Input::Final(block) => self.on_final(&block)?,
            Input::MissingCheckpoint(block) => self.follow_link(block)?,
            Input::Clock(witness) => self.hear_witness(witness),
            Input::SyncNow { token, peers } => self.begin_round(token, peers),
            Input::Notice(change) => self.notice(*change)?,
            Input::Tick => self.run_timers()?,
        }
        Ok(())
    }

    /// Does what the inputs have made possible, and writes what is to be on the disk.
    fn end_input(&mut self) -> Result<(), CoreError> {
        self.offer_votes()?;
        self.look_who_is_away();
        self.say_clock();
        self.recall();
        self.look_at_openings()?;
        self.drive()?;
        self.tell_missing();
        self.look_in_step();
        self.follow_checkpoints()?;
        self.write_votes()?;
        self.prune_headers()?;
        self.compare_taken_back()?;
        self.mempool.release();
        self.sync_to_disk()?;
        self.out.append(&mut self.promises_nothing);
        self.set_alarm();
        Ok(())
    }

    /// Writes to the disk what an answer rests on, before anybody hears it; what peers gossiped, in a moment.
    fn sync_to_disk(&mut self) -> Result<(), StoreError> {
        let confirms = || {
            self.out.iter().any(|output| {
                matches!(
                    output,
                    Output::Reply { .. }
                        | Output::SyncRound { .. }
                        | Output::Respond {
                            response: Response::Ack,
                            ..
                        }
                )
            })
        };
        if let Some(due) = self.unsynced.due_ms()
            && (due <= self.now.mono_ms || confirms())
        {
            self.store
                .write::<_, StoreError>(Durability::Durable, |_| Ok(()))?;
            self.unsynced.synced();
        }
        Ok(())
    }

    /// Reads beside the core, from any thread.
    pub fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// The pool's rules.
    pub fn genesis(&self) -> &Arc<Genesis> {
        &self.genesis
    }

    /// The last block of the best chain.
    pub fn tip(&self) -> Tip {
        self.tip
    }

    /// The number of transactions that wait, those that wait for others included.
    pub fn pending(&self) -> usize {
        self.mempool.len()
    }

    /// Whether headers or bodies of a better chain are on their way.
    pub fn is_syncing(&self) -> bool {
        !self.header_syncs.is_empty() || self.download.is_some() || self.fetches_finals()
    }

    pub(crate) fn snapshot(&self) -> Result<Snapshot, StoreError> {
        self.reader.snapshot()
    }

    /// The time of a block made now.
    pub(crate) fn block_time(&self) -> UnixSeconds {
        self.now.unix.max(self.median_time)
    }

    pub(crate) fn emit(&mut self, event: Event) {
        self.out.push(Output::Event(event));
    }

    /// Drops a peer that broke the protocol provably.
    pub(crate) fn blame(&mut self, peer: &PeerId, reason: Rejection) {
        tracing::debug!(%peer, %reason, "peer misbehaved");
        self.lose_peer(peer);
        self.out.push(Output::Misbehaved {
            peer: peer.clone(),
            reason,
        });
    }

    /// Reads what hangs on the tip after it moved, and applies what waits anew.
    pub(crate) fn follow_tip(&mut self, returned: Returned) -> Result<(), CoreError> {
        let snapshot = self.snapshot()?;
        self.tip = snapshot.tip()?;
        self.median_time = snapshot
            .header_chain(&self.tip.hash)?
            .map_or(UnixSeconds::ZERO, |chain| {
                chain.earliest_time(&self.genesis)
            });
        drop(snapshot);
        let context = BlockContext {
            height: self.tip.height.next(),
            time: self.block_time(),
        };
        let dropped = self.mempool.rebuild(context, self.now.mono_ms, returned)?;
        self.forget_pending(dropped)
    }

    /// Gives up what has waited too long.
    pub(crate) fn expire_pending(&mut self) -> Result<(), CoreError> {
        let dropped = self.mempool.expire(self.now.mono_ms);
        self.forget_pending(dropped)
    }

    /// Takes what was dropped off the disk, and tells; of what was given here, with a notice.
    pub(crate) fn forget_pending(&mut self, dropped: Vec<Dropped>) -> Result<(), CoreError> {
        if dropped.is_empty() {
            return Ok(());
        }
        let (now, height) = (self.now, self.tip.height);
        let snapshot = self.snapshot()?;
        let told = notices::of_own(&self.genesis, &snapshot, &dropped)?;
        let notices = self
            .store
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                for item in &dropped {
                    tables.remove_pending(&item.transaction.id())?;
                }
                let keep = |change| notices::keep(tables, now, height, change);
                told.into_iter().map(keep).collect::<Result<Vec<_>, _>>()
            })?;
        self.send_notices(notices);
        for Dropped {
            transaction,
            reason,
            past,
        } in dropped
        {
            if let Some(reason) = reason {
                let body = &transaction.get().body;
                let account = snapshot.account(&body.account)?;
                let overtaken = past.stood && account.is_some_and(|it| body.nonce < it.next_nonce);
                self.emit(Event::TransactionDropped {
                    id: transaction.id(),
                    transaction: transaction.shared(),
                    reason,
                    overtaken,
                });
            }
        }
        Ok(())
    }

    pub(crate) fn remove_pending(
        &mut self,
        mut ids: impl ExactSizeIterator<Item = TxId>,
    ) -> Result<(), CoreError> {
        if ids.len() > 0 {
            self.store
                .write::<_, StoreError>(Durability::Volatile, |tables| {
                    ids.try_for_each(|id| tables.remove_pending(&id))
                })?;
        }
        Ok(())
    }
}
