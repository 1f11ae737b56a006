//! One block at a time: mined here, pushed or gossiped.

use std::{collections::BTreeSet, sync::Arc};

use bolao_headers::{CheckedHeader, HeaderError, check_not_too_new, check_own_proof};
use bolao_ledger::{
    AppliedBlock, Block, BlockError, BlockHash, CheckedBlock, CheckedTransaction, Genesis, Height,
    Ledger, Reason, Transaction, TxId,
};
use bolao_store::{
    Arrival, Durability, FinalBlock, HeaderRecord, NoticedChange, ProvenTime, StoreError, Tables,
    Tip,
};

use crate::{
    chain::Chain,
    context::Context,
    error::{ConnectError, CoreError, no_certificate},
    io::{Blocks, Cause, Event, Rejection, TipChange},
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

/// The circumstances in which blocks come next on the tip.
pub(crate) struct Coming<'a> {
    pub(crate) cause: Cause,
    /// The arrival of those of which no word came before.
    pub(crate) arrives: Arrival,
    /// When a block that validators may decide, or word of it, first came.
    pub(crate) first_heard: &'a dyn Fn(&BlockHash) -> Option<Arrival>,
    /// The time that is proven with them, to be kept.
    pub(crate) proven: Option<ProvenTime>,
    /// Whether all that this node signed of them is on the disk.
    pub(crate) logged: bool,
    /// Bodies of lost branches below this height may go.
    pub(crate) prunable: Option<Height>,
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

impl Chain {
    /// Checks a block that somebody gives by itself, as far as it can be before it is connected. One that is ahead of the clock waits.
    pub(crate) fn look_at_block(
        &mut self,
        cx: &Context,
        block: Block,
        cause: Cause,
    ) -> Result<Result<(CheckedHeader, CheckedBlock), BlockRejection>, CoreError> {
        let hash = block.hash();
        if !cx.kind.is_mined() {
            let rejection = no_certificate(format_args!("block {hash} has no certificate"));
            return Ok(Err(BlockRejection {
                rejection,
                blame: true,
            }));
        }
        if let Err(error) = check_own_proof(&cx.genesis, &block.header) {
            return Ok(Err(error.into()));
        }
        let snapshot = self.snapshot()?;
        if let Some(known) = snapshot.header(&hash)?.and_then(already_known) {
            return Ok(Err(known.into()));
        }
        let parent = block.header.previous;
        let Some(chain) = snapshot.header_chain(&parent)? else {
            return Ok(Err(HeaderError::UnknownParent { hash, parent }.into()));
        };
        if let Some(refused) = self.against_final(&snapshot, chain.tip(), hash)? {
            return Ok(Err(refused));
        }
        let record = match chain.check(&cx.genesis, &block.header) {
            Ok(checked) => checked,
            Err(error) => return Ok(Err(error.into())),
        };
        drop(snapshot);
        if let Some(refused) = self.too_weak(&record, cause) {
            return Ok(Err(refused));
        }
        let early = check_not_too_new(&cx.genesis, &block.header, cx.now.unix);
        let checked = match self.check(cx, block) {
            Ok(checked) => checked,
            Err(error) => {
                let forgeable = error.is_body_mutation();
                let refused = BlockRejection::from(error);
                if !forgeable {
                    self.remember_invalid(&record, &refused.rejection)?;
                }
                return Ok(Err(refused));
            }
        };
        if let Err(error) = early {
            self.future.hold(checked);
            return Ok(Err(error.into()));
        }
        Ok(Ok((record, checked)))
    }

    /// Keeps a block that is not on the tip. Says whether a branch may be better now than our chain.
    pub(crate) fn keep_side_block(
        &mut self,
        record: &CheckedHeader,
        checked: &CheckedBlock,
        cause: Cause,
    ) -> Result<bool, CoreError> {
        let durability = match cause {
            Cause::Mined => Durability::Durable,
            _ => Durability::Volatile,
        };
        self.write(durability, |tables| {
            tables.put_header(record)?;
            tables.put_body(checked)
        })?;
        self.recent.put(checked);
        self.branches.judge_soon();
        let better = record.rank() > self.tip.rank() || self.seeks_final();
        if !better && cause != Cause::Mined {
            self.branches.side_blocks += 1;
        }
        Ok(better)
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
    fn durability(&mut self, cx: &Context, coming: &Coming<'_>, blocks: usize) -> Durability {
        match coming.cause {
            Cause::Voted if !coming.logged => Durability::Durable,
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
    coming: &'a Coming<'a>,
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
        let (coming, proven) = (self.coming, next.proven.as_ref());
        let heard = proven.and_then(|proven| (coming.first_heard)(&proven.hash));
        let arrived = heard.unwrap_or(coming.arrives);
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
        let closed = arrivals.betting_closed_for(tables, coming.cause, arrived.at, block.get())?;
        let seen = |id: &TxId| self.mempool.ready_since(id);
        noticed.extend(late_bets(&closed, seen, height, block.get()));
        if !self.mempool.is_idle() {
            self.gone.extend(block.ids());
        }
        Ok(noticed)
    }
}

impl Chain {
    /// Connects blocks on the tip in one write, with what makes them final. If one breaks a rule, nothing is written but that it
    /// does; says which one it was.
    pub(crate) fn extend_tip(
        &mut self,
        cx: &mut Context,
        observer: &mut Observer,
        blocks: &[NextBlock<'_>],
        coming: &Coming<'_>,
    ) -> Result<Result<Moved, (BlockHash, Rejection)>, CoreError> {
        let old = self.tip;
        let durability = self.durability(cx, coming, blocks.len());
        let ledger = Ledger::of_pool(&cx.genesis, cx.pool);
        let now = cx.now;
        let mut looks = Looks {
            genesis: &cx.genesis,
            observer,
            mempool: &self.mempool,
            coming,
            gone: BTreeSet::new(),
        };
        let rules = &cx.genesis.rules;
        let written = self.store.write(durability, |tables| {
            if let Some(below) = coming.prunable {
                tables.prune_side_bodies(below, PRUNED_AT_ONCE)?;
            }
            let proven = coming.proven.as_ref();
            proven.map_or(Ok(()), |it| tables.put_proven_time(it))?;
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
                self.written(durability);
                for next in blocks {
                    self.recent.put(next.block);
                    if let Some(proven) = &next.proven {
                        self.finality.advance(proven.block);
                    }
                }
                let change = TipMove {
                    old,
                    fork: old,
                    disconnected: Vec::new(),
                    connected: blocks.iter().map(|next| next.block.shared()).collect(),
                    cause: coming.cause,
                };
                let moved = self.tip_moved(cx, observer, change)?;
                cx.send_notices(notices);
                Ok(Ok(moved))
            }
            Err(ConnectError::Store(error)) => Err(error.into()),
            Err(ConnectError::Invalid { hash, rejection }) => {
                if let Some(next) = blocks.iter().find(|it| it.header.hash == hash) {
                    self.remember_invalid(&next.header, &rejection)?;
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

/// A change of the best chain. `disconnected` is the lost branch, the highest block first; `connected` the new one, the lowest first.
pub(super) struct TipMove {
    pub(super) old: Tip,
    pub(super) fork: Tip,
    pub(super) disconnected: Vec<Arc<Block>>,
    pub(super) connected: Vec<Arc<Block>>,
    pub(super) cause: Cause,
}

/// The tip is another one: what peers are to be sent then.
#[derive(Debug)]
#[must_use = "what came back from a lost branch is to be sent"]
pub(crate) struct Moved {
    /// The tip before.
    pub(crate) lost: BlockHash,
    /// The transactions of blocks that are not in the best chain any more.
    pub(crate) returned: Vec<TxId>,
}

impl Chain {
    /// Does all that follows on a new block.
    pub(super) fn tip_moved(
        &mut self,
        cx: &mut Context,
        observer: &mut Observer,
        change: TipMove,
    ) -> Result<Moved, CoreError> {
        let TipMove {
            old,
            fork,
            disconnected,
            connected,
            cause,
        } = change;
        if cause == Cause::Sync || !disconnected.is_empty() {
            self.replacements = self.replacements.saturating_add(1);
        }
        self.branches.side_blocks = 0;
        observer.tip_moved(cx.now, !disconnected.is_empty());
        let mut transactions: Vec<CheckedTransaction> = Vec::new();
        for block in disconnected.iter().rev() {
            self.mempool.came_back(block);
            if let Some(known) = self.recent.get(&block.hash()) {
                transactions.extend(known.checked_transactions());
            } else {
                let checked = block.transactions.clone();
                let checked = Transaction::check_all(checked, &cx.genesis, cx.pool);
                transactions.extend(checked.into_iter().flatten());
            }
        }
        let returned = transactions.iter().map(CheckedTransaction::id).collect();
        self.follow_tip(
            cx,
            Returned {
                transactions,
                ..Returned::default()
            },
        )?;
        let new = self.tip;
        tracing::debug!(hash = %new.hash, height = %new.height, ?cause, "new block");
        let disconnected = Blocks::highest(disconnected.into_iter());
        let mut connected = Blocks::highest(connected.into_iter().rev());
        connected.blocks.reverse();
        cx.emit(Event::TipChanged(Arc::new(TipChange {
            old,
            new,
            fork,
            disconnected,
            connected,
            cause,
        })));
        let snapshot = self.snapshot()?;
        self.find_anchor(cx, &snapshot)?;
        self.template_news.changed(true);
        Ok(Moved {
            lost: old.hash,
            returned,
        })
    }
}
