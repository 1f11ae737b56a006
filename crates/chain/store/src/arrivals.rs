//! When each block and each transaction first reached this node, and whether it could judge that it was late.
//!
//! - A block's arrival is noted with its header, those of its transactions with its body; what waits for a block has its own,
//!   which goes into the block's entry. All in writes that happen anyway, by the time that [`crate::Store::now_is`] told last.
//! - An entry goes with its block's header, or with the transaction that waits: what a stranger sends takes no more room
//!   than the headers and transactions that are kept.
//! - The arrivals are this node's own. No block holds them, and nothing can rebuild them.

use bolao_ledger::{Block, BlockHash, Height, TxId};
use redb::{ReadableTable as _, ReadableTableMetadata as _};

use crate::{
    access::{Access, Tables, View},
    arrival::Arrival,
    compact::Bytes,
    error::StoreError,
};

/// Transactions that wait stand under this height.
const WAITING: u64 = u64::MAX;

/// When a block and its transactions first reached this node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockArrivals {
    /// The block, or its header.
    pub block: Arrival,
    /// Its transactions in order; none while the body is not here. Of a transaction that waits, its own arrival again if it was
    /// given here.
    pub transactions: Vec<Arrival>,
}

impl BlockArrivals {
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.block.put(&mut out, 0);
        for arrival in &self.transactions {
            arrival.put(&mut out, self.block.at.0);
        }
        out
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let block = Arrival::take(&mut bytes, 0)?;
        let mut transactions = Vec::new();
        while !bytes.0.is_empty() {
            transactions.push(Arrival::take(&mut bytes, block.at.0)?);
        }
        Some(Self {
            block,
            transactions,
        })
    }
}

impl<A: Access> View<A> {
    fn arrival(&self, height: u64, hash: &[u8; 32]) -> Result<Option<BlockArrivals>, StoreError> {
        let found = self.arrivals.get((height, hash))?;
        let mut found = found.map(|bytes| bytes.value().to_vec());
        if self.certified && found.is_none() {
            found = self.stored_arrivals(height, &BlockHash(*hash))?;
        }
        found
            .map(|bytes| {
                let read = BlockArrivals::read(&bytes);
                read.ok_or_else(|| StoreError::undecodable("arrivals", BlockHash(*hash)))
            })
            .transpose()
    }

    /// When a block of this height and its transactions first came; `None` of a block that came before this was noted.
    pub fn block_arrivals(
        &self,
        height: Height,
        hash: &BlockHash,
    ) -> Result<Option<BlockArrivals>, StoreError> {
        self.arrival(height.0, &hash.0)
    }

    /// When a transaction that waits first came.
    pub fn pending_arrival(&self, id: &TxId) -> Result<Option<Arrival>, StoreError> {
        Ok(self.arrival(WAITING, &id.0)?.map(|found| found.block))
    }

    /// Whether a transaction waits that was given to this node, and not by a peer.
    pub fn is_own(&self, id: &TxId) -> Result<bool, StoreError> {
        let found = self.arrival(WAITING, &id.0)?;
        Ok(found.is_some_and(|found| !found.transactions.is_empty()))
    }
}

