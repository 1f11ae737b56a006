//! The blocks that a height's votes are about: how they come here, and what they are worth.
//!
//! - The proposer sends its block to all its peers, and each that finds it valid sends it on to those who hear of votes through it
//!   first. One that comes before word of its proposal waits, unchecked; there is room for a few. Whoever lacks a block that is
//!   proposed or decided asks for it, first those whom it heard of it from.
//! - A block is judged as soon as it is here and a validator proposed it. **Invalid** is what breaks a rule on our tip, which is
//!   final: nobody can ever judge otherwise. What is valid but has a time that lies more than `clock_s` from our clock, at the
//!   moment when block or proposal first came, is refused: nothing is dated back or ahead by more.

use std::collections::{BTreeMap, VecDeque};

use bolao_finality::{Decided, Input, Verdict};
use bolao_ledger::{Block, BlockHash, CheckedBlock, Decision, Ledger, TxId, UnixSeconds};
use bolao_store::{Arrival, Snapshot, StoreError};

use crate::{
    chain::Chain,
    consensus::Voting,
    context::Context,
    error::{ConnectError, CoreError},
    io::{Item, PeerId, Rejection},
    sync::{Purpose, Syncing},
    wire::Request,
};

/// The most blocks that wait for word of their proposals.
const MAX_EARLY: usize = 8;
/// The most checked blocks in memory; those beyond are read from the disk or asked for again.
const MAX_BLOCKS: usize = 16;
/// The time for which a block may be on its way by itself before somebody is asked for it, in milliseconds.
const PATIENCE_MS: u64 = 100;
/// The time that an answer may take before somebody else is asked, in milliseconds.
const NEXT_MS: u64 = 300;

/// A block that somebody speaks of.
pub(crate) enum Body {
    Here(CheckedBlock),
    /// It breaks a rule, whatever the state.
    Broken(Rejection),
    Missing,
}

/// Blocks of one height.
#[derive(Debug, Default)]
pub(crate) struct Bodies {
    checked: VecDeque<CheckedBlock>,
    /// Blocks that nobody has proposed yet.
    early: VecDeque<Block>,
    /// When a block or its proposal first came.
    arrived: BTreeMap<BlockHash, Arrival>,
    /// The decisions that the validator wants judged, each with whether more than two thirds have voted for it.
    judging: BTreeMap<Decision, bool>,
    /// Blocks that are not here.
    missing: BTreeMap<BlockHash, Missing>,
    /// A decision whose block is missing.
    pub(crate) undecided: Option<Decided>,
}

#[derive(Debug)]
struct Missing {
    ask_ms: u64,
    /// The peer that has heard of it.
    from: Option<PeerId>,
    asked: usize,
}

/// The questions that have waited for a block.
#[derive(Debug)]
pub(crate) struct Awaited {
    /// The decisions to be judged, each with whether more than two thirds have voted for it.
    pub(crate) judging: Vec<(Decision, bool)>,
    /// The decision that is made.
    pub(crate) undecided: Option<Decided>,
}

impl Bodies {
    pub(crate) fn get(&self, hash: &BlockHash) -> Option<&CheckedBlock> {
        self.checked.iter().find(|block| block.hash() == *hash)
    }

    pub(crate) fn put(&mut self, block: CheckedBlock) {
        if self.checked.len() >= MAX_BLOCKS {
            self.checked.pop_front();
        }
        self.checked.push_back(block);
    }

    /// Notes that a block has come, or word of it.
    pub(crate) fn arrived(&mut self, hash: BlockHash, now: Arrival) -> Arrival {
        *self.arrived.entry(hash).or_insert(now)
    }

    pub(crate) fn next_ask_ms(&self) -> Option<u64> {
        self.missing.values().map(|it| it.ask_ms).min()
    }

    /// Reads those that the votes on the disk are about.
    pub(crate) fn load(cx: &Context, snapshot: &Snapshot) -> Result<Self, StoreError> {
        let mut bodies = Self::default();
        for block in snapshot.proposals()? {
            if let Ok(block) = block.check(&cx.genesis, cx.pool) {
                bodies.put(block);
            }
        }
        Ok(bodies)
    }
}

