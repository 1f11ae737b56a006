//! The core: it hands each input to the part that it is for, and asks the parts in turn what may be done now. It decides nothing
//! else.
//!
//! - [`gossip`], [`blocks`], [`responses`], [`bodies`], [`finals`]: who handles what users and peers give, and who hears of it.
//! - [`tip`]: what follows when the tip moves. [`votes`]: what takes the validator more than one step.
//! - [`there`]: whether this node is there, by what its peers and validators say.
//!
//! The core alone holds all parts. A part is handed what goes along with every input ([`Context`]), and by name those of the parts below
//! it that it reads or has do something; what it needs of those above, it gives back: a message for the validator, a block to be
//! connected, the fault of a peer. So the modules of this crate use only those of lower lines, or of their own line, in this order:
//!
//! ```text
//! audit · dated_ahead · import · recovery · rehearse · viewers     asked from outside
//! core
//! keeping                                                          shares of sealed bets
//! consensus                                                        votes
//! sync                                                             peers
//! chain
//! observer                                                         when things came
//! mempool
//! admission · deadlines · equivocation · serve
//! context · kind                                                   what goes along; what follows from the kind of consensus
//! changes · config · error · io · looks · template · wire          their words
//! ```
//!
//! Whoever handles an input only notes what it learnt. Then [`Core::end_input`] goes through the steps below. Their order is a
//! rule: outputs leave in it, all nodes and the recorded runs of the simulator go by it, and each step needs those before.
//!
//! 1. Votes begin on what waits, and it is said who is away and what time it is. A vote may be decided at once and move the tip,
//!    and all that is said leaves in step 3.
//! 2. Keepers give out shares, by that tip. They, too, leave in step 3.
//! 3. [`Core::drive`] starts what may be started: first comes the best branch, since what is fetched, pushed and compared hangs on
//!    the tip; then what peers are asked and sent; last the end of a sync and of rounds, which wait for all of that.
//! 4. Now it is known what is still on its way, and so whether the block of an invitation is missing and the node is in step.
//! 5. Checkpoints are judged, which needs to know whether the node is there. A new one leads through steps 1 and 3 again.
//! 6. What was signed goes to the disk, all of this input in one write, before any of it leaves.
//! 7. Headers that nobody needs go, and what taken-off blocks had left is compared: the tip stays from here on.
//! 8. The rest goes to the disk if an answer rests on it. Answers that promise nothing come behind all others.
//! 9. The next alarm is set, once all times are known.

mod blocks;
mod bodies;
mod finals;
mod gossip;
mod responses;
mod there;
mod tip;
mod votes;

use std::sync::Arc;

use bolao_ledger::{AccountId, BlockHash, Genesis};
use bolao_store::{Arrival, Reader, Store, StoreError, Tip};

use crate::{
    chain::Chain,
    config::CoreConfig,
    consensus::Voting,
    context::{Context, Outbox},
    core::gossip::on_submit,
    error::CoreError,
    io::{Cause, Input, Now, Output, PeerId},
    keeping::Keeping,
    kind::{kind, thresholds},
    observer::Observer,
    sync::Syncing,
    template::Template,
};

/// The one writer of a node: its parts, with what is handed along.
#[derive(Debug)]
pub struct Core {
    cx: Context,
    chain: Chain,
    sync: Syncing,
    observer: Observer,
    votes: Option<Box<Voting>>,
    keeping: Keeping,
    /// When the core was last said to have something to do.
    wake_ms: Option<u64>,
}