impl Tables<'_> {
    /// Notes when a block first came, if that is not known yet: before its header is kept.
    pub fn note_block(
        &mut self,
        height: Height,
        hash: &BlockHash,
        arrival: Arrival,
    ) -> Result<(), StoreError> {
        self.noting(|tables| tables.note(height.0, &hash.0, arrival))
    }

    pub(crate) fn note_now(&mut self, height: Height, hash: &BlockHash) -> Result<(), StoreError> {
        self.now
            .map_or(Ok(()), |now| self.note(height.0, &hash.0, now))
    }

    /// `now` for what waits from now on.
    pub(crate) fn note_pending(&mut self, id: &TxId) -> Result<(), StoreError> {
        self.now
            .map_or(Ok(()), |now| self.note(WAITING, &id.0, now))
    }

    /// Notes that a transaction that waits was given to this node, and not by a peer.
    pub fn note_own(&mut self, id: &TxId) -> Result<(), StoreError> {
        self.noting(|tables| {
            let Some(mut entry) = tables.arrival(WAITING, &id.0)? else {
                return Ok(());
            };
            entry.transactions = vec![entry.block];
            let bytes = entry.bytes();
            tables.arrivals.insert((WAITING, &id.0), bytes.as_slice())?;
            Ok(())
        })
    }

    fn note(&mut self, height: u64, hash: &[u8; 32], block: Arrival) -> Result<(), StoreError> {
        if self.arrival(height, hash)?.is_none() {
            let transactions = Vec::new();
            let entry = BlockArrivals {
                block,
                transactions,
            };
            self.arrivals
                .insert((height, hash), entry.bytes().as_slice())?;
        }
        Ok(())
    }

    /// Notes when the transactions of a block came, whose body is new.
    pub(crate) fn note_body(
        &mut self,
        height: Height,
        hash: &BlockHash,
        ids: &[TxId],
    ) -> Result<(), StoreError> {
        if self.now.is_none() || ids.is_empty() {
            return Ok(());
        }
        let bytes = self.take_arrivals(height, hash, ids)?;
        self.arrivals
            .insert((height.0, &hash.0), bytes.as_slice())?;
        Ok(())
    }

    /// When a block whose body is new came, with its transactions, to be kept elsewhere; nothing where that is not noted.
    pub(crate) fn take_arrivals(
        &mut self,
        height: Height,
        hash: &BlockHash,
        ids: &[TxId],
    ) -> Result<Vec<u8>, StoreError> {
        let known = self.arrivals.remove((height.0, &hash.0))?;
        let known = known.map(|bytes| bytes.value().to_vec());
        let Some(now) = self.now else {
            return Ok(known.unwrap_or_default());
        };
        let known = known.as_deref().and_then(BlockArrivals::read);
        let none_waits = self.pending_ids.is_empty()?;
        let arrivals = ids.iter().map(|id| {
            let waited = (!none_waits).then(|| self.pending_arrival(id));
            Ok(waited.transpose()?.flatten().unwrap_or(now))
        });
        let entry = BlockArrivals {
            block: known.map_or(now, |known| known.block),
            transactions: arrivals.collect::<Result<_, StoreError>>()?,
        };
        Ok(entry.bytes())
    }

    /// Puts the transactions of a block that was taken off among those that wait, with the arrivals that they had.
    pub fn put_back(&mut self, block: &Block) -> Result<(), StoreError> {
        self.noting(|tables| {
            let known = tables.block_arrivals(block.coinbase.height, &block.hash())?;
            let known = known.map_or(Vec::new(), |known| known.transactions);
            let mut known = known.into_iter();
            for transaction in &block.transactions {
                if let Some(arrival) = known.next() {
                    tables.note(WAITING, &transaction.id().0, arrival)?;
                }
                tables.put_pending(transaction)?;
            }
            Ok(())
        })
    }

    pub(crate) fn forget_block(
        &mut self,
        height: Height,
        hash: &BlockHash,
    ) -> Result<(), StoreError> {
        self.arrivals.remove((height.0, &hash.0))?;
        Ok(())
    }

    pub(crate) fn forget_waiting(&mut self, id: &TxId) -> Result<(), StoreError> {
        self.arrivals.remove((WAITING, &id.0))?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_short_and_comes_back_as_it_was() {
        let at = 1_795_300_000;
        let arrival = |at: u64, bits| Arrival::read(at, bits);
        let entry = BlockArrivals {
            block: arrival(at, 3),
            transactions: vec![
                arrival(at, 3),
                arrival(at - 60, 1),
                arrival(at + 5, 2),
                arrival(0, 0),
                arrival(u64::from(u32::MAX), 3),
            ],
        };
        assert_eq!(BlockArrivals::read(&entry.bytes()).unwrap(), entry);
        let hundred = BlockArrivals {
            block: arrival(at, 3),
            transactions: vec![arrival(at - 10, 3); 100],
        };
        assert!(hundred.bytes().len() <= 105);
        assert_eq!(BlockArrivals::read(&[0x80]), None);
    }
}