impl Voting {
    /// A block of this height, from memory or disk.
    pub(crate) fn body(
        &mut self,
        cx: &Context,
        chain: &Chain,
        hash: &BlockHash,
    ) -> Result<Body, CoreError> {
        if let Some(known) = self.bodies.get(hash) {
            return Ok(Body::Here(known.clone()));
        }
        let early = &mut self.bodies.early;
        let place = early.iter().position(|block| block.hash() == *hash);
        if let Some(block) = place.and_then(|place| early.remove(place)) {
            return Ok(self.check_body(cx, chain, block));
        }
        let kept = chain.snapshot()?.proposal_bytes(hash)?;
        let block = kept.and_then(|bytes| bolao_ledger::decode(&bytes).ok());
        Ok(block.map_or(Body::Missing, |block| self.check_body(cx, chain, block)))
    }

    /// Checks all of a block that needs no state, and keeps it.
    fn check_body(&mut self, cx: &Context, chain: &Chain, block: Block) -> Body {
        let waiting = |id: &TxId| chain.mempool().get(id);
        let verify = cx.config.verify;
        match block.check_with(&cx.genesis, cx.pool, verify, waiting) {
            Ok(block) => {
                self.bodies.put(block.clone());
                Body::Here(block)
            }
            // Another body may be the genuine one.
            Err(error) if error.is_body_mutation() => Body::Missing,
            Err(error) => Body::Broken(error.into()),
        }
    }

    /// When a block that may be decided, or word of it, first came.
    pub(crate) fn first_heard(&self, hash: &BlockHash) -> Option<Arrival> {
        self.bodies.arrived.get(hash).copied()
    }

    /// A block that a peer pushed, or was asked for: gives what waited for it.
    pub(crate) fn take_body(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &Syncing,
        block: Block,
    ) -> Option<Awaited> {
        let (hash, now) = (block.hash(), self.arrives(cx, sync));
        let on_tip = block.header.previous == chain.tip().hash;
        let bodies = &mut self.bodies;
        if !on_tip || bodies.get(&hash).is_some() || bodies.early.iter().any(|it| it.hash() == hash)
        {
            return None;
        }
        let wanted = bodies.missing.contains_key(&hash);
        if !wanted && bodies.early.len() >= MAX_EARLY {
            let oldest = bodies.early.pop_front();
            oldest.and_then(|block| bodies.arrived.remove(&block.hash()));
        }
        bodies.arrived(hash, now);
        if !wanted {
            bodies.early.push_back(block);
            return None;
        }
        bodies.early.push_front(block);
        bodies.missing.remove(&hash);
        let judging = bodies.judging.extract_if(.., |it, _| it.hash == hash);
        let judging = judging.collect();
        let undecided = bodies.undecided.take_if(|it| it.decision.hash == hash);
        Some(Awaited { judging, undecided })
    }

    /// Judges a proposed block, now or as soon as it is here.
    pub(crate) fn judge(
        &mut self,
        cx: &Context,
        chain: &Chain,
        sync: &mut Syncing,
        decision: Decision,
        backed: bool,
    ) -> Result<Option<Input>, CoreError> {
        let now = self.arrives(cx, sync);
        let arrived = self.bodies.arrived(decision.hash, now).at;
        let verdict = match self.body(cx, chain, &decision.hash)? {
            Body::Here(block) => self.verdict(cx, chain, decision, &block, arrived)?,
            Body::Broken(why) => {
                tracing::warn!(%decision, %why, "a block that breaks a rule is proposed");
                Verdict::Invalid
            }
            Body::Missing => {
                self.bodies.judging.insert(decision, backed);
                self.miss(cx, decision.hash);
                return Ok(None);
            }
        };
        let verdict = if backed && verdict == Verdict::Refused {
            Verdict::Valid
        } else {
            verdict
        };
        let verdict = match verdict {
            Verdict::Valid if self.must_wait(cx, chain, sync)? => Verdict::Refused,
            verdict => verdict,
        };
        Ok(Some(judged(chain, decision, verdict)))
    }

