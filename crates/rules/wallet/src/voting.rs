//! The key that the maker of a pool votes with at first, which the words bring back.
//!
//! Genesis names that key, so the pool's id is known only after it. What the step to the key is made of is the id that the pool would
//! have if each validator's key were the account's: so it binds all other rules, the time at which the pool was made among them.

use bolao_ledger::{Consensus, Genesis, PoolId, ValidatorKey};
use ed25519_zebra::SigningKey;
use sha2::{Digest as _, Sha256};

use crate::{KeyIndex, Keyring, domains};

/// The id that a pool would have without its validators' keys.
fn keyless(genesis: &Genesis) -> PoolId {
    let mut genesis = genesis.clone();
    let voting = match &mut genesis.consensus {
        Consensus::Pow => None,
        Consensus::Pos(pos) => Some(&mut pos.voting),
        Consensus::Hybrid(hybrid) => Some(&mut hybrid.voting),
    };
    for validator in voting.into_iter().flat_map(|it| &mut it.validators) {
        validator.key = ValidatorKey(validator.account.0);
    }
    genesis.pool_id()
}

impl KeyIndex {
    /// The index of the first voting key of a pool's maker: the first 31 bits of SHA-256 over `"bolao/voting-key/1"` and the id that the
    /// pool would have if each validator's key were its account's.
    #[must_use]
    pub fn of_first_vote(genesis: &Genesis) -> Self {
        let digest = Sha256::new()
            .chain_update(domains::VOTING_KEY)
            .chain_update(keyless(genesis).0)
            .finalize();
        Self::of_digest(digest.into())
    }
}

impl Keyring {
    /// The key that this phrase votes with at first in a pool that it makes. What genesis says of validators' keys does not matter.
    #[must_use]
    pub fn first_voting_key(&self, genesis: &Genesis) -> SigningKey {
        self.vote(KeyIndex::of_first_vote(genesis))
    }
}

#[cfg(feature = "file")]
impl crate::WalletFile {
    /// As [`Keyring::first_voting_key`].
    #[must_use]
    pub fn first_voting_key(&self, genesis: &Genesis) -> SigningKey {
        self.keyring().first_voting_key(genesis)
    }
}
