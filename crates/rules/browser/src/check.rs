//! The pool's chain, replayed as parts of it come from a node that may lie.
//!
//! - A part is a record of where the node's chain ends, then what is new, then its end. It comes in pieces of any length.
//! - The next part is asked for above the last block that was replayed. If the node has that block no more, all begins again;
//!   the chain that then comes must hold every block that was proven to be final here, and be no worse than the one before.
//! - The blocks that are named, by an invitation and by what the page has kept, must be in the chain; where work alone decides, the
//!   chain must be no worse than the best one that the page has kept.
//! - Below the block that this device has found final before, signatures are not checked again: nothing of the chain counts until that
//!   block is reached, and its hash is of everything below it.
//! - What is wrong once stays wrong: only beginning again goes on.

mod kept;

use std::mem;

use self::kept::Blocks;

use bolao_answers::body::{BlockRef, DatedBlock};
use bolao_headers::{Rank, Tip};
use bolao_ledger::{
    Block, BlockId, Genesis, Height, LastFinal, MatchNo, PoolId, StateView as _, Transaction, TxId,
    TxOutcome, ValidatorSet, decode,
};
use bolao_receipts::{Beside, Comparison, SlipReport};
use bolao_replay::{Decoder, Failure, Record, Replay, Run};

use crate::{
    object::{AnswerText, object},
    pool::Open,
    refusal::{Refusal, unreadable},
    view::{Booked, View},
};

/// A chain in the middle of being checked.
#[derive(Debug)]
pub(crate) struct Check {
    replay: Replay,
    decoder: Decoder,
    /// The tip of the node's chain, as the node says.
    tip: Option<Tip>,
    /// A block whose certificate may come next.
    held: Option<Block>,
    /// Blocks with their certificates, to be checked together.
    run: Run,
    /// True if this part had anything in it.
    moved: bool,
    /// True if the last part led to the node's tip.
    whole: bool,
    named: Vec<BlockId>,
    /// The last block that this device has found final, with all below it, when it checked before.
    seen: Option<BlockId>,
    /// Of the chain before all began again.
    proven: Option<BlockId>,
    /// Of the best chain that was read, here or before the page was loaded.
    best: Option<Rank>,
    failed: Option<Refusal>,
    /// The transactions of the blocks that were replayed.
    booked: Vec<Booked>,
    /// It goes on from what this device has kept, which nothing was compared with yet.
    recalled: bool,
    /// The size of what was kept last, in bytes.
    kept: usize,
    /// The bytes of the blocks that came since.
    unkept: usize,
    /// The blocks themselves, where they are what is kept.
    blocks: Option<Blocks>,
}

fn broken(failure: &Failure) -> Refusal {
    Refusal::new(
        "broken-chain",
        format_args!("in what this computer sent, {failure}"),
    )
}

fn lie(message: impl std::fmt::Display) -> Refusal {
    Refusal::new("broken-chain", message)
}

/// The block at a height, if the replay came to it.
fn block_at(replay: &Replay, height: Height) -> Option<DatedBlock> {
    let hash = replay.hash_at(height)?;
    Some(DatedBlock {
        id: BlockId { height, hash },
        time: replay.time_at(height)?,
    })
}

/// A transaction in its place.
fn booked(transaction: Transaction, void: Vec<MatchNo>, at: DatedBlock, index: u32) -> Booked {
    Booked {
        transaction,
        void,
        block: BlockRef { at, index },
    }
}

impl Check {
    /// One that has come to the end of a replay.
    fn of(replay: Replay) -> Self {
        Self {
            replay,
            decoder: Decoder::default(),
            tip: None,
            held: None,
            run: Run::default(),
            moved: false,
            whole: false,
            named: Vec::new(),
            seen: None,
            proven: None,
            best: None,
            failed: None,
            booked: Vec::new(),
            recalled: false,
            kept: 0,
            unkept: 0,
            blocks: None,
        }
    }

    fn of_genesis(genesis: &Genesis, blocks: bool) -> Result<Self, Refusal> {
        let replay = Replay::new(genesis.clone()).map_err(|failure| broken(&failure))?;
        // Other blocks are not kept at all.
        let keeps = blocks && replay.is_final_throughout();
        Ok(Self {
            blocks: keeps.then(Blocks::default),
            ..Self::of(replay)
        })
    }

