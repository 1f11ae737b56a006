//! One block at a time: mined here, pushed or gossiped.

use std::{collections::BTreeSet, sync::Arc};

use bolao_headers::{CheckedHeader, HeaderError, check_not_too_new, check_own_proof};
use bolao_ledger::{
    AppliedBlock, Block, BlockError, BlockHash, CheckedBlock, CheckedTransaction, Genesis, Ledger,
    Reason, Transaction, TxId,
};
use bolao_store::{
    Arrival, Durability, FinalBlock, HeaderRecord, NoticedChange, StoreError, Tables, Tip,
};

use crate::{
    chain::Chain,
    consensus::Voting,
    core::{Context, Parts},
    error::{ConnectError, CoreError, no_certificate},
    io::{Accepted, Blocks, Cause, Event, Rejection, TipChange},
    mempool::{Mempool, Returned},
    observer::{
        Evidence, Observer,
        notices::{self, late_bets},
    },
};

/// The most bodies of lost branches that are forgotten with one new block.
const PRUNED_AT_ONCE: usize = 64;

/// Why a block was not taken.
#[derive(Debug)]
pub(crate) struct BlockRejection {
    pub(crate) rejection: Rejection,
    /// Whether its sender must have known. Never for what depends on the state: who forwards a block need not have
    /// applied it.
    pub(crate) blame: bool,
}

impl From<Rejection> for BlockRejection {
    fn from(rejection: Rejection) -> Self {
        Self {
            rejection,
            blame: false,
        }
    }
}

impl From<HeaderError> for BlockRejection {
    fn from(error: HeaderError) -> Self {
        let blame = matches!(
            error,
            HeaderError::HighHash { .. }
                | HeaderError::BadTarget { .. }
                | HeaderError::TimeTooOld { .. }
        );
        Self {
            rejection: error.into(),
            blame,
        }
    }
}

impl From<BlockError> for BlockRejection {
    fn from(error: BlockError) -> Self {
        Self {
            rejection: error.into(),
            blame: true,
        }
    }
}

/// A block that comes next on the tip.
#[derive(Debug)]
pub(crate) struct NextBlock<'b> {
    pub(crate) header: CheckedHeader,
    pub(crate) block: &'b CheckedBlock,
    /// Itself, with the proof that it is final, where that comes with it.
    pub(crate) proven: Option<FinalBlock>,
}

/// Writes a block on the tip, with its header if that is new, and with what makes it final.
pub(crate) fn connect_block<'b>(
    tables: &mut Tables<'_>,
    ledger: &Ledger<'_>,
    header: &CheckedHeader,
    block: &'b CheckedBlock,
    proven: Option<&FinalBlock>,
) -> Result<AppliedBlock<'b>, ConnectError> {
    let applied = ledger
        .apply_block(&*tables, header.height, block)
        .map_err(|error| ConnectError::apply(header.hash, error))?;
    tables.connect_next(header, &applied, proven)?;
    Ok(applied)
}

/// The refusal of a block that was looked at before.
fn already_known(known: HeaderRecord) -> Option<Rejection> {
    let hash = known.hash;
    if let Some(why) = known.invalid {
        let message = format!("block {hash} was found invalid: {why}");
        return Some(Rejection::new(Reason::KnownInvalid, message));
    }
    let message = || format!("block {hash} is known");
    let has_body = known.has_body;
    has_body.then(|| Rejection::new(Reason::AlreadyKnown, message()))
}

