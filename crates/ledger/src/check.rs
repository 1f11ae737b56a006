//! The second validity: what can be known of a block or transaction without any state.

use std::{collections::BTreeSet, sync::Arc};

use thiserror::Error;

use crate::{
    action::{Action, ActionKind, Ends, MAX_TIPS},
    block::{Block, merkle_root},
    codec::encode,
    fixture::MatchNo,
    genesis::Genesis,
    hashes::{BlockHash, PoolId, TxId, WitnessId},
    reasons::Reason,
    signing::{self, Signed, signing_bytes, verify, verify_batch},
    transaction::{Transaction, TxBody},
};

/// A transaction whose form and signature are good. Whether it applies depends on the state. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedTransaction {
    transaction: Arc<Transaction>,
    id: TxId,
    encoded_bytes: usize,
}

/// A block whose size, body commitment, own proof of work and signatures are good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedBlock {
    block: Arc<Block>,
    hash: BlockHash,
    ids: Vec<TxId>,
    encoded_bytes: usize,
}

/// Why a transaction is refused whatever the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum TxCheckError {
    #[error("got a transaction of {got} bytes, this pool takes at most {max}")]
    TooLarge { got: usize, max: usize },
    #[error("got a bet, seal or opening without tips, wanted 1 to {MAX_TIPS} of them")]
    NoTips,
    #[error("got {got} tips in one bet, seal or opening, wanted at most {MAX_TIPS}")]
    TooManyTips { got: usize },
    #[error("got two tips for match number {match_no}, wanted one for each match")]
    DuplicateTip { match_no: u16 },
    #[error("the rules of this pool know no action `{kind}`")]
    UnknownAction { kind: ActionKind },
    #[error("players cannot give chips to one another in this pool")]
    TransfersOff,
    #[error("the signature is not by the transaction's account over this pool and this body")]
    BadSignature,
    #[error("the invitation's signatures are not by its organiser and its ticket for this account")]
    BadInvitation,
    #[error("the account's key is of small order, so anybody could sign for it: make a wallet")]
    WeakKey,
}

impl TxCheckError {
    /// The stable code.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::TooLarge { .. } => Reason::TxTooLarge,
            Self::NoTips => Reason::NoTips,
            Self::TooManyTips { .. } => Reason::TooManyTips,
            Self::DuplicateTip { .. } => Reason::DuplicateTip,
            Self::UnknownAction { .. } => Reason::UnknownAction,
            Self::TransfersOff => Reason::TransfersOff,
            Self::BadSignature => Reason::BadSignature,
            Self::BadInvitation => Reason::BadInvitation,
            Self::WeakKey => Reason::WeakKey,
        }
    }
}

/// Why a block is refused whatever the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum BlockError {
    #[error("the header's hash is above the target that the header names")]
    HighHash,
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
            Self::HighHash => Reason::HighHash,
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

/// # Rule T7: a pool's actions are those that its genesis asks for, whatever more a program can do.
fn check_kind(kind: ActionKind, genesis: &Genesis) -> Result<(), TxCheckError> {
    if kind.is_known_to(genesis) {
        Ok(())
    } else {
        Err(TxCheckError::UnknownAction { kind })
    }
}

/// # Rule T5: a bet, a seal and an opening hold 1 to 128 tips, each of another match.
fn check_list(matches: &[MatchNo]) -> Result<(), TxCheckError> {
    let got = matches.len();
    if got == 0 {
        return Err(TxCheckError::NoTips);
    }
    if got > MAX_TIPS {
        return Err(TxCheckError::TooManyTips { got });
    }
    let mut seen = BTreeSet::new();
    for match_no in matches {
        if !seen.insert(*match_no) {
            return Err(TxCheckError::DuplicateTip {
                match_no: match_no.0,
            });
        }
    }
    Ok(())
}

impl Transaction {
    /// Checks form and signature.
    pub fn check(
        self,
        genesis: &Genesis,
        pool: PoolId,
    ) -> Result<CheckedTransaction, TxCheckError> {
        let encoded_bytes = self.check_form(genesis, pool)?;
        // # Rule T2: a transaction is signed by its account over "bolao/tx/1" ‖ pool id ‖ body (ZIP 215).
        if !verify(
            &self.body.account,
            &self.signature,
            &signing_bytes(pool, &self.body),
        ) {
            return Err(TxCheckError::BadSignature);
        }
        Ok(CheckedTransaction {
            id: self.id(),
            transaction: Arc::new(self),
            encoded_bytes,
        })
    }

    /// Checks many: their signatures in one batch, which costs about half of one by one. Gives one verdict for each, the
    /// same as [`Self::check`] would.
    pub fn check_all(
        transactions: Vec<Self>,
        genesis: &Genesis,
        pool: PoolId,
    ) -> Vec<Result<CheckedTransaction, TxCheckError>> {
        let forms: Vec<Result<usize, TxCheckError>> = transactions
            .iter()
            .map(|transaction| transaction.check_form(genesis, pool))
            .collect();
        let well_formed = transactions.iter().zip(&forms);
        let signed: Vec<Signed<'_>> = well_formed
            .filter(|(_, form)| form.is_ok())
            .map(|(transaction, _)| transaction.signed(pool, transaction.witness_id()))
            .collect();
        // A batch of one costs more than the one alone.
        let all_good = signed.len() > 1 && verify_batch(pool, &signed);
        drop(signed);
        let verdict = |transaction: Self, form: Result<usize, TxCheckError>| {
            let encoded_bytes = form?;
            if !all_good {
                return transaction.check(genesis, pool);
            }
            Ok(CheckedTransaction {
                id: transaction.id(),
                transaction: Arc::new(transaction),
                encoded_bytes,
            })
        };
        transactions
            .into_iter()
            .zip(forms)
            .map(|(transaction, form)| verdict(transaction, form))
            .collect()
    }