    /// `blocks`: the blocks are kept, to be replayed, and not what they make.
    pub(crate) fn new(open: &Open, blocks: bool) -> Result<Self, Refusal> {
        Self::of_genesis(&open.genesis, blocks)
    }

    /// The same from genesis on; what was final stays so.
    pub(crate) fn again(self) -> Result<Self, Refusal> {
        let replay = &self.replay;
        let height = replay.final_height();
        let proven = replay.hash_at(height).map(|hash| BlockId { height, hash });
        let proven = proven.filter(|_| self.is_below_seen().is_none());
        let fresh = Self::of_genesis(replay.genesis(), self.blocks.is_some())?;
        Ok(Self {
            best: self.best.max(Some(replay.tip().rank())),
            named: self.named,
            seen: self.seen,
            proven: self.proven.max(proven),
            ..fresh
        })
    }

    /// Begins a part, and says what to ask the node for.
    pub(crate) fn begin(
        &mut self,
        named: Vec<BlockId>,
        seen: Option<BlockId>,
        best: Option<Rank>,
    ) -> Result<AnswerText, Refusal> {
        self.unbroken()?;
        if mem::take(&mut self.recalled) {
            if !self.agrees(&named, seen) {
                *self = Self::of_genesis(self.replay.genesis(), self.blocks.is_some())?;
            }
            self.seen = seen;
        }
        self.see(seen);
        self.best = self.best.max(best);
        self.decoder = Decoder::default();
        self.tip = None;
        self.held = None;
        self.run = Run::default();
        if let Some(blocks) = &mut self.blocks {
            blocks.drop_waiting();
        }
        self.moved = false;
        self.named = named;
        for place in self.named.iter().chain(&self.seen) {
            self.holds(*place, "named")?;
        }
        let tip = self.replay.tip();
        let above = (tip.height > Height::ZERO).then_some(tip.hash);
        Ok(object!({ "above": above, "proven": self.replay.final_height() }))
    }

    /// Takes what was checked before; what was read here since is checked already.
    fn see(&mut self, seen: Option<BlockId>) {
        if self.replay.tip().height == Height::ZERO {
            self.seen = seen;
        }
    }

    /// The block of `seen` while the chain does not reach it.
    fn is_below_seen(&self) -> Option<BlockId> {
        let reached = self.replay.tip().height;
        self.seen.filter(|seen| reached < seen.height)
    }

