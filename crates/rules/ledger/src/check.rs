//! The second validity: what can be known of a block or transaction without any state.

mod block;

use std::{collections::BTreeSet, sync::Arc};

use thiserror::Error;

pub use self::block::{BlockError, CheckedBlock, VerifyBatch};
use crate::{
    actions::ActionRefusal,
    actions::{ActionKind, Deadline, MAX_BETS},
    fixture::{Day, MatchNo},
    genesis::Genesis,
    hashes::{PoolId, TxId, WitnessId},
    reasons::refusals,
    signing::{Signed, signing_bytes, verify, verify_batch},
    transaction::{Transaction, TxBody},
};

/// A transaction whose form and signature are good. Whether it applies depends on the state. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedTransaction {
    transaction: Arc<Transaction>,
    id: TxId,
    encoded_bytes: usize,
}

refusals! {
    /// Why a transaction is refused whatever the state.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum TxCheckError {
        #[error("got a transaction of {got} bytes, this pool takes at most {max}")]
        TxTooLarge { got: usize, max: usize } = Malformed "tx-too-large",
        #[error("got a bet, seal or opening of nothing, wanted 1 to {MAX_BETS}")]
        NoBets = Malformed "no-tips",
        #[error("got {got} numbers in one bet, seal or opening, wanted at most {MAX_BETS}")]
        TooManyBets { got: usize } = Malformed "too-many-tips",
        #[error("got the number {match_no} twice in one bet, seal or opening, wanted each once")]
        DuplicateBet { match_no: u16 } = Malformed "duplicate-tip",
        #[error("the rules of this pool know no action `{kind}`")]
        UnknownAction { kind: ActionKind } = Malformed "unknown-action",
        #[error("the signature is not by the transaction's account over this pool and this body")]
        BadSignature = Malformed "bad-signature",
        #[error("the key is of small order, so anyone could sign for it: make another")]
        WeakKey = Unfit "weak-key",
        #[error("got a time after the year 9999, or a day that is no day: it must end after it begins, and within {} hours", Day::LONGEST_S / 3_600)]
        BadDay = Unfit "bad-day",
        ;
        #[error(transparent)]
        Action(ActionRefusal),
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

/// # Rule T5: a bet, a seal and an opening are of 1 to 128 matches, each once.
fn check_list(matches: &[MatchNo]) -> Result<(), TxCheckError> {
    let got = matches.len();
    if got == 0 {
        return Err(TxCheckError::NoBets);
    }
    if got > MAX_BETS {
        return Err(TxCheckError::TooManyBets { got });
    }
    let mut seen = BTreeSet::new();
    for match_no in matches {
        if !seen.insert(*match_no) {
            return Err(TxCheckError::DuplicateBet {
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
        let encoded_bytes = self.body.check_form(genesis, pool)?;
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
            .map(|transaction| transaction.body.check_form(genesis, pool))
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
            account: self.body.account,
            signature: &self.signature,
            message: signing_bytes(pool, &self.body),
            leaf,
        }
    }
}

impl TxBody {
    /// Checks what needs neither a signature nor a state. Gives the length of the signed transaction, in bytes.
    pub fn check_form(&self, genesis: &Genesis, pool: PoolId) -> Result<usize, TxCheckError> {
        let got = self.signed_bytes();
        let max = genesis.limits.transaction_bytes_max();
        // # Rule T1: a transaction is at most `limits.transaction_bytes` long.
        if got > max {
            return Err(TxCheckError::TxTooLarge { got, max });
        }
        check_kind(self.action.kind(), genesis)?;
        if let Deadline::Betting | Deadline::Opening = self.action.ends() {
            check_list(&self.action.matches())?;
        }
        self.action.check(&self.account, genesis, pool)?;
        Ok(got)
    }
}

impl CheckedTransaction {
    /// The transaction that was checked.
    #[must_use]
    pub fn get(&self) -> &Transaction {
        &self.transaction
    }

    /// The transaction, for whoever keeps it too.
    #[must_use]
    pub fn shared(&self) -> Arc<Transaction> {
        Arc::clone(&self.transaction)
    }

    /// The identity of the transaction.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::ACTION_KINDS;

    /// The question that a program that can stake asks before anything else: in a pool whose rules know no stakes, it refuses one
    /// as a program does that cannot read it.
    #[test]
    fn actions_to_come_are_refused_where_the_rules_do_not_ask_for_them() {
        let genesis = Genesis::article();
        // Later ones say themselves which pools know them.
        for kind in ACTION_KINDS.iter().filter(|kind| **kind as u8 <= 17) {
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
