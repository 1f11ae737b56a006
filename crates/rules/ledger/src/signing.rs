//! ed25519 signatures, verified by the ZIP-215 rules so that every node agrees on every one of them.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use chacha20::{ChaCha20Rng, rand_core::SeedableRng};
use ed25519_zebra::{VerificationKey, VerificationKeyBytes, batch};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};

use crate::{
    account::AccountId,
    codec::encode,
    domains,
    hashes::{PoolId, WitnessId},
    transaction::TxBody,
};

/// The length of a signature.
pub(crate) const SIGNATURE_BYTES: usize = 64;

/// The 64 bytes of an ed25519 signature, shown in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct Signature(pub [u8; SIGNATURE_BYTES]);

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut bytes = [0; 64];
        hex::decode_to_slice(
            <String as Deserialize>::deserialize(deserializer)?,
            &mut bytes,
        )
        .map_err(D::Error::custom)?;
        Ok(Self(bytes))
    }
}

/// The bytes that an account signs: `"bolao/tx/1" ‖ pool id ‖ body`.
#[must_use]
pub fn signing_bytes(pool: PoolId, body: &TxBody) -> Vec<u8> {
    [domains::TRANSACTION, &pool.0, &encode(body)].concat()
}

/// The bytes that a validator key signs when an account offers to vote with it: `"bolao/offer/1" ‖ pool id ‖ account`.
#[must_use]
pub fn offer_bytes(pool: PoolId, account: &AccountId) -> Vec<u8> {
    [domains::OFFER, &pool.0, &account.0].concat()
}

/// Whether `account` signed `message`.
#[must_use]
pub fn verify(account: &AccountId, signature: &Signature, message: &[u8]) -> bool {
    if cfg!(target_arch = "wasm32") {
        // A page loads only the code of batches. It verifies one signature as well, for which any coefficient will do.
        let mut one = batch::Verifier::new();
        queue(&mut one, account, signature, message);
        return one.verify(ChaCha20Rng::from_seed([0; 32])).is_ok();
    }
    VerificationKey::try_from(VerificationKeyBytes::from(account.0))
        .and_then(|key| key.verify(&signature.0.into(), message))
        .is_ok()
}

/// One signature of a batch.
#[derive(Debug)]
pub struct Signed<'a> {
    /// The account whose key it is; of a validator's key, the account that the same key would be.
    pub account: AccountId,
    /// The signature by that key.
    pub signature: &'a Signature,
    /// The message that was signed.
    pub message: Vec<u8>,
    /// Hash over key, message and signature.
    pub leaf: WitnessId,
}

fn queue(batch: &mut batch::Verifier, account: &AccountId, signature: &Signature, message: &[u8]) {
    let key = VerificationKeyBytes::from(account.0);
    batch.queue((key, signature.0.into(), message));
}

/// Whether every signature is good; about half the cost of one by one.
///
/// The random coefficients that the batch equation wants are drawn from a generator seeded by every leaf, each of
/// which commits to key, message and signature: whoever chose a signature could not know its coefficient.
#[must_use]
pub fn verify_batch(pool: PoolId, signed: &[Signed<'_>]) -> bool {
    let mut seed = Sha256::new();
    seed.update(domains::BATCH);
    seed.update(pool.0);
    let mut verifier = batch::Verifier::new();
    for item in signed {
        seed.update(item.leaf.0);
        queue(&mut verifier, &item.account, item.signature, &item.message);
    }
    verifier
        .verify(ChaCha20Rng::from_seed(seed.finalize().into()))
        .is_ok()
}
