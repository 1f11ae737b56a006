//! Final blocks: which block is final at a height, and the certificate that proves it. A block may be final before it, or
//! even its header, is here.

use std::{
    iter::Peekable,
    ops::{Deref, RangeBounds},
};

use bolao_answers::{
    Chain,
    body::{BlockRef, DatedBlock},
};
use bolao_ledger::{
    BlockContext, BlockHash, BlockId, Height, Ledger, MatchNo, Transaction, TxBody, TxId, encode,
};
use borsh::{BorshDeserialize, BorshSerialize};
use redb::{AccessGuard, Range, ReadableTable as _, StorageError};
use thiserror::Error;

use crate::{
    access::{Access, Tables, View, decoded},
    error::StoreError,
    schema::{Bytes, key},
};

/// A certificate: the proof that a block is final, of at most [`Self::MAX_BYTES`]. Its meaning is the validators' matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Certificate(Vec<u8>);

/// The certificate is longer than any can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "got a certificate of {got} bytes, wanted at most {}",
    Certificate::MAX_BYTES
)]
pub struct CertificateTooLong {
    /// The certificate's length, in bytes.
    pub got: usize,
}

impl Certificate {
    /// The longest, in bytes.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// Takes bytes if they are not too many.
    pub fn new(bytes: Vec<u8>) -> Result<Self, CertificateTooLong> {
        let got = bytes.len();
        if got > Self::MAX_BYTES {
            return Err(CertificateTooLong { got });
        }
        Ok(Self(bytes))
    }

    /// The certificate's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A block that is final. It is read as a [`BlockId`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalBlock {
    /// The block.
    pub block: BlockId,
    /// The certificate that proves it final.
    pub certificate: Certificate,
}

impl FinalBlock {
    /// A block with the bytes of what proves it final.
    pub fn new(block: BlockId, proof: Vec<u8>) -> Result<Self, CertificateTooLong> {
        let certificate = Certificate::new(proof)?;
        Ok(Self { block, certificate })
    }
}

impl Deref for FinalBlock {
    type Target = BlockId;

    fn deref(&self) -> &BlockId {
        &self.block
    }
}

type Entry<'t> = (AccessGuard<'t, u64>, AccessGuard<'t, Bytes>);

fn read(entry: Result<Entry<'_>, StorageError>) -> Result<FinalBlock, StoreError> {
    let (height, bytes) = entry?;
    read_at(Height(height.value()), bytes.value())
}

pub(crate) fn read_at(height: Height, bytes: &[u8]) -> Result<FinalBlock, StoreError> {
    let (hash, certificate) = decoded("finals", height, bytes)?;
    Ok(FinalBlock {
        block: BlockId { height, hash },
        certificate,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Up,
    Down,
}

/// A table's entries in an order.
struct InOrder<'t>(Range<'t, u64, Bytes>, Order);

impl<'t> Iterator for InOrder<'t> {
    type Item = Result<Entry<'t>, StorageError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.1 {
            Order::Up => self.0.next(),
            Order::Down => self.0.next_back(),
        }
    }
}

/// Two lists of final blocks in the order of their heights, as one.
struct Merged<A: Iterator, B: Iterator> {
    one: Peekable<A>,
    other: Peekable<B>,
    order: Order,
}

impl<A, B> Iterator for Merged<A, B>
where
    A: Iterator<Item = Result<FinalBlock, StoreError>>,
    B: Iterator<Item = Result<FinalBlock, StoreError>>,
{
    type Item = Result<FinalBlock, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_first = match (self.one.peek(), self.other.peek()) {
            (Some(Ok(one)), Some(Ok(other))) => {
                (one.height < other.height) == (self.order == Order::Up)
            }
            (one, _) => one.is_some(),
        };
        if is_first {
            self.one.next()
        } else {
            self.other.next()
        }
    }
}

impl<A: Access> View<A> {
    /// The highest final block that this node knows of, which the chain need not hold yet.
    pub fn last_final(&self) -> Result<Option<FinalBlock>, StoreError> {
        self.finals_down()?.next().transpose()
    }

    /// A final block that the chain does not hold, or that is kept apart from it.
    pub(crate) fn told_final(&self, height: Height) -> Result<Option<FinalBlock>, StoreError> {
        let found = self.finals.get(height.0)?;
        found
            .map(|bytes| read_at(height, bytes.value()))
            .transpose()
    }

    /// Final blocks of these heights: those kept with their blocks, and those kept apart.
    fn finals_among(
        &self,
        heights: impl RangeBounds<u64> + Clone,
        order: Order,
    ) -> Result<impl Iterator<Item = Result<FinalBlock, StoreError>>, StoreError> {
        let (apart, kept) = (
            self.finals.range(heights.clone())?,
            self.blocks.range(heights)?,
        );
        let kept = InOrder(kept, order).map(|entry| self.stored_final(&entry?.into()));
        Ok(Merged {
            one: kept.filter_map(Result::transpose).peekable(),
            other: InOrder(apart, order).map(read).peekable(),
            order,
        })
    }

