//! Final blocks: which block is final at a height, and the certificate that proves it. A block may be final before it, or
//! even its header, is here.

use bolao_answers::{
    Chain,
    body::{BlockRef, moment},
};
use bolao_ledger::{
    BlockContext, BlockHash, Height, Ledger, MatchNo, Transaction, TxBody, TxId, encode,
};
use borsh::{BorshDeserialize, BorshSerialize};
use redb::{AccessGuard, ReadableTable as _, StorageError};
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

/// A block that is final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalBlock {
    /// The height of the block.
    pub height: Height,
    /// The hash of the block.
    pub hash: BlockHash,
    /// The certificate that proves it final.
    pub certificate: Certificate,
}

type Entry<'t> = (AccessGuard<'t, u64>, AccessGuard<'t, Bytes>);

fn read(entry: Result<Entry<'_>, StorageError>) -> Result<FinalBlock, StoreError> {
    let (height, bytes) = entry?;
    read_at(Height(height.value()), bytes.value())
}

fn read_at(height: Height, bytes: &[u8]) -> Result<FinalBlock, StoreError> {
    let (hash, certificate) = decoded("finals", height, bytes)?;
    Ok(FinalBlock {
        height,
        hash,
        certificate,
    })
}

impl<A: Access> View<A> {
    /// The highest final block that this node knows of, which the chain need not hold yet.
    pub fn last_final(&self) -> Result<Option<FinalBlock>, StoreError> {
        self.finals.last()?.map(|entry| read(Ok(entry))).transpose()
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
        Ok(self.finals.iter()?.rev().map(read))
    }

    /// The final block of a height, if one is known.
    pub fn final_at(&self, height: Height) -> Result<Option<FinalBlock>, StoreError> {
        let found = self.finals.get(height.0)?;
        found
            .map(|bytes| read_at(height, bytes.value()))
            .transpose()
    }

    /// The lowest final block above a height.
    pub fn final_above(&self, height: Height) -> Result<Option<FinalBlock>, StoreError> {
        let above = height.0.saturating_add(1)..;
        self.finals.range(above)?.next().map(read).transpose()
    }

    /// The highest final block below a height.
    pub fn final_below(&self, height: Height) -> Result<Option<FinalBlock>, StoreError> {
        let found = self.finals.range(..height.0)?.next_back();
        found.map(read).transpose()
    }

    /// The final block that contradicts another one, if there ever was one: with its certificate, which proves that
    /// validators signed two histories.
    pub fn conflicting_final(&self) -> Result<Option<FinalBlock>, StoreError> {
        let Some(bytes) = self.meta.get(key::CONFLICTING_FINAL)? else {
            return Ok(None);
        };
        let (height, hash, certificate) = decoded("meta", key::CONFLICTING_FINAL, bytes.value())?;
        Ok(Some(FinalBlock {
            height,
            hash,
            certificate,
        }))
    }
}

impl Tables<'_> {
    /// Keeps a final block for good. One of the same height must be the same block, whose first certificate stays.
    pub fn put_final(&mut self, block: &FinalBlock) -> Result<(), StoreError> {
        self.noting(|tables| {
            let FinalBlock {
                height,
                hash,
                certificate,
            } = block;
            match tables.final_at(*height)? {
                None => {
                    let entry = encode(&(hash, certificate));
                    tables.finals.insert(height.0, entry.as_slice())?;
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
    fn last_block(&self) -> Result<(Height, BlockHash), StoreError> {
        let tip = self.tip()?;
        Ok((tip.height, tip.hash))
    }

    fn transactions_at(&self, height: Height) -> Result<Vec<(Transaction, BlockRef)>, StoreError> {
        let (Some(header), Some(block)) = (self.header_at(height)?, self.block_at(height)?) else {
            return Ok(Vec::new());
        };
        let place = |index| BlockRef {
            height: height.0,
            hash: header.hash,
            time: moment(header.header.time()),
            index,
        };
        let transactions = block.transactions.into_iter().zip(0..);
        Ok(transactions.map(|(it, index)| (it, place(index))).collect())
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
