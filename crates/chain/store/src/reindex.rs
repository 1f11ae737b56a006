//! Rebuilds everything that follows from blocks: for stores that were damaged, or made by a program with a fault.

use std::collections::BTreeSet;

use bolao_headers::HeaderChain;
use bolao_ledger::{ApplyError, BlockHash, Height, Ledger, PoolId, Reason, encode};

use crate::{
    access::Tables,
    error::{ReindexError, StoreError},
    images::tables_of,
    schema::{SCHEMA_VERSION, key},
    store::{Durability, Store},
};

impl Store {
    /// Rebuilds the main chain's index, the state, undo data, transaction index, bets and leaves from the headers
    /// and bodies of the main chain, checking every header and block; the store is then of today's format. All or nothing:
    /// an error leaves the store as it was.
    ///
    /// `progress` is called with every height. Returns the height of the tip.
    pub fn reindex(&mut self, mut progress: impl FnMut(Height)) -> Result<Height, ReindexError> {
        let genesis = self.genesis().clone();
        let pool = self.pool_id();
        self.write(Durability::Durable, |tables| {
            let tip = tables.tip()?;
            tables.clear_derived()?;
            tables.rebuild_main(tip.hash, pool)?;
            let chain: Height = tip.height;
            tables.write_genesis_state(&genesis)?;
            let ledger = Ledger::new(&genesis);
            let mut headers = HeaderChain::of_genesis(&genesis);
            let mut height = Height::ZERO;
            while height < chain {
                height = height.next();
                let hash = tables
                    .hash_at(height)?
                    .ok_or_else(|| StoreError::missing("main", height))?;
                let breaks = |reason| ReindexError::Rule {
                    hash,
                    height,
                    reason,
                };
                let block = tables
                    .block(&hash)?
                    .ok_or_else(|| StoreError::missing("bodies", hash))?;
                let header = headers.check(&genesis, &block.header);
                let header = header.map_err(|error| breaks(error.reason()))?;
                if tables.header(&hash)?.is_none_or(|kept| *kept != header) {
                    let reason = "it is not that of the block, or its work is another";
                    return Err(StoreError::corrupt("headers", hash, reason).into());
                }
                headers.push(header);
                let block = block
                    .check(&genesis, pool)
                    .map_err(|source| ReindexError::Block {
                        hash,
                        height,
                        source,
                    })?;
                let applied =
                    ledger
                        .apply_block(&*tables, height, &block)
                        .map_err(|error| match (error.reason(), error) {
                            (_, ApplyError::State(error)) => error.into(),
                            (reason, _) => breaks(reason.unwrap_or(Reason::Overflow)),
                        })?;
                tables.connect_derived(&applied)?;
                if tables.certified {
                    tables.put_changed(height, &tables_of(applied.delta()))?;
                }
                tables.put_tip(&headers.tip().into())?;
                progress(height);
            }
            tables.rebuild_leaves()?;
            tables
                .meta
                .insert(key::SCHEMA, encode(&SCHEMA_VERSION).as_slice())
                .map_err(StoreError::from)?;
            Ok(chain)
        })
    }
}

impl Tables<'_> {
    /// Empties every table that [`Store::reindex`] fills.
    fn clear_derived(&mut self) -> Result<(), StoreError> {
        self.leaves.retain(|_, _| false)?;
        self.main.retain(|_, _| false)?;
        self.undo.retain(|_, _| false)?;
        self.tx_index.retain(|_, _| false)?;
        self.state.retain(|_, _| false)?;
        Ok(())
    }

    /// Walks from the tip down to genesis and notes which block is at which height.
    fn rebuild_main(&mut self, tip: BlockHash, pool: PoolId) -> Result<(), StoreError> {
        let mut hash = tip;
        let mut expected = None;
        loop {
            let entry = self
                .header_entry(&hash)?
                .ok_or_else(|| StoreError::missing("headers", hash))?;
            let wanted = expected.unwrap_or(entry.height);
            let is_genesis = hash == pool.into();
            if entry.header.hash() != hash
                || entry.height != wanted
                || is_genesis != (wanted == Height::ZERO)
            {
                let reason = format!(
                    "header {} at height {} stands where one of height {wanted} belongs",
                    entry.header.hash(),
                    entry.height
                );
                return Err(StoreError::corrupt("headers", hash, reason));
            }
            if !self.certified || is_genesis {
                self.main.insert(wanted.0, &hash.0)?;
            } else if self.hash_at(wanted)? != Some(hash) {
                return Err(StoreError::missing("blocks", wanted));
            }
            let Some(below) = wanted.checked_sub(1) else {
                return Ok(());
            };
            expected = Some(below);
            hash = entry.header.previous;
        }
    }

    /// The tip, and the ends of every other branch.
    fn rebuild_leaves(&mut self) -> Result<(), StoreError> {
        let (tip, mut side) = (self.tip()?, self.side()?);
        side.retain(|_, entry| entry.invalid.is_none());
        let parents: BTreeSet<_> = side.values().map(|it| it.header.previous).collect();
        let side = side.iter().map(|(hash, it)| (*hash, it.work));
        for (hash, work) in side.chain([(tip.hash, tip.work)]) {
            if !parents.contains(&hash) {
                self.add_leaf(&hash, work)?;
            }
        }
        Ok(())
    }
}
