//! Reads of headers, blocks and transactions.

use std::collections::BTreeMap;

use bolao_headers::{CheckedHeader, HeaderChain, MEDIAN_BLOCKS, Tip};
use bolao_ledger::{Block, BlockHash, Height, Transaction, TxId, Work};
use borsh::BorshDeserialize;
use redb::ReadableTable as _;

use crate::{
    access::{Access, View, decoded},
    error::StoreError,
    images::changed_tables,
    record::{HeaderEntry, HeaderRecord, ShortHeader, TxRecord, tx_key},
    schema::key,
};

impl<A: Access> View<A> {
    /// The last block of the main chain.
    pub fn tip(&self) -> Result<Tip, StoreError> {
        self.meta(key::TIP)
    }

    pub(crate) fn meta<T: BorshDeserialize>(&self, key: &'static str) -> Result<T, StoreError> {
        let guard = self.meta.get(key)?;
        let guard = guard.ok_or_else(|| StoreError::missing("meta", key))?;
        decoded("meta", key, guard.value())
    }

    pub(crate) fn header_entry(&self, hash: &BlockHash) -> Result<Option<HeaderEntry>, StoreError> {
        self.headers
            .get(&hash.0)?
            .map(|guard| self.read_header(hash, guard.value()))
            .transpose()
    }

    /// An entry of the table of headers.
    pub(crate) fn read_header(
        &self,
        hash: &BlockHash,
        bytes: &[u8],
    ) -> Result<HeaderEntry, StoreError> {
        if !self.certified {
            return decoded("headers", hash, bytes);
        }
        match ShortHeader::read(bytes) {
            Some(ShortHeader::Full(bytes)) => decoded("headers", hash, bytes),
            Some(ShortHeader::OfBlock(height)) => {
                let guard = self.stored(height.0)?;
                let guard = guard.ok_or_else(|| StoreError::missing("blocks", height))?;
                let header = guard.get()?.header();
                Ok(HeaderEntry {
                    header,
                    height,
                    // All have the same target (A1).
                    work: self.first_work + header.work() * height.0,
                    body: Some(height.0),
                    invalid: None,
                })
            }
            None => Err(StoreError::undecodable("headers", hash)),
        }
    }

    /// A header of any branch.
    pub fn header(&self, hash: &BlockHash) -> Result<Option<HeaderRecord>, StoreError> {
        Ok(self
            .header_entry(hash)?
            .map(|entry| entry.into_record(*hash)))
    }

    /// The chain of headers that ends with `hash`; `None` if that is not known.
    pub fn header_chain(&self, hash: &BlockHash) -> Result<Option<HeaderChain>, StoreError> {
        let Some(tip) = self.header(hash)? else {
            return Ok(None);
        };
        let mut below = Vec::new();
        let mut previous = tip.header.previous;
        while below.len() + 1 < MEDIAN_BLOCKS
            && let Some(parent) = self.header_entry(&previous)?
        {
            below.push(parent.header.time());
            previous = parent.header.previous;
        }
        let is_invalid = tip.invalid.is_some();
        Ok(Some(HeaderChain::new(*tip, is_invalid, below)))
    }

    /// Whether a block is in the main chain.
    pub fn is_main(&self, header: &CheckedHeader) -> Result<bool, StoreError> {
        Ok(self.hash_at(header.height)? == Some(header.hash))
    }

    /// The main chain's block at a height; `None` above the tip.
    pub fn hash_at(&self, height: Height) -> Result<Option<BlockHash>, StoreError> {
        if self.certified && height > Height::ZERO {
            return self.stored_hash(height);
        }
        Ok(self
            .main
            .get(height.0)?
            .map(|guard| BlockHash(*guard.value())))
    }

    /// The last block of the main chain, by what stands by height.
    pub(crate) fn highest(&self) -> Result<Option<(Height, BlockHash)>, StoreError> {
        let mut last = self.main.last()?.map(|(height, _)| height.value());
        if self.certified {
            last = self
                .blocks
                .last()?
                .map(|(height, _)| height.value())
                .or(last);
        }
        let Some(last) = last.map(Height) else {
            return Ok(None);
        };
        Ok(self.hash_at(last)?.map(|hash| (last, hash)))
    }

    /// The main chain's header at a height; `None` above the tip.
    pub fn header_at(&self, height: Height) -> Result<Option<HeaderRecord>, StoreError> {
        self.hash_at(height)?
            .map(|hash| {
                self.header(&hash)?
                    .ok_or_else(|| StoreError::missing("headers", hash))
            })
            .transpose()
    }

