//! Blocks that validators make one on the other (`pos`): each is one entry with all that is kept of it, by its height.
//!
//! - header ‖ coinbase ‖ transactions ‖ certificate ‖ arrivals ‖ tables of the state that it changed. Header, transactions and
//!   signatures stand there as they are signed and hashed, so that [`crate::RecoveryScan`] finds them in a damaged file.
//! - What most blocks have in common stands in full in one of 256, its model, and the others name that: the words of the
//!   coinbase, and the keys of those who signed. A block is of no use without those below it, so that nothing hangs on its model
//!   that does not hang on it anyway.
//! - The block's own hash stands nowhere but in the table of headers: it is the header's.
//! - There are no other branches, and what is final is never undone: no block has undo data.

mod entry;

use bolao_headers::CheckedHeader;
use bolao_ledger::{AppliedBlock, Block, BlockHash, BlockId, Height};
use redb::{AccessGuard, ReadableTable as _};

use crate::{
    access::{Access, Tables, View},
    error::StoreError,
    finals::{Certificate, FinalBlock},
    images::tables_of,
    record::HeaderEntry,
    schema,
};
use entry::{MAX_BACK, entry_bytes};

pub(crate) use entry::{Model, Stored, height_in_entry};

fn unreadable(height: u64) -> StoreError {
    StoreError::undecodable("blocks", height)
}

/// An entry of the table, as redb gives it.
pub(crate) struct Guard<'t> {
    height: u64,
    bytes: AccessGuard<'t, schema::Bytes>,
}

impl<'t> From<(AccessGuard<'t, u64>, AccessGuard<'t, schema::Bytes>)> for Guard<'t> {
    fn from((height, bytes): (AccessGuard<'t, u64>, AccessGuard<'t, schema::Bytes>)) -> Self {
        let height = height.value();
        Self { height, bytes }
    }
}

impl Guard<'_> {
    pub(crate) fn get(&self) -> Result<Stored<'_>, StoreError> {
        Stored::read(self.bytes.value()).ok_or_else(|| unreadable(self.height))
    }
}

impl<A: Access> View<A> {
    /// The entry of a height where validators make the blocks.
    pub(crate) fn stored(&self, height: u64) -> Result<Option<Guard<'_>>, StoreError> {
        let found = self.blocks.get(height)?;
        Ok(found.map(|bytes| Guard { height, bytes }))
    }

    /// The hash of the block of a height, as above.
    pub(crate) fn stored_hash(&self, height: Height) -> Result<Option<BlockHash>, StoreError> {
        let found = self.stored(height.0)?;
        found.map(|guard| Ok(guard.get()?.hash())).transpose()
    }

    /// The model that an entry names.
    fn model_of(&self, height: u64, entry: &Stored<'_>) -> Result<Option<Model>, StoreError> {
        let model = entry.back().map(|back| {
            let height = height.checked_sub(back);
            let guard = height.map(|height| self.stored(height)).transpose()?;
            let guard = guard.flatten();
            let model = guard.map(|guard| Ok::<_, StoreError>(guard.get()?.as_model()));
            model
                .transpose()?
                .flatten()
                .ok_or_else(|| unreadable(height.unwrap_or_default()))
        });
        model.transpose()
    }

    /// The model for the next block.
    fn next_model(&self, height: Height) -> Result<Option<Model>, StoreError> {
        let below = height.0.saturating_sub(1);
        let Some(guard) = self.stored(below)? else {
            return Ok(None);
        };
        let entry = guard.get()?;
        match entry.back() {
            None => Ok(entry.as_model()),
            Some(back) if back < MAX_BACK => self.model_of(below, &entry),
            Some(_) => Ok(None),
        }
    }

    /// The encoded block of a height.
    pub(crate) fn stored_block(&self, height: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(guard) = self.stored(height)? else {
            return Ok(None);
        };
        let entry = guard.get()?;
        let model = self.model_of(height, &entry)?;
        let bytes = entry.block_bytes(model.as_ref());
        bytes.map(Some).ok_or_else(|| unreadable(height))
    }

    /// A block with its certificate, if that is here.
    pub(crate) fn stored_final(&self, guard: &Guard<'_>) -> Result<Option<FinalBlock>, StoreError> {
        let (height, entry) = (guard.height, guard.get()?);
        if !entry.is_proven() {
            return Ok(None);
        }
        let model = self.model_of(height, &entry)?;
        let bytes = entry.certificate(model.as_ref());
        let bytes = bytes.ok_or_else(|| unreadable(height))?;
        let certificate = Certificate::new(bytes).map_err(|_| unreadable(height))?;
        Ok(Some(FinalBlock {
            block: BlockId {
                height: Height(height),
                hash: entry.hash(),
            },
            certificate,
        }))
    }

    /// The tables that the block of a height changed.
    pub(crate) fn stored_tables(&self, height: Height) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.stored(height.0)?;
        found
            .map(|guard| Ok(guard.get()?.tables.to_vec()))
            .transpose()
    }

    /// The arrivals of the block of a height, as they are kept.
    pub(crate) fn stored_arrivals(
        &self,
        height: u64,
        hash: &BlockHash,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(guard) = self.stored(height)? else {
            return Ok(None);
        };
        let entry = guard.get()?;
        let known = !entry.arrivals.is_empty() && entry.hash() == *hash;
        Ok(known.then(|| entry.arrivals.to_vec()))
    }
}

