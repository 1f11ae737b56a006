//! The blocks that a height's votes are about: how they come here, and what they are worth.
//!
//! - The proposer sends its block to all its peers. One that comes before word of its proposal waits, unchecked; there is room
//!   for a few. Whoever lacks a block that is proposed or decided asks for it, first those whom it heard of it from.
//! - A block is judged as soon as it is here and a validator proposed it. **Invalid** is what breaks a rule on our tip, which is
//!   final: nobody can ever judge otherwise. What is valid but has a time that lies more than `clock_s` from our clock, at the
//!   moment when block or proposal first came, is refused: nothing is dated back or ahead by more.

use std::collections::{BTreeMap, VecDeque};

use bolao_finality::{Decided, Input, Verdict};
use bolao_ledger::{Block, BlockHash, CheckedBlock, Decision, Ledger, TxId, UnixSeconds};
use bolao_store::{Arrival, Snapshot, StoreError};

use crate::{
    consensus::Voting,
    core::{Context, Parts},
    error::{ConnectError, CoreError},
    io::{Item, PeerId, Rejection},
    sync::Purpose,
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
    pub(crate) fn body(&mut self, parts: &Parts, hash: &BlockHash) -> Result<Body, CoreError> {
        if let Some(known) = self.bodies.get(hash) {
            return Ok(Body::Here(known.clone()));
        }
        let early = &mut self.bodies.early;
        let place = early.iter().position(|block| block.hash() == *hash);
        if let Some(block) = place.and_then(|place| early.remove(place)) {
            return Ok(self.check_body(parts, block));
        }
        let kept = parts.chain.snapshot()?.proposal_bytes(hash)?;
        let block = kept.and_then(|bytes| bolao_ledger::decode(&bytes).ok());
        Ok(block.map_or(Body::Missing, |block| self.check_body(parts, block)))
    }

    /// Checks all of a block that needs no state, and keeps it.
    fn check_body(&mut self, parts: &Parts, block: Block) -> Body {
        let waiting = |id: &TxId| parts.chain.mempool().get(id);
        let verify = parts.cx.config.verify;
        match block.check_with(&parts.cx.genesis, parts.cx.pool, verify, waiting) {
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

    /// A block that was pushed or asked for.
    pub(crate) fn take_body(&mut self, parts: &mut Parts, block: Block) -> Result<(), CoreError> {
        let (hash, now) = (block.hash(), parts.arrives_now(Some(self)));
        let on_tip = block.header.previous == parts.chain.tip().hash;
        let bodies = &mut self.bodies;
        if !on_tip || bodies.get(&hash).is_some() || bodies.early.iter().any(|it| it.hash() == hash)
        {
            return Ok(());
        }
        let wanted = bodies.missing.contains_key(&hash);
        if !wanted && bodies.early.len() >= MAX_EARLY {
            let oldest = bodies.early.pop_front();
            oldest.and_then(|block| bodies.arrived.remove(&block.hash()));
        }
        bodies.arrived(hash, now);
        if !wanted {
            bodies.early.push_back(block);
            return Ok(());
        }
        let early = &mut bodies.early;
        early.push_front(block);
        self.use_body(parts, hash)
    }

    /// Goes on with what waited for a block.
    fn use_body(&mut self, parts: &mut Parts, hash: BlockHash) -> Result<(), CoreError> {
        let bodies = &mut self.bodies;
        bodies.missing.remove(&hash);
        let judged = bodies.judging.extract_if(.., |it, _| it.hash == hash);
        let judged: Vec<_> = judged.collect();
        let undecided = bodies.undecided.take_if(|it| it.decision.hash == hash);
        for (decision, backed) in judged {
            if let Some(input) = self.judge(parts, decision, backed)? {
                self.vote(parts, input)?;
            }
        }
        if let Some(decided) = undecided
            && let Some(input) = self.decide(parts, decided)?
        {
            self.vote(parts, input)?;
        }
        Ok(())
    }

    /// Judges a proposed block, now or as soon as it is here.
    pub(crate) fn judge(
        &mut self,
        parts: &mut Parts,
        decision: Decision,
        backed: bool,
    ) -> Result<Option<Input>, CoreError> {
        let now = parts.arrives_now(Some(self));
        let arrived = self.bodies.arrived(decision.hash, now).at;
        let verdict = match self.body(parts, &decision.hash)? {
            Body::Here(block) => self.verdict(parts, decision, &block, arrived)?,
            Body::Broken(why) => {
                tracing::warn!(%decision, %why, "a block that breaks a rule is proposed");
                Verdict::Invalid
            }
            Body::Missing => {
                self.bodies.judging.insert(decision, backed);
                self.miss(parts, decision.hash);
                return Ok(None);
            }
        };
        let verdict = if backed && verdict == Verdict::Refused {
            Verdict::Valid
        } else {
            verdict
        };
        let verdict = match verdict {
            Verdict::Valid if self.must_wait(parts)? => Verdict::Refused,
            verdict => verdict,
        };
        Ok(Some(judged(parts, decision, verdict)))
    }

    pub(crate) fn verdict(
        &self,
        parts: &Parts,
        decision: Decision,
        block: &CheckedBlock,
        arrived: UnixSeconds,
    ) -> Result<Verdict, CoreError> {
        let snapshot = parts.chain.snapshot()?;
        let chain = snapshot.header_chain(&parts.chain.tip().hash)?;
        let header =
            chain.and_then(|chain| chain.check(&parts.cx.genesis, &block.get().header).ok());
        let Some(header) = header else {
            return Ok(Verdict::Invalid);
        };
        if decision.contested || decision.height != header.height {
            return Ok(Verdict::Invalid);
        }
        let applied = Ledger::of_pool(&parts.cx.genesis, parts.cx.pool);
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
    pub(crate) fn miss(&mut self, parts: &Parts, hash: BlockHash) {
        let ask_ms = parts.cx.now.mono_ms.saturating_add(PATIENCE_MS);
        let from = self.from.clone();
        let missing = self.bodies.missing.entry(hash);
        missing.or_insert(Missing {
            ask_ms,
            from,
            asked: 0,
        });
    }

    /// Asks for blocks that did not come by themselves.
    pub(crate) fn ask_bodies(&mut self, parts: &mut Parts) {
        let now = parts.cx.now.mono_ms;
        let mut asks = Vec::new();
        for (hash, missing) in &mut self.bodies.missing {
            if missing.ask_ms > now {
                continue;
            }
            let first = missing
                .from
                .take()
                .filter(|it| parts.sync.peers().contains_key(it));
            let turn = missing.asked.checked_rem(parts.sync.peers().len());
            let next = turn.and_then(|turn| parts.sync.peers().keys().nth(turn));
            missing.asked += usize::from(first.is_none());
            missing.ask_ms = now.saturating_add(NEXT_MS);
            asks.extend(first.or_else(|| next.cloned()).map(|peer| (peer, *hash)));
        }
        for (peer, hash) in asks {
            if parts.may_request(&peer) {
                let hashes = vec![hash];
                parts.request(&peer, Purpose::Proposal, Request::Blocks { hashes });
            }
        }
    }

    /// An answer to what [`Self::ask_bodies`] asked.
    pub(crate) fn take_proposals(
        &mut self,
        parts: &mut Parts,
        blocks: &[Vec<u8>],
    ) -> Result<(), CoreError> {
        for bytes in blocks {
            if let Ok(block) = bolao_ledger::decode(bytes) {
                self.take_body(parts, block)?;
            }
        }
        Ok(())
    }

    /// Sends a block to all peers; they ask for one that is too long.
    pub(crate) fn share_body(&mut self, parts: &mut Parts, hash: BlockHash) {
        let block = self.bodies.get(&hash);
        let room = parts.cx.config.max_request_bytes;
        if block.is_some_and(|block| block.encoded_bytes().saturating_add(8) <= room) {
            parts.sync.push(&parts.cx, Item::Block(hash));
        }
    }

    /// A proposed block that is in memory.
    pub(crate) fn proposed(&self, hash: &BlockHash) -> Option<&Block> {
        self.bodies.get(hash).map(CheckedBlock::get)
    }
}

fn judged(parts: &Parts, decision: Decision, verdict: Verdict) -> Input {
    let height = parts.chain.tip().height.next();
    tracing::debug!(%decision, ?verdict, "judged a proposal");
    Input::Judged {
        height,
        decision,
        verdict,
    }
}
