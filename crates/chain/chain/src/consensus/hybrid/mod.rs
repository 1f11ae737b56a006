//! Checkpoints: blocks of work that validators make final (`hybrid`). Which block is one, which are refused, and why.
//!
//! - The vote number *n* decides checkpoint *n*: a block of work that builds on checkpoint *n* − 1, by the validators as of that
//!   one. Every block may be one, as soon as it is here. Its certificate stands beside it ([`Decided`]).
//! - A proposer proposes the tip of its chain; while there is nothing above the last final block, nobody proposes anything.
//! - A proposed block is judged once it and all under it are here ([`judge`]). It is **valid** if it keeps all rules and is not
//!   refused, whatever its work; else **refused**: never invalid, since whoever knows more may judge otherwise.
//! - A node with a vote **refuses** what contradicts what it saw ([`refuse`]): blocks that came late, branches without bets that
//!   it saw count in time ([`kept`]). Its chain is the heaviest one that it does not refuse. A node without a vote
//!   follows the most work.
//! - Where validators stand by different blocks, their **patience** ends ([`patience`]): then refusals are lifted where validators
//!   of a third of the weight **testified** ([`testify`]) or the evidence is weak. What is decided then is *contested*.
//! - The rules and their reasons: `docs/decisions/0008-three-kinds-of-consensus.md`. Each was needed in a simulation.
//! - What is decided is final for fork choice ([`crate::chain`]), in whatever branch it is. The next vote begins when our
//!   chain holds it. Without a quorum blocks go on by work alone.
//! - Whoever was away asks for the certificates that it lacks, in order ([`finals`]).
//! - Nodes of two histories find that out ([`compare`]).

mod compare;
mod finals;
mod judge;
mod kept;
mod patience;
mod refuse;
mod testify;

use std::collections::{BTreeMap, BTreeSet};

use bolao_finality::{Input, Message};
use bolao_ledger::{
    BlockHash, BlockId, Decided, Decision, Height, PoolId, UnixSeconds, decode, encode,
};
use bolao_store::{FinalBlock, Snapshot, StoreError};

use crate::{
    chain::Chain,
    consensus::Voting,
    context::Context,
    error::CoreError,
    io::{Cause, LastVote},
    sync::Syncing,
};
pub(crate) use finals::Taken;

use finals::Asking;
use judge::Waiting;
use kept::Kept;
use patience::Patience;
use refuse::NoneLater;
use testify::Testimonies;

/// The state of the vote on the next checkpoint, as far as it is known.
#[derive(Debug)]
pub(super) struct Checkpoints {
    rules: bolao_ledger::Hybrid,
    /// The number of the vote that comes next.
    pub(super) number: Height,
    /// The last final block in our chain; genesis at first.
    pub(super) base: BlockId,
    /// The largest time of the chain up to it.
    pub(super) clock: UnixSeconds,
    pub(super) kept: Kept,
    /// The tip at which bets were looked at last.
    looked: BlockHash,
    patience: Patience,
    /// Whether a branch above the last final block is refused from its first block on.
    refuses: bool,
    /// Until when blocks are left that were in our chain and are ahead of our clock.
    left_until: Option<UnixSeconds>,
    none_later: Option<NoneLater>,
    testimonies: Testimonies,
    asking: Asking,
    /// The decisions that the validator wants judged.
    judging: BTreeMap<Decision, Waiting>,
    /// Blocks of other branches that keep all rules, as a trial has shown.
    tried: BTreeSet<BlockHash>,
    /// When bodies of other branches may be asked for again.
    bodies_ms: u64,
    bodies_asked: usize,
}

/// The number of blocks in which the largest time of a chain is looked for, back from the last. Times fall no lower than the
/// median of eleven.
const CLOCK_BLOCKS: u64 = 64;

