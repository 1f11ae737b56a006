//! Blocks: everything that needs no state.

use std::{collections::BTreeSet, sync::Arc};

use thiserror::Error;

use super::{CheckedTransaction, TxCheckError};
use crate::{
    block::{Block, merkle_root},
    codec::encode,
    genesis::Genesis,
    hashes::{BlockHash, PoolId, TxId, WitnessId},
    reasons::Reason,
    signing::{self, Signed, verify_batch},
    transaction::Transaction,
    units::Height,
    voting::{Certificate, Decision, ValidatorSet},
};

/// A block whose size, body commitment and signatures are good. What proves its header is the headers' part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedBlock {
    block: Arc<Block>,
    hash: BlockHash,
    ids: Vec<TxId>,
    encoded_bytes: usize,
}

/// Why a block is refused whatever the state.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum BlockError {
    #[error("got a block of {got} bytes, this pool takes at most {max}")]
    TooLarge { got: usize, max: usize },
    #[error("got {got} transactions, this pool takes at most {max} in a block")]
    TooManyTransactions { got: usize, max: usize },
    #[error("the body holds the same transaction twice")]
    DuplicateTransaction,
    #[error("the body does not belong to the header: its Merkle root differs")]
    BadMerkleRoot,
    #[error("transaction {index} of the block: {source}")]
    Transaction { index: usize, source: TxCheckError },
}

impl BlockError {
    /// The stable code.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::TooLarge { .. } => Reason::BlockTooLarge,
            Self::TooManyTransactions { .. } => Reason::TooManyTransactions,
            Self::DuplicateTransaction => Reason::DuplicateTransaction,
            Self::BadMerkleRoot => Reason::BadMerkleRoot,
            Self::Transaction { source, .. } => source.reason(),
        }
    }

    /// Whether only this body is bad and another with the same header may be the genuine one. Nothing may then be
    /// remembered against the header's hash (CVE-2012-2459).
    #[must_use]
    pub const fn is_body_mutation(&self) -> bool {
        matches!(
            self,
            Self::DuplicateTransaction
                | Self::BadMerkleRoot
                | Self::TooLarge { .. }
                | Self::TooManyTransactions { .. }
        )
    }
}

/// Verifies a batch of signatures: [`crate::verify_batch`], or the same on several threads.
pub type VerifyBatch = fn(PoolId, &[Signed<'_>]) -> bool;

impl Block {
    /// Checks everything of the body that needs no state; the cheap checks come first.
    pub fn check(self, genesis: &Genesis, pool: PoolId) -> Result<CheckedBlock, BlockError> {
        self.check_with(genesis, pool, verify_batch, |_| None)
    }

    /// The same for whoever has checked some of the transactions already, for the same pool: `checked` finds them by
    /// their ids. One that is equal to that in the block, signature included, is not checked again.
    pub fn check_with<'c>(
        self,
        genesis: &Genesis,
        pool: PoolId,
        verify: VerifyBatch,
        checked: impl Fn(&TxId) -> Option<&'c CheckedTransaction>,
    ) -> Result<CheckedBlock, BlockError> {
        let unsigned = self.check_form(genesis, pool, checked)?;
        unsigned.check_signatures(pool, verify)?;
        Ok(unsigned.block)
    }

    /// Checks many, the signatures of all in one batch. Gives one verdict for each, the same as [`Self::check_with`]
    /// would.
    pub fn check_all<'c>(
        blocks: Vec<Self>,
        genesis: &Genesis,
        pool: PoolId,
        verify: VerifyBatch,
        checked: impl Fn(&TxId) -> Option<&'c CheckedTransaction>,
    ) -> Vec<Result<CheckedBlock, BlockError>> {
        let unsigned: Vec<Result<Unsigned, BlockError>> = blocks
            .into_iter()
            .map(|block| block.check_form(genesis, pool, &checked))
            .collect();
        let signed: Vec<Signed<'_>> = unsigned
            .iter()
            .flatten()
            .flat_map(|block| block.signed(pool))
            .map(|(_, signed)| signed)
            .collect();
        let all_good = verify(pool, &signed);
        drop(signed);
        let verdict = |unsigned: Unsigned| {
            if !all_good {
                unsigned.check_signatures(pool, verify)?;
            }
            Ok(unsigned.block)
        };
        let verdicts = unsigned.into_iter();
        verdicts.map(|block| block.and_then(verdict)).collect()
    }

    /// Checks blocks that validators made final, each with its certificate, all signatures in one batch. Gives the checked blocks on top
    /// of `below`, as long as they are good and the validators of `set` vote for them; a block's coinbase says who votes after it (rule
    /// Q11). What is wrong with the next one, [`Certificate::verify`] and [`Self::check_with`] say.
    pub fn check_certified<'a, 'c>(
        certified: impl IntoIterator<Item = (&'a Self, &'a Certificate)>,
        below: (Height, BlockHash),
        set: &ValidatorSet,
        (genesis, pool): (&Genesis, PoolId),
        verify: VerifyBatch,
        checked: impl Fn(&TxId) -> Option<&'c CheckedTransaction>,
    ) -> Vec<CheckedBlock> {
        let (mut height, mut previous) = below;
        let voters = set.hash();
        let mut unsigned = Vec::new();
        for (block, certificate) in certified {
            height = height.next();
            if (block.coinbase.height, block.header.previous) != (height, previous)
                || certificate.weigh(set).is_err()
            {
                break;
            }
            previous = block.hash();
            let is_last = !block.coinbase.message.starts_with(&voters.0);
            let Ok(block) = block.clone().check_form(genesis, pool, &checked) else {
                break;
            };
            unsigned.push((block, certificate));
            if is_last {
                break;
            }
        }
        let mut signed = Vec::new();
        for (block, certificate) in &unsigned {
            let (height, decision) = block.decision();
            signed.extend(certificate.signed(pool, height, decision));
            signed.extend(block.signed(pool).map(|(_, signed)| signed));
        }
        let all_good = verify(pool, &signed);
        drop(signed);
        let is_good = |(block, certificate): &(Unsigned, &Certificate)| {
            let (height, decision) = block.decision();
            all_good
                || certificate.verify(set, pool, height, decision).is_ok()
                    && block.check_signatures(pool, verify).is_ok()
        };
        let good = unsigned.into_iter().take_while(is_good);
        good.map(|(unsigned, _)| unsigned.block).collect()
    }

    fn check_form<'c>(
        self,
        genesis: &Genesis,
        pool: PoolId,
        checked: impl Fn(&TxId) -> Option<&'c CheckedTransaction>,
    ) -> Result<Unsigned, BlockError> {
        let max = genesis.limits.transactions_max();
        let got = self.transactions.len();
        // # Rule B4: at most `limits.block_transactions` transactions.
        if got > max {
            return Err(BlockError::TooManyTransactions { got, max });
        }
        let encoded_bytes = encode(&self).len();
        let max = genesis.limits.block_bytes_max();
        // # Rule B5: at most `limits.block_bytes` bytes.
        if encoded_bytes > max {
            return Err(BlockError::TooLarge {
                got: encoded_bytes,
                max,
            });
        }
        let leaves = self.leaves();
        // # Rule B3: no transaction stands twice in a block (CVE-2012-2459: a repeated tail leaves the root as it was).
        let mut seen = BTreeSet::new();
        if !leaves.iter().all(|leaf| seen.insert(leaf)) {
            return Err(BlockError::DuplicateTransaction);
        }
        // # Rule B2: the header's Merkle root is that of coinbase and transactions, signatures included.
        if merkle_root(&leaves) != self.header.merkle_root {
            return Err(BlockError::BadMerkleRoot);
        }
        let ids: Vec<TxId> = self.transactions.iter().map(Transaction::id).collect();
        let mut unknown = Vec::new();
        for (index, (transaction, id)) in self.transactions.iter().zip(&ids).enumerate() {
            if checked(id).is_some_and(|known| known.get() == transaction) {
                continue;
            }
            transaction
                .body
                .check_form(genesis, pool)
                .map_err(|source| BlockError::Transaction { index, source })?;
            unknown.push(index);
        }
        let block = CheckedBlock {
            hash: self.hash(),
            ids,
            block: Arc::new(self),
            encoded_bytes,
        };
        Ok(Unsigned {
            block,
            leaves,
            unknown,
        })
    }
}