impl Core {
    /// Takes over a store, and checks again what waits in it. What it drops, the first [`Self::handle`] says.
    pub fn new(store: Store, config: CoreConfig, now: Now) -> Result<Self, CoreError> {
        let mut cx = Context {
            now,
            in_step: false,
            genesis: Arc::clone(store.genesis()),
            pool: store.pool_id(),
            kind: kind(store.genesis()),
            thresholds: thresholds(store.genesis()),
            config,
            out: Outbox::default(),
        };
        let mut chain = Chain::new(store, &cx)?;
        let taken_back = !chain.snapshot()?.taken_back()?.is_empty();
        let sync = Syncing::new(chain.tip().hash);
        chain.now_is(sync.heard_clocks().arrival(&cx));
        chain.reload_pending(&mut cx)?;
        let mut core = Self {
            votes: Voting::begin(&cx, &chain)?,
            keeping: Keeping::default(),
            wake_ms: None,
            sync,
            observer: Observer::new(&cx.genesis, now, taken_back),
            chain,
            cx,
        };
        core.begin_votes()?;
        core.chain.mempool().release();
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
        self.cx.now = now;
        let was_stopping = self.votes.as_ref().is_some_and(|it| it.is_stopping());
        if !was_stopping {
            self.begin_input()?;
        }
        for input in inputs {
            match &mut self.votes {
                Some(votes) if votes.is_stopping() => {
                    votes.while_stopping(&mut self.cx, &self.chain, &input)?;
                }
                _ => self.on_input(input)?,
            }
        }
        if !was_stopping {
            self.end_input()?;
        }
        Ok(self.cx.out.take())
    }

    fn begin_input(&mut self) -> Result<(), CoreError> {
        let now = self.cx.now;
        let Self {
            cx,
            chain,
            sync,
            observer,
            votes,
            ..
        } = self;
        // The clock was set, or the machine slept: what others said of the time before counts no more.
        if observer.arrivals_mut().at(now, self.wake_ms) {
            sync.clock_leapt(cx);
            if let Some(votes) = votes {
                votes.clock_leapt(cx, chain, sync);
            }
        }
        cx.in_step = observer.arrivals().lasts(now);
        if cx.in_step && votes.is_some() {
            observer.arrivals_mut().in_step();
        }
        let arrives = self.heard_clocks().arrival(&self.cx);
        self.chain.now_is(arrives);
        if self.wake_ms.is_some_and(|at| at <= now.mono_ms) {
            self.run_timers()?;
        }
        Ok(())
    }

    fn on_input(&mut self, input: Input) -> Result<(), CoreError> {
        let Self {
            cx, chain, sync, ..
        } = self;
        match input {
            Input::Submit(submissions) => on_submit(cx, chain, sync, submissions)?,
            Input::Deals { token, deals } => {
                let clock = self.own_clock();
                let Self {
                    cx, chain, keeping, ..
                } = self;
                keeping.on_deals(cx, chain, clock, token, deals)?;
            }
            Input::Mined { token, block } => self.on_mined(token, *block)?,
            Input::PeerConnected { peer } => {
                self.keeping.on_connected(cx, peer.clone());
                self.on_connected(peer, false)?;
            }
            Input::StrangerConnected { peer } => self.on_connected(peer, true)?,
            Input::PeerDisconnected { peer } => sync.lose_peer(cx, &peer),
            Input::PeerIsPlayers { peer, player } => {
                if let Some(peer) = sync.peer_mut(&peer) {
                    peer.player = Some(player);
                }
            }
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
            Input::Final(block) => chain.on_final(cx, &block)?,
            Input::MissingCheckpoint(block) => {
                if chain.follow_link(cx, block)? {
                    // Let bygones be bygones: what peers did not give may be asked of them again.
                    sync.forgive();
                }
            }
            Input::Clock(witness) => {
                if let Some(votes) = &mut self.votes {
                    votes.hear_witness(cx, witness);
                }
            }
            Input::SyncNow { token, peers } => sync.begin_round(cx, chain, token, peers),
            Input::Notice(change) => chain.notice(cx, *change)?,
            Input::Tick => self.run_timers()?,
        }
        Ok(())
    }