impl Parts {
    /// Checks a block and makes it the tip, or keeps it on its branch.
    pub(crate) fn accept_block(
        &mut self,
        votes: Option<&mut Voting>,
        block: Block,
        cause: Cause,
    ) -> Result<Result<Accepted, BlockRejection>, CoreError> {
        let hash = block.hash();
        if !self.cx.kind.is_mined() {
            let rejection = no_certificate(format_args!("block {hash} has no certificate"));
            return Ok(Err(BlockRejection {
                rejection,
                blame: true,
            }));
        }
        if let Err(error) = check_own_proof(&self.cx.genesis, &block.header) {
            return Ok(Err(error.into()));
        }
        let snapshot = self.chain.snapshot()?;
        if let Some(known) = snapshot.header(&hash)?.and_then(already_known) {
            return Ok(Err(known.into()));
        }
        let parent = block.header.previous;
        let Some(chain) = snapshot.header_chain(&parent)? else {
            return Ok(Err(HeaderError::UnknownParent { hash, parent }.into()));
        };
        if let Some(refused) = self.chain.against_final(&snapshot, chain.tip(), hash)? {
            return Ok(Err(refused));
        }
        let record = match chain.check(&self.cx.genesis, &block.header) {
            Ok(checked) => checked,
            Err(error) => return Ok(Err(error.into())),
        };
        drop(snapshot);
        if let Some(refused) = self.chain.too_weak(&record, cause) {
            return Ok(Err(refused));
        }
        let early = check_not_too_new(&self.cx.genesis, &block.header, self.cx.now.unix);
        let checked = match self.chain.check(&self.cx, block) {
            Ok(checked) => checked,
            Err(error) => {
                let forgeable = error.is_body_mutation();
                let refused = BlockRejection::from(error);
                if !forgeable {
                    self.chain.remember_invalid(&record, &refused.rejection)?;
                }
                return Ok(Err(refused));
            }
        };
        if let Err(error) = early {
            self.chain.future.hold(checked);
            return Ok(Err(error.into()));
        }
        let late = |votes: &&mut Voting| votes.arrives_late(self, record.header.time());
        if parent == self.chain.tip.hash && !votes.as_ref().is_some_and(late) {
            let next = NextBlock {
                header: record,
                block: &checked,
                proven: None,
            };
            if let Err((_, rejection)) = self.extend_tip(None, &[next], cause)? {
                return Ok(Err(rejection.into()));
            }
        } else {
            self.keep_side_block(votes, &record, &checked, cause)?;
        }
        if let Some(refused) = self.chain.found_invalid(&hash)? {
            return Ok(Err(refused));
        }
        Ok(Ok(Accepted::Block {
            hash,
            height: record.height,
            tip: self.chain.tip.hash == hash,
        }))
    }

    /// Keeps a block that is not on the tip, and changes branches if that one is better now.
    fn keep_side_block(
        &mut self,
        votes: Option<&mut Voting>,
        record: &CheckedHeader,
        checked: &CheckedBlock,
        cause: Cause,
    ) -> Result<(), CoreError> {
        let durability = match cause {
            Cause::Mined => Durability::Durable,
            _ => Durability::Volatile,
        };
        self.chain.write(durability, |tables| {
            tables.put_header(record)?;
            tables.put_body(checked)
        })?;
        self.chain.recent.put(checked);
        self.chain.branches.judge_soon();
        if record.rank() > self.chain.tip.rank() || self.chain.seeks_final() {
            self.chain.find_finals(&mut self.cx)?;
            self.choose_branch(votes, cause)?;
        } else if cause != Cause::Mined {
            self.chain.branches.side_blocks += 1;
        }
        Ok(())
    }
}

impl Chain {
    pub(crate) fn found_invalid(
        &self,
        hash: &BlockHash,
    ) -> Result<Option<BlockRejection>, CoreError> {
        let record = self.snapshot()?.header(hash)?;
        Ok(record.and_then(|it| it.invalid).map(|why| {
            let reason = match why {
                Reason::InvalidAncestor => why,
                _ => Reason::KnownInvalid,
            };
            BlockRejection::from(Rejection::new(
                reason,
                format!("block {hash} is on an invalid branch: {why}"),
            ))
        }))
    }

    /// When blocks are on the disk: own ones, and those that peers wait to hear of, before anything else is done; what
    /// other nodes have, soon after. A power cut may take the last of these, which peers give again.
    ///
    /// A block that was voted on follows soon only if all that this node signed of it is on the disk: readers are told at once that it
    /// is final, and the log of the votes makes it so again. Who has no vote has no log, and may be the only other one to have it.
    fn durability(
        &mut self,
        cx: &Context,
        cause: Cause,
        blocks: usize,
        logged: bool,
    ) -> Durability {
        match cause {
            Cause::Voted if !logged => Durability::Durable,
            Cause::Gossip | Cause::Held | Cause::Sync | Cause::Voted => {
                self.unsynced.add(cx.now, blocks);
                Durability::Volatile
            }
            Cause::Mined | Cause::Pushed | Cause::Final => Durability::Durable,
        }
    }

