//! The core: it hands each input to the part that it is for, and asks the parts in turn what may be done now. It decides nothing
//! else.
//!
//! - [`gossip`], [`blocks`], [`responses`], [`bodies`]: who handles what users and peers give, and who hears of it.
//! - [`context`]: what goes along with every input, with the outbox that all parts put their outputs into.
//! - [`there`]: whether this node is there, by what its peers and validators say.
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
mod context;
mod gossip;
mod responses;
mod there;

use std::sync::Arc;

use bolao_ledger::{AccountId, BlockHash, Genesis};
use bolao_store::{Arrival, Reader, Store, StoreError, Tip};

use crate::{
    chain::Chain,
    config::CoreConfig,
    consensus::{Voting, kind},
    error::CoreError,
    io::{Cause, ClockWitness, Input, Now, Output, PeerId, Rejection},
    keeping::Keeping,
    observer::Observer,
    sync::{Purpose, Syncing},
    template::Template,
    wire::Request,
};

#[cfg(test)]
pub(crate) use context::tests::parts;
pub(crate) use context::{Context, Outbox};

/// The one writer of a node: chain, mempool and sync.
#[derive(Debug)]
pub struct Core {
    parts: Parts,
    votes: Option<Box<Voting>>,
    keeping: Keeping,
    /// When the core was last said to have something to do.
    wake_ms: Option<u64>,
}

/// The parts that votes and keepers build on, with what is handed along.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) cx: Context,
    pub(crate) chain: Chain,
    pub(crate) sync: Syncing,
    pub(crate) observer: Observer,
}

impl Core {
    /// Takes over a store, and checks again what waits in it. What it drops, the first [`Self::handle`] says.
    pub fn new(store: Store, config: CoreConfig, now: Now) -> Result<Self, CoreError> {
        let cx = Context {
            now,
            genesis: Arc::clone(store.genesis()),
            pool: store.pool_id(),
            kind: kind(store.genesis()),
            config,
            out: Outbox::default(),
        };
        let chain = Chain::new(store, &cx)?;
        let snapshot = chain.snapshot()?;
        let taken_back = !snapshot.taken_back()?.is_empty();
        let proven = snapshot.proven_time()?;
        let mut core = Self {
            votes: None,
            keeping: Keeping::default(),
            wake_ms: None,
            parts: Parts {
                sync: Syncing::new(chain.tip().hash),
                observer: Observer::new(&cx.genesis, now, taken_back, proven),
                chain,
                cx,
            },
        };
        let parts = &mut core.parts;
        if parts.cx.config.trusts_clock {
            parts.observer.hear_witness(now, ClockWitness::Operator);
        }
        parts.chain.now_is(parts.arrives_now(None));
        parts.chain.reload_pending(&mut parts.cx)?;
        core.votes = Voting::begin(parts)?;
        parts.chain.mempool().release();
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
        self.parts.cx.now = now;
        let was_stopping = self.votes.as_ref().is_some_and(|it| it.is_stopping());
        if !was_stopping {
            self.begin_input()?;
        }
        for input in inputs {
            match &mut self.votes {
                Some(votes) if votes.is_stopping() => {
                    votes.while_stopping(&mut self.parts, &input)?;
                }
                _ => self.on_input(input)?,
            }
        }
        if !was_stopping {
            self.end_input()?;
        }
        Ok(self.parts.cx.out.take())
    }

    fn begin_input(&mut self) -> Result<(), CoreError> {
        let Self { parts, votes, .. } = self;
        let now = parts.cx.now;
        if parts.observer.arrivals_mut().at(now, self.wake_ms) {
            parts.clock_leapt();
            if let Some(votes) = votes {
                votes.clock_leapt(parts);
            }
        }
        let arrives = parts.arrives_now(votes.as_deref());
        parts.chain.now_is(arrives);
        if arrives.in_step && votes.is_some() {
            parts.observer.arrivals_mut().in_step();
        }
        if self.wake_ms.is_some_and(|at| at <= now.mono_ms) {
            self.run_timers()?;
        }
        Ok(())
    }