    fn signed(&self, pool: PoolId, leaf: WitnessId) -> Signed<'_> {
        Signed {
            account: &self.body.account,
            signature: &self.signature,
            message: signing_bytes(pool, &self.body),
            leaf,
        }
    }

    fn check_form(&self, genesis: &Genesis, pool: PoolId) -> Result<usize, TxCheckError> {
        self.body.check_form(genesis, pool)
    }
}

impl TxBody {
    /// Checks what needs neither a signature nor a state. Gives the length of the signed transaction, in bytes.
    pub fn check_form(&self, genesis: &Genesis, pool: PoolId) -> Result<usize, TxCheckError> {
        let got = self.signed_bytes();
        let max = genesis.limits.transaction_bytes_max();
        // # Rule T1: a transaction is at most `limits.transaction_bytes` long.
        if got > max {
            return Err(TxCheckError::TooLarge { got, max });
        }
        check_kind(self.action.kind(), genesis)?;
        if let Ends::Betting | Ends::Opening = self.action.ends() {
            check_list(&self.action.matches())?;
        }
        match &self.action {
            // # Rule T6: a key of small order cannot join.
            Action::Join { .. } if self.account.is_weak() => Err(TxCheckError::WeakKey),
            // # Rule J4: a ticket is signed by its organiser, and by its own key for the joining account.
            Action::Join {
                invitation: Some(invitation),
                ..
            } if !invitation.is_signed_for(pool, &self.account) => Err(TxCheckError::BadInvitation),
            // # Rule C6: chips are given where the rules allow it.
            Action::Transfer { .. } if !genesis.v2.transfers => Err(TxCheckError::TransfersOff),
            Action::Join { .. }
            | Action::Bet { .. }
            | Action::Seal { .. }
            | Action::Open { .. }
            | Action::Schedule { .. }
            | Action::Result { .. }
            | Action::Transfer { .. }
            | Action::Object { .. } => Ok(got),
        }
    }
}

impl CheckedTransaction {
    /// The transaction.
    #[must_use]
    pub fn get(&self) -> &Transaction {
        &self.transaction
    }

    /// The transaction, for whoever keeps it too.
    #[must_use]
    pub fn shared(&self) -> Arc<Transaction> {
        Arc::clone(&self.transaction)
    }

    /// Its identity.
    #[must_use]
    pub const fn id(&self) -> TxId {
        self.id
    }

    /// Its length in a block, in bytes.
    #[must_use]
    pub const fn encoded_bytes(&self) -> usize {
        self.encoded_bytes
    }

    /// Gives the transaction back.
    #[must_use]
    pub fn into_inner(self) -> Transaction {
        Arc::unwrap_or_clone(self.transaction)
    }
}

/// Verifies a batch of signatures: [`crate::verify_batch`], or the same on several threads.
pub type VerifyBatch = fn(PoolId, &[Signed<'_>]) -> bool;

impl Block {
    /// Checks everything that needs no state. The cheap checks and those that cost an attacker work come first.
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

    fn check_form<'c>(
        self,
        genesis: &Genesis,
        pool: PoolId,
        checked: impl Fn(&TxId) -> Option<&'c CheckedTransaction>,
    ) -> Result<Unsigned, BlockError> {
        // # Rule B1: a block's hash is at or below its target.
        if !self.header.meets_own_target() {
            return Err(BlockError::HighHash);
        }
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
        if leaves.iter().collect::<BTreeSet<_>>().len() != leaves.len() {
            return Err(BlockError::DuplicateTransaction);
        }
        // # Rule B2: the header's Merkle root is that of coinbase and transactions, signatures included.
        if merkle_root(&leaves) != self.header.merkle_root() {
            return Err(BlockError::BadMerkleRoot);
        }
        let ids: Vec<TxId> = self.transactions.iter().map(Transaction::id).collect();
        let mut unknown = Vec::new();
        for (index, (transaction, id)) in self.transactions.iter().zip(&ids).enumerate() {
            if checked(id).is_some_and(|known| known.get() == transaction) {
                continue;
            }
            transaction
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
            |item: &Signed<'_>| !signing::verify(item.account, item.signature, &item.message);
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
    /// The block.
    #[must_use]
    pub fn get(&self) -> &Block {
        &self.block
    }

    /// The block, for whoever keeps it too.
    #[must_use]
    pub fn shared(&self) -> Arc<Block> {
        Arc::clone(&self.block)
    }

    /// Its hash.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ACTION_KINDS;

    /// What a program that can stake asks before anything else: in a pool whose rules know no stakes, it refuses one as a
    /// program does that cannot read it.
    #[test]
    fn actions_to_come_are_refused_where_the_rules_do_not_ask_for_them() {
        let genesis = Genesis::article();
        for kind in ACTION_KINDS {
            let known = !matches!(*kind as u8, 7 | 8 | 10..);
            let wanted = if known {
                Ok(())
            } else {
                Err(TxCheckError::UnknownAction { kind: *kind })
            };
            assert_eq!(check_kind(*kind, &genesis), wanted);
        }
    }
}
