//! Sealed bets.

use sha2::{Digest as _, Sha256};

use crate::{
    account::AccountId, codec::encode, domains, fixture::MatchNo, hashes::PoolId, item::Prediction,
};

/// `SHA-256("bolao/seal/1" ‖ pool id ‖ account ‖ match ‖ prediction ‖ salt)`. A prediction alone could be guessed in a few hundred
/// tries; the salt's 32 bytes cannot.
#[must_use]
pub fn seal_commitment(
    pool: PoolId,
    account: &AccountId,
    match_no: MatchNo,
    prediction: Prediction,
    salt: &[u8; 32],
) -> [u8; 32] {
    Sha256::new()
        .chain_update(domains::SEAL)
        .chain_update(pool.0)
        .chain_update(account.0)
        .chain_update(encode(&match_no))
        .chain_update(encode(&prediction))
        .chain_update(salt)
        .finalize()
        .into()
}