    /// Checks all of a block that needs no state. What waits here was checked when it came.
    pub(crate) fn check(&self, cx: &Context, block: Block) -> Result<CheckedBlock, BlockError> {
        let waiting = |id: &TxId| self.mempool.get(id);
        block.check_with(&cx.genesis, cx.pool, cx.config.verify, waiting)
    }
}

/// A look at blocks that come one after the other, each before it is connected: what is to be told of when they came.
struct Looks<'a> {
    genesis: &'a Genesis,
    observer: &'a mut Observer,
    mempool: &'a Mempool,
    votes: Option<&'a Voting>,
    cause: Cause,
    /// The arrival of those of which no word came before.
    arrives: Arrival,
    /// The transactions of the blocks before: the mempool still has them.
    gone: BTreeSet<TxId>,
}

impl Looks<'_> {
    fn look(
        &mut self,
        tables: &mut Tables<'_>,
        next: &NextBlock<'_>,
    ) -> Result<Vec<NoticedChange>, StoreError> {
        let (height, block) = (next.header.height, next.block);
        let (votes, proven) = (self.votes, next.proven.as_ref());
        let heard = proven.and_then(|proven| votes?.first_heard(&proven.hash));
        let arrived = heard.unwrap_or(self.arrives);
        let mut noticed = Vec::new();
        if proven.is_some() {
            let evidence = Evidence {
                genesis: self.genesis,
                below: &*tables,
                mempool: self.mempool,
                gone: &self.gone,
            };
            noticed = self
                .observer
                .judge_times(&evidence, height, block, arrived)?;
        }
        if let Some(heard) = heard {
            tables.note_block(height, &block.hash(), heard)?;
        }
        let arrivals = self.observer.arrivals();
        let closed = arrivals.betting_closed_for(tables, self.cause, arrived.at, block.get())?;
        let seen = |id: &TxId| self.mempool.ready_since(id);
        noticed.extend(late_bets(&closed, seen, height, block.get()));
        if !self.mempool.is_idle() {
            self.gone.extend(block.ids());
        }
        Ok(noticed)
    }
}

impl Parts {
    /// Connects blocks on the tip in one write, with what makes them final. If one breaks a rule, nothing is written but that it
    /// does; says which one it was.
    pub(crate) fn extend_tip(
        &mut self,
        votes: Option<&Voting>,
        blocks: &[NextBlock<'_>],
        cause: Cause,
    ) -> Result<Result<(), (BlockHash, Rejection)>, CoreError> {
        let old = self.chain.tip;
        let prunable = self.sync.prunable_below(&self.cx, &self.chain);
        let logged = votes.is_some_and(Voting::has_votes_on_disk);
        let durability = self.chain.durability(&self.cx, cause, blocks.len(), logged);
        let ledger = Ledger::of_pool(&self.cx.genesis, self.cx.pool);
        let now = self.cx.now;
        let last = blocks.last().map(|next| next.header.header.time());
        let proven = last
            .zip(votes)
            .and_then(|(last, votes)| votes.proven_with(&mut self.observer, &self.cx, last));
        let mut looks = Looks {
            genesis: &self.cx.genesis,
            arrives: self.arrives_now(votes),
            observer: &mut self.observer,
            mempool: &self.chain.mempool,
            votes,
            cause,
            gone: BTreeSet::new(),
        };
        let rules = &self.cx.genesis.rules;
        let written = self.chain.store.write(durability, |tables| {
            if let Some(below) = prunable {
                tables.prune_side_bodies(below, PRUNED_AT_ONCE)?;
            }
            proven.map_or(Ok(()), |it| tables.put_proven_time(&it))?;
            let mut notices = Vec::new();
            for next in blocks {
                let height = next.header.height;
                for change in looks.look(tables, next)? {
                    notices.push(notices::keep(tables, now, height, change)?);
                }
                let (header, proven) = (&next.header, next.proven.as_ref());
                let applied = connect_block(tables, &ledger, header, next.block, proven)?;
                for change in notices::signed(tables, rules, now, &applied)? {
                    notices.push(notices::keep(tables, now, height, change)?);
                }
            }
            Ok(notices)
        });
        match written {
            Ok(notices) => {
                self.chain.written(durability);
                for next in blocks {
                    self.chain.recent.put(next.block);
                    if let Some(proven) = &next.proven {
                        self.chain.finality.advance(proven.into());
                    }
                }
                let connected = blocks.iter().map(|next| next.block.shared()).collect();
                self.tip_moved(old, old, Vec::new(), connected, cause)?;
                self.cx.send_notices(notices);
                Ok(Ok(()))
            }
            Err(ConnectError::Store(error)) => Err(error.into()),
            Err(ConnectError::Invalid { hash, rejection }) => {
                if let Some(next) = blocks.iter().find(|it| it.header.hash == hash) {
                    self.chain.remember_invalid(&next.header, &rejection)?;
                }
                Ok(Err((hash, rejection)))
            }
        }
    }
}

impl Chain {
    /// Remembers which block of a branch turned out to break a rule, unless it was the disk that failed.
    pub(super) fn remember(&mut self, error: ConnectError) -> Result<(), CoreError> {
        match error {
            ConnectError::Store(error) => Err(error.into()),
            ConnectError::Invalid { hash, rejection } => {
                let record = self.record(hash)?;
                self.remember_invalid(&record, &rejection)
            }
        }
    }