    fn on_connected(&mut self, peer: PeerId, is_stranger: bool) -> Result<(), CoreError> {
        let Self {
            cx,
            sync,
            observer,
            votes,
            ..
        } = self;
        if sync.peers().is_empty() {
            observer.arrivals_mut().in_touch();
        }
        sync.on_connected(cx, peer.clone(), is_stranger);
        if let Some(votes) = votes {
            votes.want_clock();
            if !is_stranger && votes.connects(cx, &peer) {
                self.tell_connected(peer)?;
            }
        }
        Ok(())
    }

    /// Does what is due by now, if it is.
    fn run_timers(&mut self) -> Result<(), CoreError> {
        self.sync.time_out_requests(&self.cx);
        self.chain.branches().end_stalls(self.cx.now.mono_ms);
        self.run_vote_timers()?;
        self.take_held_blocks()?;
        self.chain.expire_pending(&mut self.cx)
    }

    /// Does what the inputs have made possible, and writes what is to be on the disk; in the order that the head of this file
    /// gives reasons for.
    fn end_input(&mut self) -> Result<(), CoreError> {
        self.offer_votes()?;
        let clock = self.own_clock();
        let Self {
            cx,
            chain,
            sync,
            votes,
            keeping,
            ..
        } = self;
        if let Some(votes) = votes {
            votes.look_who_is_away(cx, chain, sync);
            votes.say_clock(cx, sync);
            votes.recall(cx, chain, sync);
        }
        keeping.look_at_openings(cx, chain, clock)?;
        self.drive()?;
        let Self {
            cx,
            chain,
            sync,
            observer,
            ..
        } = self;
        chain.tell_missing(cx, |named| sync.all_lack(named));
        let in_step = sync.is_in_step(cx, chain);
        observer.arrivals_mut().look_in_step(cx.now, in_step);
        cx.in_step = observer.arrivals().lasts(cx.now);
        self.follow_checkpoints()?;
        let Self {
            cx,
            chain,
            sync,
            observer,
            votes,
            ..
        } = self;
        if let Some(votes) = votes {
            votes.write_votes(chain)?;
        }
        sync.prune_headers(cx, chain)?;
        let syncing = sync.is_syncing(cx);
        if let Some(settled) = observer.compare_taken_back(cx.now, chain.reader(), syncing)? {
            chain.settle(cx, settled)?;
        }
        chain.mempool().release();
        chain.sync_to_disk(cx)?;
        cx.out.promise_nothing();
        self.wake_ms = self.next_alarm();
        self.cx.out.extend(self.wake_ms.map(Output::WakeAt));
        Ok(())
    }

    /// Starts whatever may be started.
    fn drive(&mut self) -> Result<(), CoreError> {
        let Self {
            cx,
            chain,
            sync,
            votes,
            ..
        } = self;
        sync.note_syncing(cx);
        chain.find_finals(cx)?;
        sync.send_statuses(cx, chain);
        if let Some(votes) = votes
            && let Some(under) = votes.leave_what_is_ahead(cx, chain, sync)?
        {
            self.switch_to(under, Cause::Sync)?;
        }
        loop {
            if self.chain.branches().is_to_look() {
                self.choose_branch(Cause::Sync)?;
            }
            self.sync.seek_headers(&mut self.cx, &mut self.chain)?;
            self.connect_bodies()?;
            self.sync.fetch_bodies(&mut self.cx, &mut self.chain);
            if !self.chain.branches().is_to_look() {
                break;
            }
        }
        if let Some(votes) = &mut self.votes {
            votes.seek_finals(&mut self.cx, &mut self.chain, &mut self.sync);
        }
        self.compare_clocks();
        let Self {
            cx,
            chain,
            sync,
            votes,
            keeping,
            ..
        } = self;
        sync.note_change(cx, chain);
        if let Some(votes) = votes {
            votes.ask_bodies(cx, sync);
        }
        sync.flush_votes(cx);
        let proposed = |hash: &BlockHash| votes.as_ref()?.proposed(hash).cloned();
        sync.flush_pushes(cx, chain, &proposed)?;
        keeping.exchange_openings(cx, chain, sync)?;
        chain.send_stale_template(cx);
        sync.tell_done(cx, chain.tip().height);
        sync.end_rounds(cx, chain);
        Ok(())
    }