/// A block of which all is checked but signatures.
struct Unsigned {
    block: CheckedBlock,
    /// Of the coinbase, then of each transaction.
    leaves: Vec<WitnessId>,
    /// The places of the transactions whose signatures nobody has checked.
    unknown: Vec<usize>,
}

impl Unsigned {
    /// The vote's number and the decision that a certificate of the block's own height is about.
    fn decision(&self) -> (Height, Decision) {
        let height = self.block.get().coinbase.height;
        (height, Decision::plain(height, self.block.hash()))
    }

    /// The signatures to check, each with its transaction's place.
    fn signed(&self, pool: PoolId) -> impl Iterator<Item = (usize, Signed<'_>)> {
        self.unknown.iter().filter_map(move |index| {
            let transaction = self.block.get().transactions.get(*index)?;
            let leaf = self.leaves.get(index.checked_add(1)?)?;
            Some((*index, transaction.signed(pool, *leaf)))
        })
    }

    fn check_signatures(&self, pool: PoolId, verify: VerifyBatch) -> Result<(), BlockError> {
        let (places, signed): (Vec<usize>, Vec<Signed<'_>>) = self.signed(pool).unzip();
        if verify(pool, &signed) {
            return Ok(());
        }
        let is_bad =
            |item: &Signed<'_>| !signing::verify(&item.account, item.signature, &item.message);
        match places.iter().zip(&signed).find(|(_, item)| is_bad(item)) {
            Some((index, _)) => Err(BlockError::Transaction {
                index: *index,
                source: TxCheckError::BadSignature,
            }),
            None => Ok(()),
        }
    }
}

impl CheckedBlock {
    /// The block that was checked.
    #[must_use]
    pub fn get(&self) -> &Block {
        &self.block
    }

    /// The block, for whoever keeps it too.
    #[must_use]
    pub fn shared(&self) -> Arc<Block> {
        Arc::clone(&self.block)
    }

    /// The hash of the block.
    #[must_use]
    pub const fn hash(&self) -> BlockHash {
        self.hash
    }

    /// The identities of its transactions, in their order.
    #[must_use]
    pub fn ids(&self) -> &[TxId] {
        &self.ids
    }

    /// Its length, in bytes.
    #[must_use]
    pub const fn encoded_bytes(&self) -> usize {
        self.encoded_bytes
    }

    /// Its transactions one by one, as checked as it is.
    pub fn checked_transactions(&self) -> impl Iterator<Item = CheckedTransaction> {
        self.transactions()
            .map(|(id, transaction)| CheckedTransaction {
                id,
                transaction: Arc::new(transaction.clone()),
                encoded_bytes: encode(transaction).len(),
            })
    }

    /// The transactions with their identities; each was checked with the block.
    pub fn transactions(&self) -> impl Iterator<Item = (TxId, &Transaction)> {
        self.ids.iter().copied().zip(&self.block.transactions)
    }
}