    fn on_input(&mut self, input: Input) -> Result<(), CoreError> {
        let Self {
            parts,
            votes,
            keeping,
            ..
        } = self;
        match input {
            Input::Submit(submissions) => parts.on_submit(submissions)?,
            Input::Deals { token, deals } => {
                keeping.on_deals(parts, votes.as_deref(), token, deals)?;
            }
            Input::Mined { token, block } => parts.on_mined(votes.as_deref_mut(), token, *block)?,
            Input::PeerConnected { peer } => {
                keeping.on_connected(&parts.cx, peer.clone());
                self.on_connected(peer, false)?;
            }
            Input::StrangerConnected { peer } => self.on_connected(peer, true)?,
            Input::PeerDisconnected { peer } => parts.sync.lose_peer(&parts.cx, &peer),
            Input::PeerIsPlayers { peer, player } => {
                if let Some(peer) = parts.sync.peer_mut(&peer) {
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
            Input::Final(block) => parts.chain.on_final(&mut parts.cx, &block)?,
            Input::MissingCheckpoint(block) => {
                parts.chain.follow_link(&parts.cx, &mut parts.sync, block)?;
            }
            Input::Clock(witness) => {
                if witness == ClockWitness::Operator
                    && let Some(votes) = votes
                {
                    votes.clock_trusted();
                }
                parts.observer.hear_witness(parts.cx.now, witness);
            }
            Input::SyncNow { token, peers } => {
                parts
                    .sync
                    .begin_round(&mut parts.cx, &parts.chain, token, peers);
            }
            Input::Notice(change) => parts.chain.notice(&mut parts.cx, *change)?,
            Input::Tick => self.run_timers()?,
        }
        Ok(())
    }

    fn on_connected(&mut self, peer: PeerId, is_stranger: bool) -> Result<(), CoreError> {
        let Self { parts, votes, .. } = self;
        if parts.sync.peers().is_empty() {
            parts.observer.arrivals_mut().in_touch();
        }
        parts
            .sync
            .on_connected(&parts.cx, peer.clone(), is_stranger);
        if let Some(votes) = votes {
            votes.want_clock();
            if !is_stranger {
                votes.on_connected(parts, peer)?;
            }
        }
        Ok(())
    }

    /// Does what is due by now, if it is.
    fn run_timers(&mut self) -> Result<(), CoreError> {
        let Self { parts, votes, .. } = self;
        parts.sync.time_out_requests(&parts.cx);
        parts.chain.branches().end_stalls(parts.cx.now.mono_ms);
        if let Some(votes) = votes {
            votes.run_timers(parts)?;
        }
        parts.take_held_blocks(votes.as_deref_mut())?;
        parts.chain.expire_pending(&mut parts.cx)
    }

    /// Does what the inputs have made possible, and writes what is to be on the disk; in the order that the head of this file
    /// gives reasons for.
    fn end_input(&mut self) -> Result<(), CoreError> {
        let Self {
            parts,
            votes,
            keeping,
            ..
        } = self;
        if let Some(votes) = votes {
            votes.offer_votes(parts)?;
            votes.look_who_is_away(parts);
            votes.say_clock(parts);
            votes.recall(parts);
        }
        keeping.look_at_openings(parts, votes.as_deref())?;
        self.drive()?;
        let Parts {
            cx,
            chain,
            sync,
            observer,
        } = &mut self.parts;
        chain.tell_missing(cx, sync);
        sync.look_in_step(cx, chain, observer);
        self.follow_checkpoints()?;
        let parts = &mut self.parts;
        if let Some(votes) = &mut self.votes {
            votes.write_votes(parts)?;
        }
        let Parts {
            cx,
            chain,
            sync,
            observer,
        } = parts;
        sync.prune_headers(cx, chain)?;
        let syncing = sync.is_syncing(cx);
        observer.compare_taken_back(cx, chain, syncing)?;
        chain.mempool().release();
        chain.sync_to_disk(cx)?;
        cx.out.promise_nothing();
        self.set_alarm();
        Ok(())
    }

    /// Starts whatever may be started.
    fn drive(&mut self) -> Result<(), CoreError> {
        let Self { parts, votes, .. } = self;
        parts.sync.note_syncing(&parts.cx);
        parts.chain.find_finals(&mut parts.cx)?;
        parts.sync.send_statuses(&mut parts.cx, &parts.chain);
        if let Some(votes) = votes {
            votes.leave_what_is_ahead(parts)?;
        }
        loop {
            let Self { parts, votes, .. } = self;
            if parts.chain.branches().is_to_look() {
                parts.choose_branch(votes.as_deref_mut(), Cause::Sync)?;
            }
            parts.sync.seek_headers(&mut parts.cx, &mut parts.chain)?;
            parts.connect_bodies(votes.as_deref())?;
            let Parts {
                cx, chain, sync, ..
            } = parts;
            sync.fetch_bodies(cx, chain);
            if !chain.branches().is_to_look() {
                break;
            }
        }
        let Self { parts, votes, .. } = self;
        if let Some(votes) = votes {
            votes.seek_finals(parts);
        }
        parts.compare_clocks(votes.as_deref());
        parts.sync.note_change(&parts.cx, &parts.chain);
        if let Some(votes) = votes {
            votes.ask_bodies(parts);
        }
        let Parts {
            cx, chain, sync, ..
        } = parts;
        sync.flush_votes(cx);
        sync.flush_pushes(cx, chain, votes.as_deref())?;
        self.keeping.exchange_openings(&mut self.parts)?;
        let Parts {
            cx, chain, sync, ..
        } = &mut self.parts;
        chain.send_stale_template(cx);
        sync.tell_done(cx, chain.tip().height);
        sync.end_rounds(cx, chain);
        Ok(())
    }

    /// Goes on with the votes once our chain holds what they have decided, and judges what waits for that.
    fn follow_checkpoints(&mut self) -> Result<(), CoreError> {
        let Self { parts, votes, .. } = self;
        let Some(votes) = votes else { return Ok(()) };
        if !votes.look_at_checkpoints(parts)? {
            return Ok(());
        }
        if votes.lose_patience(parts) {
            self.drive()?;
        }
        while let Self {
            parts,
            votes: Some(votes),
            ..
        } = self
        {
            votes.judge_again(parts)?;
            if !votes.next_checkpoint(parts)? {
                return votes.end_checkpoints(parts);
            }
            votes.offer_votes(parts)?;
            self.drive()?;
        }
        Ok(())
    }

    /// Says when the core has something to do although nothing happens: the earliest of what its parts wait for.
    ///
    /// After each input the core has done all that it can do at that time. What is due and not done waits for something else,
    /// which either has its own time or ends with an input. So only later times count.
    fn set_alarm(&mut self) {
        let Self { parts, votes, .. } = self;
        let Parts {
            cx,
            chain,
            sync,
            observer,
        } = &*parts;
        let now = cx.now.mono_ms;
        self.wake_ms = chain
            .wake_times(cx)
            .chain(observer.wake_times())
            .chain(sync.wake_times(cx, chain))
            .chain(votes.iter().flat_map(|votes| votes.wake_times(parts)))
            .chain(self.keeping.wake_times(parts))
            .filter(|at| *at > now)
            .min();
        parts.cx.out.extend(self.wake_ms.map(Output::WakeAt));
    }
}

impl Parts {
    /// Sends a request to a connected peer.
    pub(crate) fn request(&mut self, peer: &PeerId, purpose: Purpose, request: Request) {
        self.sync.request(&mut self.cx, peer, purpose, request);
    }

    /// Whether there is room to ask a peer one more thing now.
    pub(crate) fn may_request(&self, peer: &PeerId) -> bool {
        self.sync.may_request(&self.cx, peer)
    }

    /// Drops a peer that broke the protocol provably.
    pub(crate) fn blame(&mut self, peer: &PeerId, reason: Rejection) {
        self.sync.blame(&mut self.cx, peer, reason);
    }
}

/// The questions that others may ask of the core.
impl Core {
    /// Reads beside the core, from any thread.
    pub fn reader(&self) -> Reader {
        self.parts.chain.reader().clone()
    }

    /// The pool's rules.
    pub fn genesis(&self) -> &Arc<Genesis> {
        &self.parts.cx.genesis
    }

    /// The last block of the best chain.
    pub fn tip(&self) -> Tip {
        self.parts.chain.tip()
    }

    /// The number of transactions that wait, those that wait for others included.
    pub fn pending(&self) -> usize {
        self.parts.chain.mempool().len()
    }

    /// Whether headers or bodies of a better chain are on their way.
    pub fn is_syncing(&self) -> bool {
        self.parts.sync.is_syncing(&self.parts.cx)
    }

    /// Whether this node is there now.
    pub fn is_there(&self, now: Now) -> bool {
        self.parts.is_there(self.votes.as_deref(), now)
    }

    /// Whether this node is there and its clock is known to agree with others', with the validators' where they vote.
    pub fn clock_agrees(&self, now: Now) -> bool {
        self.parts.clock_agrees(self.votes.as_deref(), now)
    }

    /// When a block of any branch first reached this node; none if it did not, or before arrivals were noted.
    pub fn arrival(&self, hash: &BlockHash) -> Result<Option<Arrival>, StoreError> {
        self.parts.chain.arrival(hash)
    }

    /// Whether this validator refuses what others have above the last final block, while nothing of its own chain waits. Until it
    /// finds a block, it has nothing to propose, and its patience does not run.
    pub fn has_only_refusals(&self) -> bool {
        let votes = self.votes.as_ref();
        votes.is_some_and(|votes| votes.has_only_refusals(&self.parts))
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
        votes.is_some_and(|votes| votes.has_recalled(&self.parts))
    }

    /// Gives the block that a miner may work on now; a message is cut to what the rules leave of 64 bytes.
    pub fn template(
        &self,
        now: Now,
        miner: AccountId,
        message: &[u8],
    ) -> Result<Template, CoreError> {
        let Parts { cx, chain, .. } = &self.parts;
        // # Rule F16: who refuses all that others have above the last final block mines one of its own.
        let wanted = self.has_only_refusals();
        chain.template(cx, now, (miner, message), wanted)
    }
}