    pub(crate) fn verdict(
        &self,
        cx: &Context,
        chain: &Chain,
        decision: Decision,
        block: &CheckedBlock,
        arrived: UnixSeconds,
    ) -> Result<Verdict, CoreError> {
        let snapshot = chain.snapshot()?;
        let headers = snapshot.header_chain(&chain.tip().hash)?;
        let header = headers.and_then(|it| it.check(&cx.genesis, &block.get().header).ok());
        let Some(header) = header else {
            return Ok(Verdict::Invalid);
        };
        if decision.contested || decision.height != header.height {
            return Ok(Verdict::Invalid);
        }
        let applied = Ledger::of_pool(&cx.genesis, cx.pool);
        let applied = applied.apply_block(&snapshot, header.height, block);
        if let Err(error) = applied {
            let why = ConnectError::rejection(error)?;
            tracing::warn!(hash = %header.hash, %why, "a block that breaks a rule is proposed");
            return Ok(Verdict::Invalid);
        }
        // # Rule F8: a validator votes for a block only if its time lies within `clock_s` of the own clock.
        let apart = header.header.time().0.abs_diff(arrived.0);
        if apart > self.rules.clock_s.into() {
            tracing::warn!(hash = %header.hash, apart, "a proposed block's time is too far from this clock");
            return Ok(Verdict::Refused);
        }
        Ok(Verdict::Valid)
    }

    /// A block is wanted that is not here.
    pub(crate) fn miss(&mut self, cx: &Context, hash: BlockHash) {
        let ask_ms = cx.now.mono_ms.saturating_add(PATIENCE_MS);
        let from = self.votes.from.clone();
        let missing = self.bodies.missing.entry(hash);
        missing.or_insert(Missing {
            ask_ms,
            from,
            asked: 0,
        });
    }

    /// Asks for blocks that did not come by themselves.
    pub(crate) fn ask_bodies(&mut self, cx: &mut Context, sync: &mut Syncing) {
        let now = cx.now.mono_ms;
        let mut asks = Vec::new();
        for (hash, missing) in &mut self.bodies.missing {
            if missing.ask_ms > now {
                continue;
            }
            let first = missing
                .from
                .take()
                .filter(|it| sync.peers().contains_key(it));
            let turn = missing.asked.checked_rem(sync.peers().len());
            let next = turn.and_then(|turn| sync.peers().keys().nth(turn));
            missing.asked += usize::from(first.is_none());
            missing.ask_ms = now.saturating_add(NEXT_MS);
            asks.extend(first.or_else(|| next.cloned()).map(|peer| (peer, *hash)));
        }
        for (peer, hash) in asks {
            if sync.may_request(cx, &peer) {
                let hashes = vec![hash];
                sync.request(cx, &peer, Purpose::Proposal, Request::Blocks { hashes });
            }
        }
    }

    /// Sends a block to all peers; they ask for one that is too long.
    pub(crate) fn share_body(&mut self, cx: &Context, sync: &mut Syncing, hash: BlockHash) {
        if self.fits_push(cx, hash) {
            sync.push(cx, Item::Block(hash));
        }
    }

    /// Sends another's block on to those whom its proposer does not reach.
    pub(crate) fn pass_body_on(&mut self, cx: &Context, sync: &mut Syncing, hash: BlockHash) {
        if self.fits_push(cx, hash) {
            sync.push_behind(cx, self.votes.from.as_ref(), hash);
        }
    }

    fn fits_push(&self, cx: &Context, hash: BlockHash) -> bool {
        let room = cx.config.max_request_bytes;
        let block = self.bodies.get(&hash);
        block.is_some_and(|block| block.encoded_bytes().saturating_add(8) <= room)
    }

    /// A proposed block that is in memory.
    pub(crate) fn proposed(&self, hash: &BlockHash) -> Option<&Block> {
        self.bodies.get(hash).map(CheckedBlock::get)
    }
}

fn judged(chain: &Chain, decision: Decision, verdict: Verdict) -> Input {
    let height = chain.tip().height.next();
    tracing::debug!(%decision, ?verdict, "judged a proposal");
    Input::Judged {
        height,
        decision,
        verdict,
    }
}