/// The largest time of our chain up to a height.
fn clock_at(snapshot: &Snapshot, height: Height) -> Result<UnixSeconds, StoreError> {
    let mut clock = UnixSeconds::ZERO;
    for height in height.0.saturating_sub(CLOCK_BLOCKS)..=height.0 {
        let header = snapshot.header_at(Height(height))?;
        clock = header.map_or(clock, |it| clock.max(it.header.time()));
    }
    Ok(clock)
}

/// The proof of a final block as it is kept.
fn proof(block: &FinalBlock) -> Result<Decided, StoreError> {
    decode(block.certificate.bytes())
        .map_err(|error| StoreError::corrupt("finals", block.height, error))
}

fn final_block(decided: &Decided) -> FinalBlock {
    FinalBlock::new(decided.decision.block, encode(decided)).expect("64 signatures are short")
}

impl Checkpoints {
    /// Reads where the votes stand.
    pub(super) fn load(
        rules: &bolao_ledger::Hybrid,
        snapshot: &Snapshot,
        pool: PoolId,
    ) -> Result<Self, StoreError> {
        let mut number = Height(1);
        let mut base = BlockId {
            height: Height::ZERO,
            hash: pool.into(),
        };
        for block in snapshot.finals_down()? {
            let block = block?;
            if snapshot.hash_at(block.height)? == Some(block.hash) {
                number = proof(&block)?.height.next();
                base = block.block;
                break;
            }
        }
        Ok(Self {
            rules: rules.clone(),
            number,
            base,
            clock: clock_at(snapshot, base.height)?,
            kept: Kept::load(snapshot)?,
            looked: BlockHash::default(),
            patience: Patience::new(rules.patience_s),
            refuses: false,
            left_until: None,
            none_later: None,
            testimonies: Testimonies::default(),
            asking: Asking::default(),
            judging: BTreeMap::new(),
            tried: BTreeSet::new(),
            bodies_ms: 0,
            bodies_asked: 0,
        })
    }

    /// When bets are to be looked at.
    pub(super) fn next_kept(&self) -> Option<UnixSeconds> {
        self.kept.next
    }

    /// When somebody is to be asked for what is missing.
    pub(super) fn next_ask_ms(&self) -> Option<u64> {
        let bodies = (!self.judging.is_empty()).then_some(self.bodies_ms);
        let times = [self.asking.next_ms(), bodies, self.patience.ends_ms()];
        times.into_iter().flatten().min()
    }
}

impl Voting {
    pub(super) fn checkpoints(&self) -> Option<&Checkpoints> {
        self.checkpoints.as_deref()
    }

    fn checkpoints_mut(&mut self) -> Option<&mut Checkpoints> {
        self.checkpoints.as_deref_mut()
    }

    /// Whether there is a block to be made final.
    ///
    /// # Rule F12: a checkpoint is voted on as soon as there is a block above the last one.
    pub(super) fn has_checkpoint(&self, chain: &Chain) -> bool {
        self.checkpoints().is_some_and(|it| {
            it.base == chain.finality().last
                && chain.finality().anchored
                && chain.tip().height > it.base.height
        })
    }

    /// Whether this validator refuses what others have above the last final block, while nothing of its own chain waits. Until it
    /// finds a block, it has nothing to propose, and its patience does not run.
    pub(crate) fn has_only_refusals(&self, chain: &Chain) -> bool {
        self.checkpoints().is_some_and(|it| it.refuses) && !self.has_checkpoint(chain)
    }

    /// Notes whether a branch above the last final block is refused.
    pub(crate) fn note_refusal(&mut self, chain: &mut Chain, refuses: bool) {
        let before = self.has_only_refusals(chain);
        if let Some(it) = self.checkpoints_mut() {
            it.refuses = refuses;
        }
        if self.has_only_refusals(chain) != before {
            chain.template_changed();
        }
    }