    /// A block of any branch, encoded; `None` where header or body is unknown, and for genesis.
    pub fn block_bytes(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(sequence) = self.header_entry(hash)?.and_then(|entry| entry.body) else {
            return Ok(None);
        };
        if self.certified {
            return self.stored_block(sequence);
        }
        match self.bodies.get(sequence)? {
            Some(guard) => Ok(Some(guard.value().to_vec())),
            None => Err(StoreError::missing("bodies", sequence)),
        }
    }

    /// A block of any branch; `None` where header or body is unknown, and for genesis.
    pub fn block(&self, hash: &BlockHash) -> Result<Option<Block>, StoreError> {
        self.block_bytes(hash)?
            .map(|bytes| decoded("bodies", hash, &bytes))
            .transpose()
    }

    /// The main chain's block at a height; `None` at genesis and above the tip.
    pub fn block_at(&self, height: Height) -> Result<Option<Block>, StoreError> {
        match self.hash_at(height)? {
            Some(hash) => self.block(&hash),
            None => Ok(None),
        }
    }

    /// The place in the main chain of a transaction that somebody has, by half of its id: no two transactions are alike in that half, but
    /// whoever has an id alone may write any other half beside it, and asks [`Self::transaction_called`].
    pub fn transaction(&self, id: &TxId) -> Result<Option<TxRecord>, StoreError> {
        self.tx_index
            .get(tx_key(id))?
            .map(|guard| {
                let record = TxRecord::read(guard.value());
                record.ok_or_else(|| StoreError::undecodable("tx_index", id))
            })
            .transpose()
    }

    /// The transaction of the main chain with this whole id, in its place.
    pub fn transaction_called(
        &self,
        id: &TxId,
    ) -> Result<Option<(TxRecord, Transaction)>, StoreError> {
        let Some(record) = self.transaction(id)? else {
            return Ok(None);
        };
        let block = self.block_at(record.height)?;
        let mut transactions = block.map_or_else(Vec::new, |block| block.transactions);
        let index = usize::try_from(record.index).unwrap_or(usize::MAX);
        if index >= transactions.len() {
            return Err(StoreError::missing("bodies", id));
        }
        let transaction = transactions.swap_remove(index);
        Ok((transaction.id() == *id).then_some((record, transaction)))
    }

    /// The tables of the state that the main chain's block at a height changed, by the first bytes of their keys
    /// ([`bolao_ledger::table::Table::ID`]); `None` at genesis and above the tip.
    pub fn changed_tables(&self, height: Height) -> Result<Option<Vec<u8>>, StoreError> {
        if self.certified {
            return self.stored_tables(height);
        }
        self.undo
            .get(height.0)?
            .map(|guard| {
                let tables = changed_tables(guard.value());
                tables.ok_or_else(|| StoreError::undecodable("undo", height))
            })
            .transpose()
    }

    /// A transaction of the main chain, from its block.
    pub fn confirmed_transaction(&self, id: &TxId) -> Result<Option<Transaction>, StoreError> {
        Ok(self.confirmed_transactions([*id])?.remove(id))
    }

    /// Those of these transactions that the main chain holds; each block is read once.
    pub fn confirmed_transactions(
        &self,
        ids: impl IntoIterator<Item = TxId>,
    ) -> Result<BTreeMap<TxId, Transaction>, StoreError> {
        let mut places: BTreeMap<Height, BTreeMap<u32, TxId>> = BTreeMap::new();
        for id in ids {
            if let Some(record) = self.transaction(&id)? {
                let of_block = places.entry(record.height).or_default();
                of_block.insert(record.index, id);
            }
        }
        let mut found = BTreeMap::new();
        for (height, mut of_block) in places {
            let block = self.block_at(height)?;
            let transactions = block.map_or_else(Vec::new, |block| block.transactions);
            for (index, transaction) in (0..).zip(transactions) {
                if let Some(id) = of_block.remove(&index)
                    && transaction.id() == id
                {
                    found.insert(id, transaction);
                }
            }
            if let Some(id) = of_block.values().next() {
                return Err(StoreError::missing("bodies", id));
            }
        }
        Ok(found)
    }

    /// Headers of which one may be the next tip: nothing valid is built on them that is not a leaf itself. At most
    /// [`crate::MAX_LEAVES`], in order of their hashes, with the work of their chains.
    pub fn leaves(&self) -> Result<Vec<(BlockHash, Work)>, StoreError> {
        self.leaves
            .iter()?
            .map(|entry| {
                let (hash, work) = entry?;
                Ok((BlockHash(*hash.value()), Work::from_le_bytes(*work.value())))
            })
            .collect()
    }
}
