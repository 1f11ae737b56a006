//! One block at a time: mined here, pushed or gossiped.

use std::sync::Arc;

use bolao_headers::{CheckedHeader, HeaderError, check_not_too_new, check_own_proof};
use bolao_ledger::{
    Block, BlockError, BlockHash, CheckedBlock, CheckedTransaction, Ledger, Reason, Transaction,
    TxId,
};
use bolao_store::{Durability, FinalBlock, HeaderRecord, StoreError, Tables, Tip};

use super::Core;
use crate::{
    error::{ConnectError, CoreError, no_certificate},
    io::{Accepted, Blocks, Cause, Event, Item, Output, Rejection, TipChange, Topic},
    mempool::Returned,
    observer::{
        Evidence,
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

/// Writes a block on the tip, header first if it is new.
pub(crate) fn connect_block(
    tables: &mut Tables<'_>,
    ledger: &Ledger<'_>,
    header: &CheckedHeader,
    block: &CheckedBlock,
) -> Result<(), ConnectError> {
    tables.put_header(header)?;
    let applied = ledger
        .apply_block(&*tables, header.height, block)
        .map_err(|error| ConnectError::apply(header.hash, error))?;
    tables.connect(&applied)?;
    Ok(())
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

impl Core {
    pub(super) fn on_mined(&mut self, token: u64, block: Block) -> Result<(), CoreError> {
        let bytes = bolao_ledger::encode(&block);
        let result = self.accept_block(block, Cause::Mined)?;
        let taken = result.as_ref().ok().copied();
        self.out.push(Output::Reply {
            token,
            result: result.map_err(|refused| refused.rejection),
        });
        self.announce(taken, bytes);
        Ok(())
    }

    /// Sends a block to everybody if it became the tip: what is on another branch was not applied.
    fn announce(&mut self, taken: Option<Accepted>, bytes: Vec<u8>) {
        let Some(Accepted::Block {
            hash, tip: true, ..
        }) = taken
        else {
            return;
        };
        let fits = bytes.len().saturating_add(8) <= self.config.max_request_bytes;
        self.out.push(Output::Publish {
            topic: Topic::Blocks,
            bytes,
        });
        if fits {
            self.push(Item::Block(hash));
            return;
        }
        self.ask_all_statuses();
    }

    /// Takes those that waited and whose time has come.
    pub(crate) fn take_held_blocks(&mut self) -> Result<(), CoreError> {
        let latest = self.latest_time();
        while let Some(block) = self.future.pop(latest) {
            let bytes = bolao_ledger::encode(block.get());
            let result = self.accept_block(block.get().clone(), Cause::Held)?;
            self.announce(result.ok(), bytes);
        }
        Ok(())
    }

    /// Checks a block and makes it the tip, or keeps it on its branch.
    pub(crate) fn accept_block(
        &mut self,
        block: Block,
        cause: Cause,
    ) -> Result<Result<Accepted, BlockRejection>, CoreError> {
        let hash = block.hash();
        if !self.genesis.consensus.mines() {
            let rejection = no_certificate(format_args!("block {hash} has no certificate"));
            return Ok(Err(BlockRejection {
                rejection,
                blame: true,
            }));
        }
        if let Err(error) = check_own_proof(&self.genesis, &block.header) {
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
        let record = match chain.check(&self.genesis, &block.header) {
            Ok(checked) => checked,
            Err(error) => return Ok(Err(error.into())),
        };
        drop(snapshot);
        if let Some(refused) = self.too_weak(&record, cause) {
            return Ok(Err(refused));
        }
        let early = check_not_too_new(&self.genesis, &block.header, self.now.unix);
        // What waits here was checked when it came.
        let waiting = |id: &TxId| self.mempool.get(id);
        let checked = match block.check_with(&self.genesis, self.pool, self.config.verify, waiting)
        {
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
        if parent == self.tip.hash && !self.arrives_late(record.header.time()) {
            if let Err((_, rejection)) = self.extend_tip(&[(record, &checked)], None, cause)? {
                return Ok(Err(rejection.into()));
            }
        } else {
            self.keep_side_block(&record, &checked, cause)?;
        }
        if let Some(refused) = self.found_invalid(&hash)? {
            return Ok(Err(refused));
        }
        Ok(Ok(Accepted::Block {
            hash,
            height: record.height,
            tip: self.tip.hash == hash,
        }))
    }

    /// Keeps a block that is not on the tip, and changes branches if that one is better now.
    fn keep_side_block(
        &mut self,
        record: &CheckedHeader,
        checked: &CheckedBlock,
        cause: Cause,
    ) -> Result<(), CoreError> {
        let durability = match cause {
            Cause::Mined => Durability::Durable,
            _ => Durability::Volatile,
        };
        self.store.write::<_, StoreError>(durability, |tables| {
            tables.put_header(record)?;
            tables.put_body(checked)
        })?;
        self.recent.put(checked);
        self.judge_soon();
        if record.rank() > self.tip.rank() || self.seeks_final() {
            self.find_finals()?;
            self.choose_branch(cause)?;
        } else if cause != Cause::Mined {
            self.branches.side_blocks += 1;
        }
        Ok(())
    }

    fn found_invalid(&self, hash: &BlockHash) -> Result<Option<BlockRejection>, CoreError> {
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
    fn durability(&mut self, cause: Cause, blocks: usize) -> Durability {
        match cause {
            Cause::Voted if !self.has_votes_on_disk() => Durability::Durable,
            Cause::Gossip | Cause::Held | Cause::Sync | Cause::Voted => {
                self.unsynced.add(self.now, blocks);
                Durability::Volatile
            }
            Cause::Mined | Cause::Pushed | Cause::Final => Durability::Durable,
        }
    }

    /// Connects blocks on the tip in one write, with what makes the last one final. If one breaks a rule, nothing is written but that it does; says which one
    /// it was.
    pub(crate) fn extend_tip(
        &mut self,
        blocks: &[(CheckedHeader, &CheckedBlock)],
        proven: Option<&FinalBlock>,
        cause: Cause,
    ) -> Result<Result<(), (BlockHash, Rejection)>, CoreError> {
        let old = self.tip;
        let prunable = self.prunable_below();
        let durability = self.durability(cause, blocks.len());
        let heard = proven.and_then(|proven| self.first_heard(&proven.hash));
        let arrived = heard.unwrap_or_else(|| self.arrives_now());
        let mut noticed = match (proven, blocks) {
            (Some(_), [(header, block)]) => {
                let evidence = Evidence {
                    genesis: &self.genesis,
                    reader: &self.reader,
                    mempool: &self.mempool,
                };
                let height = header.height;
                self.observer
                    .judge_times(&evidence, height, block, arrived)?
            }
            _ => Vec::new(),
        };
        let ledger = Ledger::of_pool(&self.genesis, self.pool);
        let (observer, mempool, now) = (&self.observer, &self.mempool, self.now);
        let written = self.store.write(durability, |tables| {
            if let Some(below) = prunable {
                tables.prune_side_bodies(below, PRUNED_AT_ONCE)?;
            }
            if let Some((block, heard)) = proven.zip(heard) {
                tables.note_block(block.height, &block.hash, heard)?;
            }
            let closed = observer.betting_closed(tables, cause, arrived.at, None)?;
            let mut notices = Vec::new();
            let seen = |id: &TxId| mempool.ready_since(id);
            for (record, block) in blocks {
                noticed.extend(late_bets(&closed, seen, record.height, block.get()));
                for change in noticed.drain(..) {
                    notices.push(notices::keep(tables, now, record.height, change)?);
                }
                connect_block(tables, &ledger, record, block)?;
                for change in notices::signed(tables, now, record.height)? {
                    notices.push(notices::keep(tables, now, record.height, change)?);
                }
            }
            if let Some(proven) = proven {
                tables.put_final(proven)?;
            }
            Ok(notices)
        });
        match written {
            Ok(notices) => {
                for (_, block) in blocks {
                    self.recent.put(block);
                }
                if let Some(proven) = proven {
                    self.finality.advance(proven.into());
                }
                let connected = blocks.iter().map(|(_, block)| block.shared()).collect();
                self.tip_moved(old, old, Vec::new(), connected, cause)?;
                self.send_notices(notices);
                Ok(Ok(()))
            }
            Err(ConnectError::Store(error)) => Err(error.into()),
            Err(ConnectError::Invalid { hash, rejection }) => {
                if let Some((record, _)) = blocks.iter().find(|(it, _)| it.hash == hash) {
                    self.remember_invalid(record, &rejection)?;
                }
                Ok(Err((hash, rejection)))
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
        self.store
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                tables.put_header(record)?;
                tables.mark_invalid(record.hash, why.reason)
            })?;
        self.branches.look_again();
        self.judge_soon();
        Ok(())
    }

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
            self.replacements = self.replacements.saturating_add(1);
        }
        self.branches.side_blocks = 0;
        self.observer.tip_moved(!disconnected.is_empty());
        let mut returned: Vec<CheckedTransaction> = Vec::new();
        for block in disconnected.iter().rev() {
            self.mempool.came_back(block);
            if let Some(known) = self.recent.get(&block.hash()) {
                returned.extend(known.checked_transactions());
            } else {
                let transactions = block.transactions.clone();
                let checked = Transaction::check_all(transactions, &self.genesis, self.pool);
                returned.extend(checked.into_iter().flatten());
            }
        }
        let ids: Vec<TxId> = returned.iter().map(CheckedTransaction::id).collect();
        self.follow_tip(Returned {
            transactions: returned,
            ..Returned::default()
        })?;
        self.push_returned(old.hash, ids.into_iter());
        let new = self.tip;
        tracing::debug!(hash = %new.hash, height = %new.height, ?cause, "new block");
        let disconnected = Blocks::highest(disconnected.into_iter());
        let mut connected = Blocks::highest(connected.into_iter().rev());
        connected.blocks.reverse();
        self.emit(Event::TipChanged(Arc::new(TipChange {
            old,
            new,
            fork,
            disconnected,
            connected,
            cause,
        })));
        self.find_anchor(&self.snapshot()?)?;
        self.template_news.changed(true);
        Ok(())
    }
}
