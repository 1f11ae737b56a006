//! Changing to another branch.
//!
//! It is one write: blocks down to the fork are taken off, those of the other branch put on. If one of these breaks a rule, nothing
//! of the write remains, and it is remembered as invalid with all that builds upon it.

use std::{collections::BTreeMap, sync::Arc};

use bolao_ledger::{
    BlockHash, CheckedBlock, Genesis, Ledger, PoolId, StateView as _, Transaction, TxId,
    UnixSeconds,
};
use bolao_store::{Access, Durability, HeaderRecord, StoreError, Tables, View};

use super::blocks::TipMove;
use crate::{
    chain::{Chain, Moved, connect_block},
    context::Context,
    error::{ConnectError, CoreError},
    io::Cause,
    observer::{
        Observer,
        notices::{self, late_bets},
    },
};

/// The block of our chain that a branch begins on, and the branch's blocks, the highest first.
pub(crate) fn branch_of<A: Access>(
    view: &View<A>,
    leaf: BlockHash,
) -> Result<(HeaderRecord, Vec<HeaderRecord>), StoreError> {
    let header = |hash| {
        let record = view.header(&hash)?;
        record.ok_or(StoreError::UnknownHeader { hash })
    };
    let (mut record, mut branch) = (header(leaf)?, Vec::new());
    while !view.is_main(&record)? {
        let parent = record.header.previous;
        branch.push(record);
        record = header(parent)?;
    }
    Ok((record, branch))
}

impl Chain {
    /// Makes a block of any branch the tip; its body and those under it are in the store. If one of them breaks a rule, the
    /// chain stays, and that is remembered, and nothing has moved.
    pub(crate) fn switch_to(
        &mut self,
        cx: &mut Context,
        observer: &mut Observer,
        target: BlockHash,
        cause: Cause,
    ) -> Result<Option<Moved>, CoreError> {
        let old = self.tip;
        let cause = if self.finality.anchored {
            cause
        } else {
            Cause::Final
        };
        let (recent, mempool) = (&self.recent, &self.mempool);
        let (genesis, pool, arrivals, now) = (&cx.genesis, cx.pool, observer.arrivals(), cx.now);
        let ledger = Ledger::of_pool(genesis, pool);
        let switched = self.store.write(Durability::Durable, |tables| {
            let (fork, branch) = branch_of(tables, target)?;
            let all = tables.items()?.into_iter().map(|item| item.no);
            let closed =
                arrivals.betting_closed(tables, cause, now.unix, Some(&old), all.collect())?;
            let mut disconnected = Vec::new();
            while tables.tip()?.height > fork.height {
                disconnected.push(Arc::new(tables.disconnect()?));
            }
            // Before the new blocks, which take away what they hold too.
            for block in disconnected.iter().rev() {
                tables.put_back(block)?;
            }
            let left = disconnected.iter().flat_map(|block| {
                let ids = block.transactions.iter().map(Transaction::id);
                ids.map(|id| (id, block.header.time()))
            });
            let left: BTreeMap<TxId, UnixSeconds> = left.collect();
            let seen = |id: &TxId| left.get(id).copied().or_else(|| mempool.ready_since(id));
            let fork = tables.tip()?;
            let (mut connected, mut notices) = (Vec::new(), Vec::new());
            for record in branch.iter().rev() {
                let checked = match recent.get(&record.hash) {
                    Some(known) => known.clone(),
                    None => checked_again(tables, record.hash, genesis, pool)?,
                };
                if let Some(late) = late_bets(&closed, seen, record.height, checked.get()) {
                    notices.push(notices::keep(tables, now, record.height, late)?);
                }
                let applied = connect_block(tables, &ledger, record, &checked, None)?;
                for change in notices::signed(tables, &genesis.rules, now, &applied)? {
                    notices.push(notices::keep(tables, now, record.height, change)?);
                }
                connected.push(checked.shared());
            }
            Ok((fork, disconnected, connected, notices))
        });
        match switched {
            Ok((fork, disconnected, connected, notices)) => {
                self.written(Durability::Durable);
                let change = TipMove {
                    old,
                    fork,
                    disconnected,
                    connected,
                    cause,
                };
                let moved = self.tip_moved(cx, observer, change)?;
                cx.send_notices(notices);
                Ok(Some(moved))
            }
            Err(error) => {
                self.remember(error)?;
                Ok(None)
            }
        }
    }
}

/// The outcome of trying a branch.
enum Tried {
    Good,
    Bad(ConnectError),
}

impl From<StoreError> for Tried {
    fn from(error: StoreError) -> Self {
        Self::Bad(error.into())
    }
}

impl From<ConnectError> for Tried {
    fn from(error: ConnectError) -> Self {
        Self::Bad(error)
    }
}

impl Chain {
    /// Whether a branch whose bodies are here keeps all rules: tried in a write of which nothing remains. If it does not,
    /// that is remembered.
    pub(crate) fn is_branch_valid(
        &mut self,
        cx: &Context,
        target: BlockHash,
    ) -> Result<bool, CoreError> {
        let (recent, genesis, pool) = (&self.recent, &cx.genesis, cx.pool);
        let ledger = Ledger::of_pool(genesis, pool);
        let tried = self
            .store
            .write::<(), Tried>(Durability::Volatile, |tables| {
                let (fork, branch) = branch_of(tables, target)?;
                while tables.tip()?.height > fork.height {
                    tables.disconnect()?;
                }
                for record in branch.iter().rev() {
                    let checked = match recent.get(&record.hash) {
                        Some(known) => known.clone(),
                        None => checked_again(tables, record.hash, genesis, pool)?,
                    };
                    connect_block(tables, &ledger, record, &checked, None)?;
                }
                Err(Tried::Good)
            });
        match tried {
            Ok(()) | Err(Tried::Good) => Ok(true),
            Err(Tried::Bad(error)) => {
                self.remember(error)?;
                Ok(false)
            }
        }
    }
}

/// A block of the store's, which was checked before it came there.
fn checked_again(
    tables: &Tables<'_>,
    hash: BlockHash,
    genesis: &Genesis,
    pool: PoolId,
) -> Result<CheckedBlock, StoreError> {
    let block = tables.block(&hash)?;
    let block = block.ok_or(StoreError::UnknownHeader { hash })?;
    block
        .check(genesis, pool)
        .map_err(|error| StoreError::corrupt("bodies", hash, error))
}