    /// Proposes the tip.
    pub(super) fn propose_checkpoint(
        &self,
        chain: &Chain,
        number: Height,
        round: u32,
    ) -> Option<Input> {
        let it = self.checkpoints()?;
        (number == it.number && self.has_checkpoint(chain)).then(|| Input::Built {
            height: number,
            round,
            decision: Decision {
                block: chain.tip().block,
                contested: it.patience.is_over(),
            },
        })
    }

    /// Makes what was decided final.
    pub(super) fn decide_checkpoint(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        decided: Decided,
    ) -> Result<(), CoreError> {
        if self
            .checkpoints()
            .is_none_or(|it| it.number != decided.height)
        {
            return Ok(());
        }
        if decided.decision.contested {
            tracing::warn!(decision = %decided.decision, "validators supported different blocks before they decided \
                on this one");
        }
        self.make_final(cx, chain, &decided, Cause::Voted)?;
        self.votes.relay_decision(cx, sync, &Message::from(decided));
        Ok(())
    }

    fn make_final(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        decided: &Decided,
        cause: Cause,
    ) -> Result<(), CoreError> {
        let block = final_block(decided);
        if !chain.fits_named(&chain.snapshot()?, block.block)? {
            tracing::warn!(decision = %decided.decision, "validators decided a block that does not fit the one that this home's invitation names, or not yet: it does not count");
            return Ok(());
        }
        chain.on_final(cx, &block)?;
        let vote = LastVote {
            height: decided.decision.height,
            time: cx.now.unix,
        };
        self.votes.heard.decided(&decided.certificate, vote, cause);
        Ok(())
    }

    /// Begins the vote above the last final block, if our chain holds that and it is new; gives the
    /// validator that.
    pub(crate) fn next_checkpoint(
        &mut self,
        chain: &mut Chain,
    ) -> Result<Option<Input>, CoreError> {
        let held = chain.finality().last;
        if chain.seeks_final() || self.checkpoints().is_none_or(|it| it.base == held) {
            return Ok(None);
        }
        // Below what an invitation names, which has no certificate here yet.
        let Some(block) = chain.snapshot()?.last_final()? else {
            return Ok(None);
        };
        let (number, last) = (proof(&block)?.height.next(), block.block);
        if self.checkpoints().is_none_or(|it| it.base == last) {
            return Ok(None);
        }
        let set = chain.validators_after(last.height)?;
        let clock = clock_at(&chain.snapshot()?, last.height)?;
        if let Some(it) = self.checkpoints_mut() {
            it.number = number;
            it.base = last;
            it.clock = clock.max(it.clock);
            it.patience.next();
            it.refuses = false;
            it.testimonies.next();
            it.judging.clear();
            it.tried.clear();
            it.asking = Asking::default();
            it.forget_kept(chain)?;
        }
        self.votes.heard.next(set.clone());
        // What was refused may not be any more.
        chain.branches().look_again();
        let height = number;
        Ok(Some(Input::Height { height, set }))
    }

    /// Looks at what is new for the next checkpoint, where there are any; whether there are.
    pub(crate) fn look_at_checkpoints(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        sync: &Syncing,
    ) -> Result<bool, CoreError> {
        if self.checkpoints.is_none() {
            return Ok(false);
        }
        self.look_in_touch(cx, chain, sync);
        let there = self.arrives(cx, sync).there();
        let Some(it) = &mut self.checkpoints else {
            return Ok(false);
        };
        let tip = chain.tip().hash;
        let moved = std::mem::replace(&mut it.looked, tip) != tip;
        if moved {
            chain.branches().judge_soon();
        }
        it.look_kept(cx, chain, there, moved)?;
        Ok(true)
    }

    /// Says and asks what there is to be said and asked once votes have gone on.
    pub(crate) fn end_checkpoints(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        sync: &mut Syncing,
    ) -> Result<(), CoreError> {
        self.testify(cx, chain, sync)?;
        self.ask_branches(cx, chain, sync)?;
        sync.flush_votes(cx);
        Ok(())
    }
}
