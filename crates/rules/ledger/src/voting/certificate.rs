//! Proof that a decision is final.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize, io};
use thiserror::Error;

use super::{Decision, Statement, StatementKind, ValidatorSet};
use crate::{
    account::AccountId,
    codec::{DecodeError, decode, invalid},
    genesis::ValidatorKey,
    hashes::{PoolId, WitnessId, sha256d},
    signing::{Signature, Signed},
    units::Height,
};

/// Signatures of validators over the precommit of one decision in one round.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Certificate {
    /// The round of the precommits.
    pub round: u32,
    /// The signatures by key of their signers. A good certificate has at most as many as there are validators.
    #[borsh(deserialize_with = "signatures")]
    pub signatures: BTreeMap<ValidatorKey, Signature>,
}

/// By keys that rise. Inserted one by one: what collects them sorts first, which is more code for the page.
fn signatures<R: io::Read>(reader: &mut R) -> io::Result<BTreeMap<ValidatorKey, Signature>> {
    let read: Vec<(ValidatorKey, Signature)> = BorshDeserialize::deserialize_reader(reader)?;
    if !read.is_sorted_by(|(one, _), (next, _)| one < next) {
        return Err(invalid("keys were not serialized in ascending order"));
    }
    let mut signatures = BTreeMap::new();
    for (key, signature) in read {
        signatures.insert(key, signature);
    }
    Ok(signatures)
}

/// Why a certificate proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// Somebody signed who had no vote.
    #[error("the key {key} signed, but is not a validator's")]
    Stranger {
        /// The key that signed.
        key: ValidatorKey,
    },
    /// The signature is not that key's over this decision.
    #[error("the signature of the validator key {key} is invalid")]
    Signature {
        /// The key of the validator.
        key: ValidatorKey,
    },
    /// Too little weight.
    #[error("got signatures of the weight {got}, wanted more than two thirds of {total}")]
    Weight {
        /// The weight that signed.
        got: u64,
        /// The weight of all validators together.
        total: u64,
    },
}

impl Certificate {
    /// Reads its bytes.
    ///
    /// # Errors
    /// They are none.
    pub fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode(bytes)
    }

    /// The statement that all its signatures sign.
    #[must_use]
    pub fn statement(&self, height: Height, decision: Decision) -> Statement {
        Statement {
            kind: StatementKind::Precommit,
            height,
            round: self.round,
            decision: Some(decision),
        }
    }

    /// Checks that it proves a decision of the vote number `height`.
    pub fn verify(
        &self,
        set: &ValidatorSet,
        pool: PoolId,
        height: Height,
        decision: Decision,
    ) -> Result<(), CertificateError> {
        self.verify_by(set, height, decision, |key, statement, signature| {
            statement.is_signed(pool, key, signature)
        })
    }

    /// The same, where `is_signed` says whether a validator's signature over a statement is good.
    pub fn verify_by(
        &self,
        set: &ValidatorSet,
        height: Height,
        decision: Decision,
        is_signed: impl Fn(ValidatorKey, &Statement, &Signature) -> bool,
    ) -> Result<(), CertificateError> {
        self.weigh(set)?;
        let statement = self.statement(height, decision);
        for (key, signature) in &self.signatures {
            if !is_signed(*key, &statement, signature) {
                return Err(CertificateError::Signature { key: *key });
            }
        }
        Ok(())
    }

    /// Checks all but the signatures themselves: that those who signed have a vote, and enough weight.
    pub(crate) fn weigh(&self, set: &ValidatorSet) -> Result<(), CertificateError> {
        let mut got: u64 = 0;
        for key in self.signatures.keys() {
            let signer = set.get(key);
            let signer = signer.ok_or(CertificateError::Stranger { key: *key })?;
            got = got.saturating_add(signer.weight);
        }
        if !set.is_quorum(got) {
            let total = set.total();
            return Err(CertificateError::Weight { got, total });
        }
        Ok(())
    }

    /// Its signatures over a decision, for a batch.
    pub(crate) fn signed(
        &self,
        pool: PoolId,
        height: Height,
        decision: Decision,
    ) -> impl Iterator<Item = Signed<'_>> {
        let message = self.statement(height, decision).signing_bytes(pool);
        self.signatures.iter().map(move |(key, signature)| {
            let leaf = [&key.0, &signature.0[..], &message].concat();
            Signed {
                account: AccountId(key.0),
                signature,
                message: message.clone(),
                leaf: WitnessId(sha256d(&leaf)),
            }
        })
    }
}

/// A decision with its proof.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Decided {
    /// The vote's number.
    pub height: Height,
    /// The decision that was taken.
    pub decision: Decision,
    /// The certificate that proves the decision.
    pub certificate: Certificate,
}

impl Decided {
    /// Reads its bytes.
    ///
    /// # Errors
    /// They are none.
    pub fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode(bytes)
    }

    /// Checks the proof.
    pub fn verify(&self, set: &ValidatorSet, pool: PoolId) -> Result<(), CertificateError> {
        self.certificate
            .verify(set, pool, self.height, self.decision)
    }
}

/// Two certificates of one height that prove different decisions.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Conflict {
    /// The vote's number.
    pub height: Height,
    /// One decision, with its certificate.
    pub first: (Decision, Certificate),
    /// The other decision, with its certificate.
    pub second: (Decision, Certificate),
}

impl Conflict {
    /// The keys that signed both: none if it is no conflict of these validators'. Where both are of one round, each of them has
    /// broken the protocol; else those of more than a third of the weight have, and the others were misled by them.
    #[must_use]
    pub fn signers(&self, set: &ValidatorSet, pool: PoolId) -> Vec<ValidatorKey> {
        let (first, second) = (&self.first, &self.second);
        let proven = [first, second]
            .iter()
            .all(|(decision, by)| by.verify(set, pool, self.height, *decision).is_ok());
        if first.0 == second.0 || !proven {
            return Vec::new();
        }
        let signers = first.1.signatures.keys();
        signers
            .filter(|key| second.1.signatures.contains_key(key))
            .copied()
            .collect()
    }
}
