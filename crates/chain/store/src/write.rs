//! Writes. The first that fails for the disk's sake marks the transaction, which is then never committed.

use std::cmp::Ordering;

use bolao_headers::{CheckedHeader, Tip};
use bolao_ledger::{AppliedBlock, Block, BlockHash, BlockId, Height, Reason, TxId, Work, encode};
use redb::ReadableTableMetadata as _;

use crate::{
    access::Tables,
    error::StoreError,
    finals::FinalBlock,
    images::undo_bytes,
    record::{HeaderEntry, ShortHeader, tx_key, tx_record_bytes},
    schema::key,
};

/// The most leaves of the header tree that are remembered; past it the lightest are forgotten.
pub const MAX_LEAVES: u64 = 256;

impl Tables<'_> {
    pub(crate) fn noting<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = write(self);
        self.failed |= result.as_ref().is_err_and(StoreError::is_fatal);
        result
    }

    /// Keeps a header whose parent is known. One that is known already is left as it is.
    pub fn put_header(&mut self, header: &CheckedHeader) -> Result<(), StoreError> {
        self.noting(|tables| {
            if tables.header_entry(&header.hash)?.is_some() {
                return Ok(());
            }
            let hash = header.header.previous;
            if tables.header_entry(&hash)?.is_none() {
                return Err(StoreError::UnknownHeader { hash });
            }
            tables.insert_header(&header.hash, &HeaderEntry::new(header))?;
            tables.note_now(header.height, &header.hash)?;
            tables.leaves.remove(&hash.0)?;
            tables.add_leaf(&header.hash, header.work)
        })
    }

    pub(crate) fn insert_header(
        &mut self,
        hash: &BlockHash,
        entry: &HeaderEntry,
    ) -> Result<(), StoreError> {
        let bytes = if self.certified {
            ShortHeader::bytes(entry)
        } else {
            encode(entry)
        };
        self.headers.insert(&hash.0, bytes.as_slice())?;
        Ok(())
    }

    /// Adds a leaf and forgets the lightest past [`MAX_LEAVES`], but never the tip.
    pub(crate) fn add_leaf(&mut self, hash: &BlockHash, work: Work) -> Result<(), StoreError> {
        self.leaves.insert(&hash.0, &work.to_le_bytes())?;
        while self.leaves.len()? > MAX_LEAVES {
            let tip = self.tip()?.hash;
            let lightest = self
                .leaves()?
                .into_iter()
                .filter(|(leaf, _)| *leaf != tip)
                .min_by(|(_, a), (_, b)| a.partial_cmp(b).unwrap_or(Ordering::Equal));
            let Some((lightest, _)) = lightest else { break };
            self.leaves.remove(&lightest.0)?;
        }
        Ok(())
    }

    /// Forgets a leaf that the chain can never change to. The tip stays one.
    pub fn remove_leaf(&mut self, hash: &BlockHash) -> Result<(), StoreError> {
        self.noting(|tables| {
            if tables.tip()?.hash != *hash {
                tables.leaves.remove(&hash.0)?;
            }
            Ok(())
        })
    }

    /// Remembers that a block is no part of any valid chain, and why. Its parent may be a tip again, if it is valid.
    /// Mark an ancestor before its descendants.
    pub fn mark_invalid(&mut self, hash: BlockHash, reason: Reason) -> Result<(), StoreError> {
        self.noting(|tables| {
            let mut entry = tables
                .header_entry(&hash)?
                .ok_or(StoreError::UnknownHeader { hash })?;
            entry.invalid = Some(reason.code().into());
            tables.insert_header(&hash, &entry)?;
            let was_leaf = tables.leaves.remove(&hash.0)?.is_some();
            let previous = entry.header.previous;
            match tables.header_entry(&previous)? {
                Some(parent) if was_leaf && parent.invalid.is_none() => {
                    tables.add_leaf(&previous, parent.work)
                }
                _ => Ok(()),
            }
        })
    }

    /// Makes a block the new tip, as [`Self::connect`] does: one whose header may be new, with what proves that it is final.
    pub fn connect_next(
        &mut self,
        header: &CheckedHeader,
        applied: &AppliedBlock<'_>,
        proven: Option<&FinalBlock>,
    ) -> Result<(), StoreError> {
        if self.certified {
            return self.noting(|tables| tables.connect_whole(header, applied, proven));
        }
        self.put_header(header)?;
        self.connect(applied)?;
        proven.map_or(Ok(()), |proven| self.put_final(proven))
    }

    /// Makes a block the new tip: its body if it is not there yet, the state that it leaves, its undo data, its
    /// transactions by id. They wait no longer, nor does what waited behind a gap and whose nonce the block takes. The block was applied to the state that is here.
    pub fn connect(&mut self, applied: &AppliedBlock<'_>) -> Result<(), StoreError> {
        self.noting(|tables| {
            let (block, height, hash) = (applied.block(), applied.height(), applied.block().hash());
            let header = tables.header(&hash)?;
            let header = *header.ok_or(StoreError::UnknownHeader { hash })?;
            if tables.certified {
                return tables.connect_whole(&header, applied, None);
            }
            tables.check_connects(&header, height)?;
            tables.put_body(block)?;
            tables.side_bodies.remove((height.0, &hash.0))?;
            tables.connect_checked(&header, applied)
        })
    }

    fn connect_whole(
        &mut self,
        header: &CheckedHeader,
        applied: &AppliedBlock<'_>,
        proven: Option<&FinalBlock>,
    ) -> Result<(), StoreError> {
        self.check_connects(header, applied.height())?;
        self.put_whole(header, applied, proven)?;
        self.connect_checked(header, applied)
    }

    /// Writes what follows from a block whose body is here.
    fn connect_checked(
        &mut self,
        header: &CheckedHeader,
        applied: &AppliedBlock<'_>,
    ) -> Result<(), StoreError> {
        self.remove_passed(applied.block())?;
        self.connect_derived(applied)?;
        self.put_tip(&header.into())?;
        for id in applied.block().ids() {
            self.remove_pending(id)?;
        }
        Ok(())
    }

    fn check_connects(&self, header: &CheckedHeader, height: Height) -> Result<(), StoreError> {
        let (tip, hash) = (self.tip()?, header.hash);
        if header.header.previous != tip.hash || height != tip.height.next() {
            return Err(StoreError::NotOnTip {
                hash,
                height,
                tip: tip.hash,
                tip_height: tip.height,
            });
        }
        Ok(())
    }

    /// The derived tables' part of [`Self::connect`], but for the tip.
    pub(crate) fn connect_derived(&mut self, applied: &AppliedBlock<'_>) -> Result<(), StoreError> {
        let (block, height, delta) = (applied.block(), applied.height(), applied.delta());
        self.write_changes(delta)?;
        if !self.certified {
            self.undo.insert(height.0, undo_bytes(delta).as_slice())?;
            self.main.insert(height.0, &block.hash().0)?;
        }
        let mut records: Vec<(&TxId, Vec<u8>)> = (0_u32..)
            .zip(block.ids())
            .zip(applied.outcomes())
            .map(|((index, id), outcome)| (id, tx_record_bytes(height, index, &outcome.void_bets)))
            .collect();
        // In the table's order, which redb writes faster.
        records.sort_unstable();
        for (id, record) in records {
            self.tx_index.insert(tx_key(id), record.as_slice())?;
        }
        Ok(())
    }

    /// Takes the tip off the chain, restores what it replaced, and returns it. Its header and body stay; its
    /// transactions do not wait again by themselves.
    pub fn disconnect(&mut self) -> Result<Block, StoreError> {
        self.noting(|tables| {
            let BlockId { height, hash } = tables.tip()?.block;
            if height == Height::ZERO {
                return Err(StoreError::AtGenesis);
            }
            if tables.certified {
                return Err(StoreError::Certified);
            }
            let block = tables
                .block(&hash)?
                .ok_or_else(|| StoreError::missing("bodies", hash))?;
            let undo = tables.undo.remove(height.0)?;
            let undo = undo.map(|guard| guard.value().to_vec());
            tables.write_undo(&undo.ok_or_else(|| StoreError::missing("undo", height))?)?;
            for transaction in &block.transactions {
                tables.tx_index.remove(tx_key(&transaction.id()))?;
            }
            tables.main.remove(height.0)?;
            tables.side_bodies.insert((height.0, &hash.0), ())?;
            tables.set_tip(&block.header.previous)?;
            Ok(block)
        })
    }

    pub(crate) fn put_commits(&mut self, count: u64) -> Result<(), StoreError> {
        self.meta.insert(key::COMMITS, encode(&count).as_slice())?;
        Ok(())
    }

    /// Writes which block is the tip; its header must be known.
    pub(crate) fn set_tip(&mut self, hash: &BlockHash) -> Result<(), StoreError> {
        let entry = self
            .header_entry(hash)?
            .ok_or_else(|| StoreError::missing("headers", hash))?;
        self.put_tip(&Tip {
            block: BlockId {
                height: entry.height,
                hash: *hash,
            },
            work: entry.work,
            time: entry.header.time(),
        })
    }

    pub(crate) fn put_tip(&mut self, tip: &Tip) -> Result<(), StoreError> {
        self.meta.insert(key::TIP, encode(tip).as_slice())?;
        self.tip_moved = true;
        Ok(())
    }
}