    /// The highest final block that the chain holds, as it holds all below. Those above have not come yet, or wait for their
    /// time, and the chain may have other blocks at their heights.
    pub fn held_final(&self) -> Result<Option<FinalBlock>, StoreError> {
        for block in self.finals_down()? {
            let block = block?;
            if self.hash_at(block.height)? == Some(block.hash) {
                return Ok(Some(block));
            }
        }
        Ok(None)
    }

    /// All final blocks that this node knows of, the highest first.
    pub fn finals_down(
        &self,
    ) -> Result<impl Iterator<Item = Result<FinalBlock, StoreError>>, StoreError> {
        self.finals_among(.., Order::Down)
    }

    /// The final block of a height, if one is known.
    pub fn final_at(&self, height: Height) -> Result<Option<FinalBlock>, StoreError> {
        self.finals_among(height.0..=height.0, Order::Up)?
            .next()
            .transpose()
    }

    /// The lowest final block above a height.
    pub fn final_above(&self, height: Height) -> Result<Option<FinalBlock>, StoreError> {
        let above = height.0.saturating_add(1)..;
        self.finals_among(above, Order::Up)?.next().transpose()
    }

    /// The highest final block below a height.
    pub fn final_below(&self, height: Height) -> Result<Option<FinalBlock>, StoreError> {
        self.finals_among(..height.0, Order::Down)?
            .next()
            .transpose()
    }

    /// The final block that contradicts another one, if there ever was one: with its certificate, which proves that
    /// validators signed two histories.
    pub fn conflicting_final(&self) -> Result<Option<FinalBlock>, StoreError> {
        let Some(bytes) = self.meta.get(key::CONFLICTING_FINAL)? else {
            return Ok(None);
        };
        let (height, hash, certificate) = decoded("meta", key::CONFLICTING_FINAL, bytes.value())?;
        Ok(Some(FinalBlock {
            block: BlockId { height, hash },
            certificate,
        }))
    }
}

impl Tables<'_> {
    /// Keeps a final block for good. One of the same height must be the same block, whose first certificate stays.
    pub fn put_final(&mut self, block: &FinalBlock) -> Result<(), StoreError> {
        self.noting(|tables| {
            let FinalBlock {
                block: BlockId { height, hash },
                certificate,
            } = block;
            match tables.final_at(*height)? {
                None => {
                    if tables.certified && tables.hash_at(*height)? == Some(*hash) {
                        tables.prove_stored(block)?;
                    } else {
                        let entry = encode(&(hash, certificate));
                        tables.finals.insert(height.0, entry.as_slice())?;
                    }
                    // What is said of the blocks under it is another thing now.
                    tables.tip_moved = true;
                    Ok(())
                }
                Some(known) if known.hash == *hash => Ok(()),
                Some(known) => Err(StoreError::TwoFinals {
                    height: *height,
                    known: known.hash,
                    got: *hash,
                }),
            }
        })
    }

    /// Keeps the first final block that contradicts another one, as evidence.
    pub fn put_conflicting_final(&mut self, block: &FinalBlock) -> Result<(), StoreError> {
        self.noting(|tables| {
            if tables.conflicting_final()?.is_none() {
                let entry = encode(&(block.height, block.hash, &block.certificate));
                let key = key::CONFLICTING_FINAL;
                tables.meta.insert(key, entry.as_slice())?;
            }
            Ok(())
        })
    }
}

impl<A: Access> Chain for View<A> {
    fn last_block(&self) -> Result<BlockId, StoreError> {
        Ok(self.tip()?.block)
    }

    fn transactions_at(&self, height: Height) -> Result<Vec<(Transaction, BlockRef)>, StoreError> {
        let (Some(header), Some(block)) = (self.header_at(height)?, self.block_at(height)?) else {
            return Ok(Vec::new());
        };
        let place = |index| BlockRef {
            at: DatedBlock {
                id: header.block,
                time: header.header.time(),
            },
            index,
        };
        let transactions = block.transactions.into_iter().zip(0..);
        Ok(transactions.map(|(it, index)| (it, place(index))).collect())
    }

    fn transaction_of(&self, id: &TxId) -> Result<Option<(Transaction, BlockRef)>, StoreError> {
        let Some(record) = self.transaction(id)? else {
            return Ok(None);
        };
        let mut here = self.transactions_at(record.height)?;
        let index = usize::try_from(record.index).unwrap_or(usize::MAX);
        let found = (index < here.len()).then(|| here.swap_remove(index));
        // The index knows the beginning of an id.
        Ok(found.filter(|(transaction, _)| transaction.id() == *id))
    }

    fn height_of(&self, hash: &BlockHash) -> Result<Option<Height>, StoreError> {
        let record = self.header(hash)?;
        Ok(match record {
            Some(record) if self.is_main(&record)? => Some(record.height),
            _ => None,
        })
    }

    fn void_bets(&self, id: &TxId, _: &BlockRef) -> Result<Vec<MatchNo>, StoreError> {
        Ok(self
            .transaction(id)?
            .map_or_else(Vec::new, |it| it.void_bets))
    }

    fn could_hold(
        &self,
        ledger: Ledger<'_>,
        context: BlockContext,
        body: &TxBody,
    ) -> Result<bool, StoreError> {
        ledger.could_apply(self, context, body)
    }

    fn final_height(&self) -> Result<Height, StoreError> {
        Ok(self.held_final()?.map_or(Height::ZERO, |it| it.height))
    }
}