    /// Remembers that a block breaks a rule. Never for a body that may not be the block's own.
    pub(crate) fn remember_invalid(
        &mut self,
        record: &CheckedHeader,
        why: &Rejection,
    ) -> Result<(), CoreError> {
        tracing::info!(hash = %record.hash, height = %record.height, %why, "invalid block");
        self.write(Durability::Volatile, |tables| {
            tables.put_header(record)?;
            tables.mark_invalid(record.hash, why.reason)
        })?;
        self.branches.look_again();
        self.branches.judge_soon();
        Ok(())
    }
}

impl Parts {
    /// Does all that follows on a new block. `disconnected` is the lost branch, the highest block first; `connected`
    /// the new one,
    /// the lowest first.
    pub(crate) fn tip_moved(
        &mut self,
        old: Tip,
        fork: Tip,
        disconnected: Vec<Arc<Block>>,
        connected: Vec<Arc<Block>>,
        cause: Cause,
    ) -> Result<(), CoreError> {
        if cause == Cause::Sync || !disconnected.is_empty() {
            self.chain.replacements = self.chain.replacements.saturating_add(1);
        }
        self.chain.branches.side_blocks = 0;
        self.observer
            .tip_moved(self.cx.now, !disconnected.is_empty());
        let mut returned: Vec<CheckedTransaction> = Vec::new();
        for block in disconnected.iter().rev() {
            self.chain.mempool.came_back(block);
            if let Some(known) = self.chain.recent.get(&block.hash()) {
                returned.extend(known.checked_transactions());
            } else {
                let transactions = block.transactions.clone();
                let checked = Transaction::check_all(transactions, &self.cx.genesis, self.cx.pool);
                returned.extend(checked.into_iter().flatten());
            }
        }
        let ids: Vec<TxId> = returned.iter().map(CheckedTransaction::id).collect();
        self.chain.follow_tip(
            &mut self.cx,
            Returned {
                transactions: returned,
                ..Returned::default()
            },
        )?;
        self.sync
            .push_returned(&self.cx, &self.chain, old.hash, ids.into_iter());
        let new = self.chain.tip;
        tracing::debug!(hash = %new.hash, height = %new.height, ?cause, "new block");
        let disconnected = Blocks::highest(disconnected.into_iter());
        let mut connected = Blocks::highest(connected.into_iter().rev());
        connected.blocks.reverse();
        self.cx.emit(Event::TipChanged(Arc::new(TipChange {
            old,
            new,
            fork,
            disconnected,
            connected,
            cause,
        })));
        let snapshot = self.chain.snapshot()?;
        self.chain.find_anchor(&mut self.cx, &snapshot)?;
        self.chain.template_news.changed(true);
        Ok(())
    }
}