    /// Goes on with the votes once our chain holds what they have decided, and judges what waits for that.
    fn follow_checkpoints(&mut self) -> Result<(), CoreError> {
        let Self {
            cx,
            chain,
            sync,
            votes: Some(votes),
            ..
        } = self
        else {
            return Ok(());
        };
        if !votes.look_at_checkpoints(cx, chain, sync)? {
            return Ok(());
        }
        if votes.lose_patience(cx, chain) {
            self.drive()?;
        }
        loop {
            self.judge_again()?;
            if !self.next_checkpoint()? {
                break;
            }
            self.offer_votes()?;
            self.drive()?;
        }
        if let Some(votes) = &mut self.votes {
            votes.end_checkpoints(&mut self.cx, &self.chain, &mut self.sync)?;
        }
        Ok(())
    }

    /// When the core has something to do although nothing happens: the earliest of what its parts wait for.
    ///
    /// After each input the core has done all that it can do at that time. What is due and not done waits for something else,
    /// which either has its own time or ends with an input. So only later times count.
    fn next_alarm(&self) -> Option<u64> {
        let Self {
            cx,
            chain,
            sync,
            observer,
            votes,
            keeping,
            ..
        } = self;
        let times = chain
            .wake_times(cx)
            .chain(observer.wake_times())
            .chain(sync.wake_times(cx, chain))
            .chain(votes.iter().flat_map(|votes| votes.wake_times(cx)))
            .chain(keeping.wake_times(cx, sync));
        times.filter(|at| *at > cx.now.mono_ms).min()
    }
}

/// The questions that others may ask of the core.
impl Core {
    /// Reads beside the core, from any thread.
    pub fn reader(&self) -> Reader {
        self.chain.reader().clone()
    }

    /// The pool's rules.
    pub fn genesis(&self) -> &Arc<Genesis> {
        &self.cx.genesis
    }

    /// The last block of the best chain.
    pub fn tip(&self) -> Tip {
        self.chain.tip()
    }

    /// The number of transactions that wait, those that wait for others included.
    pub fn pending(&self) -> usize {
        self.chain.mempool().len()
    }

    /// Whether headers or bodies of a better chain are on their way.
    pub fn is_syncing(&self) -> bool {
        self.sync.is_syncing(&self.cx)
    }

    /// When a block of any branch first reached this node; none if it did not, or before arrivals were noted.
    pub fn arrival(&self, hash: &BlockHash) -> Result<Option<Arrival>, StoreError> {
        self.chain.arrival(hash)
    }

    /// Whether this validator refuses what others have above the last final block, while nothing of its own chain waits. Until it
    /// finds a block, it has nothing to propose, and its patience does not run.
    pub fn has_only_refusals(&self) -> bool {
        let votes = self.votes.as_ref();
        votes.is_some_and(|votes| votes.has_only_refusals(&self.chain))
    }

    /// Whether this node votes on the block that is next.
    #[must_use]
    pub fn has_vote(&self) -> bool {
        self.votes.as_ref().is_some_and(|votes| votes.has_vote())
    }

    /// Whether the other validators have told enough of what the key signed that [`CoreConfig::recalls`] names, at the vote that is
    /// next, for it to vote again.
    #[must_use]
    pub fn has_recalled(&self) -> bool {
        let votes = self.votes.as_ref();
        votes.is_some_and(|votes| votes.has_recalled(&self.chain))
    }

    /// Gives the block that a miner may work on now; a message is cut to what the rules leave of 64 bytes.
    pub fn template(
        &self,
        now: Now,
        miner: AccountId,
        message: &[u8],
    ) -> Result<Template, CoreError> {
        let Self { cx, chain, .. } = self;
        // # Rule F16: who refuses all that others have above the last final block mines one of its own.
        let wanted = self.has_only_refusals();
        chain.template(cx, now, (miner, message), wanted)
    }
}