    fn unbroken(&self) -> Result<(), Refusal> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    /// Takes a piece, and says how far the chain is.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Result<AnswerText, Refusal> {
        self.unbroken()?;
        self.decoder.feed(piece);
        let fed = self.records();
        self.remember(&fed);
        fed?;
        let height = self.replay.tip().height;
        let of = self.tip.as_ref().map_or(height, |tip| tip.height);
        Ok(object!({ "height": height, "of": of }))
    }

    fn records(&mut self) -> Result<(), Refusal> {
        while let Some(record) = self.decoder.next_record().map_err(|error| {
            Refusal::new("bad-part", format_args!("what this computer sent: {error}"))
        })? {
            self.take(record)?;
        }
        Ok(())
    }

    fn take(&mut self, record: Record) -> Result<(), Refusal> {
        match (record, self.tip.is_some()) {
            (Record::Tip(tip), false) => {
                self.is_of(tip.pool)?;
                self.tip = Some(tip.tip);
                Ok(())
            }
            (Record::Block(bytes), true) => {
                self.push(None)?;
                self.unkept += bytes.len();
                if let Some(blocks) = &mut self.blocks {
                    blocks.add(&Record::Block(bytes.clone()));
                }
                let block = decode(&bytes).map_err(|error| {
                    lie(format_args!(
                        "a block that this computer sent is damaged: {error}"
                    ))
                })?;
                self.held = Some(block);
                Ok(())
            }
            (Record::Certificate(bytes), true) if self.held.is_some() => {
                if let Some(blocks) = &mut self.blocks {
                    blocks.add(&Record::Certificate(bytes.clone()));
                }
                if self.is_below_seen().is_some() || !self.replay.is_final_throughout() {
                    return self.push(Some(&bytes));
                }
                if let Some(block) = self.held.take() {
                    self.run.add(block, bytes);
                }
                if self.run.is_full() {
                    self.push_run()?;
                }
                Ok(())
            }
            (
                Record::Proof {
                    height,
                    certificate,
                },
                true,
            ) if self.held.is_none() => {
                self.moved = true;
                let proven = self.replay.prove(height, &certificate);
                proven.map_err(|failure| broken(&failure))
            }
            (Record::End { .. }, true) => {
                self.push_run()?;
                self.push(None)
            }
            _ => Err(lie(
                "what this computer sent is no part of a chain: its records are out of order",
            )),
        }
    }

    /// Whether it is the chain of this pool.
    pub(crate) fn is_of(&self, pool: PoolId) -> Result<(), Refusal> {
        let wanted = self.replay.pool();
        if pool == wanted {
            return Ok(());
        }
        Err(Refusal::new(
            "other-pool",
            format_args!("this computer sent blocks of the pool {pool}, wanted {wanted}"),
        ))
    }

    /// Replays the block that waits for its certificate, if one does.
    fn push(&mut self, certificate: Option<&[u8]>) -> Result<(), Refusal> {
        let Some(block) = self.held.take() else {
            return Ok(());
        };
        self.push_run()?;
        let transactions = block.transactions.clone();
        let pushed = match self.is_below_seen() {
            Some(_) => self.replay.push_below(block, certificate),
            None => self.replay.push(block, certificate),
        };
        let outcomes = pushed.map_err(|failure| broken(&failure))?;
        self.book(self.replay.tip().height, transactions, outcomes);
        self.pushed()
    }

    /// Replays the blocks that wait with their certificates.
    fn push_run(&mut self) -> Result<(), Refusal> {
        let run = mem::take(&mut self.run);
        let mut outcomes = Vec::new();
        let pushed = self.replay.push_run(&run, &mut outcomes);
        if outcomes.is_empty() && pushed.is_ok() {
            return Ok(());
        }
        for (block, outcomes) in run.into_blocks().zip(outcomes) {
            self.book(block.coinbase.height, block.transactions, outcomes);
        }
        pushed.map_err(|failure| broken(&failure))?;
        self.pushed()
    }

    /// Keeps what became of a block's transactions.
    fn book(&mut self, height: Height, transactions: Vec<Transaction>, outcomes: Vec<TxOutcome>) {
        let Some(at) = block_at(&self.replay, height) else {
            return;
        };
        let made = transactions.into_iter().zip(outcomes).zip(0..);
        let made = made.map(|((transaction, outcome), index)| {
            booked(transaction, outcome.void_bets, at, index)
        });
        self.booked.extend(made);
    }

    /// Looks at what is on top now.
    fn pushed(&mut self) -> Result<(), Refusal> {
        self.moved = true;
        self.whole = false;
        if let Some(blocks) = &mut self.blocks {
            blocks.are_replayed();
        }
        let tip = self.replay.tip();
        let of = self.tip.as_ref().map_or(Height::ZERO, |tip| tip.height);
        if tip.height > of {
            return Err(lie(format_args!(
                "this computer says that the chain ends at block {of}, and sends block {}",
                tip.height
            )));
        }
        for place in self.named.iter().chain(&self.seen) {
            self.holds(*place, "named")?;
        }
        if let Some(proven) = self.proven {
            self.holds(proven, "final")?;
        }
        Ok(())
    }

    /// Tells whether the chain, if it goes so far, has this block in its place.
    fn holds(&self, place: BlockId, what: &str) -> Result<(), Refusal> {
        match self.replay.hash_at(place.height) {
            Some(hash) if hash != place.hash => Err(Refusal::new(
                "other-history",
                format_args!(
                    "this computer shows another history: its block {} is {hash}, the {what} one is {}",
                    place.height, place.hash
                ),
            )),
            _ => Ok(()),
        }
    }

    /// Ends a part: what was checked, or that more is to come.
    pub(crate) fn end(&mut self) -> Result<AnswerText, Refusal> {
        self.unbroken()?;
        self.decoder
            .finish()
            .map_err(|error| Refusal::new("cut-off", error))?;
        let ended = self.ended();
        self.remember(&ended);
        ended
    }

    /// Remembers a refusal: what is wrong once stays wrong; what was cut off or lags behind may be better next time.
    fn remember<T>(&mut self, result: &Result<T, Refusal>) {
        if let Err(error) = result
            && !matches!(error.code, "bad-part" | "behind")
        {
            self.failed = Some(error.clone());
        }
    }

    fn ended(&mut self) -> Result<AnswerText, Refusal> {
        let (tip, reached) = (self.tip.as_ref(), self.replay.tip());
        let of = tip.map_or(Height::ZERO, |tip| tip.height);
        if reached.height < of {
            if !self.moved {
                return Err(lie(format_args!(
                    "this computer says that the chain ends at block {of}, and sends nothing above block {}",
                    reached.height
                )));
            }
            return Ok(object!({ "more": true }));
        }
        if tip != Some(&Tip::from(reached)) {
            return Err(lie(format_args!(
                "this computer says that the chain ends with another block than the one that it sent, {} at height {}",
                reached.hash, reached.height
            )));
        }
        let named = self.named.iter().map(|it| it.height).max();
        let proven = self.proven.map(|it| it.height);
        // In `hybrid` a better branch may be refused for what validators saw.
        let by_work = self.replay.genesis().consensus.voting().is_none();
        let is_worse = by_work && self.best > Some(reached.rank());
        let is_short = named.max(proven) > Some(reached.height) || self.is_below_seen().is_some();
        if is_worse || is_short {
            return Err(Refusal::new(
                "behind",
                format_args!(
                    "this computer's chain ends at block {of}, and more of it was seen before: it may still be \
                    catching up, or hides what followed"
                ),
            ));
        }
        self.whole = true;
        Ok(object!({ "more": false, "checked": self.report()? }))
    }

    pub(crate) fn report(&self) -> Result<AnswerText, Refusal> {
        let totals = self.view().totals().map_err(unreadable)?;
        let address = self.view().address().map_err(unreadable)?;
        let tip = self.replay.tip();
        Ok(object!({
            "tip": tip.hash,
            "height": tip.height,
            "final": self.replay.final_height(),
            "final_hash": self.replay.hash_at(self.replay.final_height()),
            "work": hex::encode(tip.work.to_be_bytes()),
            "transactions": totals.transactions,
            "accounts": totals.accounts,
            "bets": totals.bets,
            "matches": totals.matches,
            "clock": totals.clock,
            "address": address,
        }))
    }

    /// Tells whether the last part led to the node's tip.
    pub(crate) const fn is_whole(&self) -> bool {
        self.whole
    }

    /// The highest block that is proven to be final.
    pub(crate) fn last_final(&self) -> Option<LastFinal> {
        let height = self.replay.final_height();
        let time = self.replay.time_at(height)?;
        Some(LastFinal { height, time })
    }

    /// Compares a receipt with what was replayed so far; `None` where nothing of it counts yet.
    pub(crate) fn compare(&self, report: &SlipReport) -> Option<(Height, Beside)> {
        let (tip, last_final) = (self.replay.tip().height, self.replay.final_height());
        let is_read = tip > Height::ZERO && !self.recalled && self.is_below_seen().is_none();
        if !is_read || self.failed.is_some() {
            return None;
        }
        let mut comparison = Comparison::new(report, tip, last_final);
        while let Some(height) = comparison.wants() {
            let after = self.view().validators_after(height).ok()?;
            let after = ValidatorSet::new(after).map(|set| set.hash());
            comparison.take(self.replay.hash_at(height)?, after.ok());
        }
        Some(comparison.found())
    }

    /// The matches of which the bets of a transaction of a block came too late, if it holds it.
    pub(crate) fn void_in(&self, height: Height, id: &TxId) -> Option<&[MatchNo]> {
        let mut there = self.booked.iter();
        let found = there.find(|it| it.block.at.height == height && it.transaction.id() == *id);
        found.map(|it| it.void.as_slice())
    }

    /// The view of the chain.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            genesis: self.replay.genesis(),
            state: self.replay.state(),
            pool: self.replay.pool(),
            tip: self.replay.tip().block,
            decided: self.replay.final_height(),
            booked: &self.booked,
            replay: &self.replay,
        }
    }
}