impl Tables<'_> {
    /// Keeps the block that comes next where validators make the blocks: all of it in one entry.
    pub(crate) fn put_whole(
        &mut self,
        header: &CheckedHeader,
        applied: &AppliedBlock<'_>,
        proven: Option<&FinalBlock>,
    ) -> Result<(), StoreError> {
        let (block, height, hash) = (applied.block(), header.height, header.hash);
        let proven = self.proof_of_next(height, hash, proven)?;
        let arrivals = self.take_arrivals(height, &hash, block.ids())?;
        let tables = tables_of(applied.delta());
        self.put_entry(block.get(), proven.as_ref(), (&arrivals, &tables))?;
        let mut entry = HeaderEntry::new(header);
        entry.body = Some(height.0);
        self.insert_header(&hash, &entry)?;
        self.leaves.remove(&header.header.previous.0)?;
        self.add_leaf(&hash, header.work)
    }

    fn put_entry(
        &mut self,
        block: &Block,
        proven: Option<&FinalBlock>,
        beside: (&[u8], &[u8]),
    ) -> Result<(), StoreError> {
        let height = block.coinbase.height;
        let model = self.next_model(height)?;
        let certificate = proven.map(|it| it.certificate.bytes());
        let bytes = entry_bytes(block, certificate, beside, model.as_ref());
        self.blocks.insert(height.0, bytes.as_slice())?;
        Ok(())
    }

    /// The proof that the next block is final; word of it may have come before.
    fn proof_of_next(
        &mut self,
        height: Height,
        hash: BlockHash,
        proven: Option<&FinalBlock>,
    ) -> Result<Option<FinalBlock>, StoreError> {
        match self.told_final(height)? {
            Some(known) if known.hash == hash => {
                self.finals.remove(height.0)?;
                Ok(Some(known))
            }
            Some(known) if proven.is_some() => Err(StoreError::TwoFinals {
                height,
                known: known.hash,
                got: hash,
            }),
            _ => Ok(proven.cloned()),
        }
    }

    /// Keeps what proves that a block of the chain is final with it.
    pub(crate) fn prove_stored(&mut self, proven: &FinalBlock) -> Result<(), StoreError> {
        let certificate = Some(proven.certificate.bytes());
        self.rewrite(proven.height.0, |entry, model| {
            entry.rewritten(certificate, entry.tables, model)
        })
    }

    /// Keeps which tables a block of the chain changed, where something else is kept of that.
    pub(crate) fn put_changed(&mut self, height: Height, tables: &[u8]) -> Result<(), StoreError> {
        let known = self.stored_tables(height)?;
        if known.as_deref() == Some(tables) {
            return Ok(());
        }
        self.rewrite(height.0, |entry, model| {
            entry.rewritten(None, tables, model)
        })
    }

    fn rewrite(
        &mut self,
        height: u64,
        rewritten: impl FnOnce(&Stored<'_>, Option<&Model>) -> Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let bytes = {
            let Some(guard) = self.stored(height)? else {
                return Ok(());
            };
            let entry = guard.get()?;
            let model = self.model_of(height, &entry)?;
            rewritten(&entry, model.as_ref()).ok_or_else(|| unreadable(height))?
        };
        self.blocks.insert(height, bytes.as_slice())?;
        Ok(())
    }
}
