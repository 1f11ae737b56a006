//! The keys of one wallet.

use std::fmt;

use bolao_ledger::{AccountId, FoldedName, PoolId, Signature, Transaction, TxBody, signing_bytes};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{derive::Node, domains, phrase::Phrase};

/// The purpose that BIP-44 sets in a key's path.
const PURPOSE: u32 = 44;

/// The coin type: `bola` in ASCII. SLIP-44 has no registered number for play money.
const COIN: u32 = 0x626f_6c61;

/// The coin type of keys to vote with: `vote` in ASCII.
const VOTES: u32 = 0x766f_7465;

/// The index of a wallet's key: the last step of its path, 0 to 2³¹ − 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct KeyIndex(u32);

/// An index that no hardened step has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("got the key index {got}, wanted 0 to 2147483647")]
pub struct KeyIndexError {
    /// The number given.
    pub got: u32,
}

impl KeyIndex {
    /// The player's own key.
    pub const PLAYER: Self = Self(0);

    /// The first index that is not the player's.
    pub(crate) const FIRST_NAME: Self = Self(1);

    /// Gives the index at which a name's key is looked for first: the first 31 bits of SHA-256 over `"bolao/name/1"` and the
    /// folded name, but never the player's. So the words alone lead back to the key.
    #[must_use]
    pub fn of_name(name: &FoldedName) -> Self {
        let digest = Sha256::new()
            .chain_update(domains::NAME)
            .chain_update(name.as_str())
            .finalize();
        Self(Self::of_digest(digest.0).0.max(Self::FIRST_NAME.0))
    }

    /// The first 31 bits of a digest.
    pub(crate) const fn of_digest([a, b, c, d, ..]: [u8; 32]) -> Self {
        Self(u32::from_be_bytes([a, b, c, d]) >> 1)
    }

    /// The plain number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The index after this one, if there is one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::try_from(self.0 + 1).ok()
    }
}

impl TryFrom<u32> for KeyIndex {
    type Error = KeyIndexError;

    fn try_from(got: u32) -> Result<Self, Self::Error> {
        if got >> 31 == 0 {
            Ok(Self(got))
        } else {
            Err(KeyIndexError { got })
        }
    }
}

impl From<KeyIndex> for u32 {
    fn from(index: KeyIndex) -> Self {
        index.0
    }
}

/// All keys of one phrase: SLIP-0010, path `m/44'/1651469409'/index'`; keys to vote with `m/44'/1987015781'/index'`.
pub struct Keyring {
    players: Node,
    votes: Node,
}

impl Keyring {
    /// The keys of a phrase (BIP-39's own passphrase is empty).
    #[must_use]
    pub fn new(phrase: &Phrase) -> Self {
        let seed = phrase.seed("");
        let purpose = Node::master(seed.as_slice()).child(PURPOSE);
        Self {
            players: purpose.child(COIN),
            votes: purpose.child(VOTES),
        }
    }

    /// The key at an index.
    #[must_use]
    pub fn key(&self, index: KeyIndex) -> Key {
        Key(Zeroizing::new(self.players.child(index.0).signing_key()))
    }

    /// The key to vote with at an index.
    pub(crate) fn vote(&self, index: KeyIndex) -> SigningKey {
        self.votes.child(index.0).signing_key()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(hidden)")
    }
}

/// One key pair. Wiped from memory when dropped, hidden in debug output.
#[derive(Clone)]
pub struct Key(Zeroizing<SigningKey>);

impl Key {
    /// The key with a secret, as RFC 8032 has it: 32 random bytes make a key of no wallet.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(Zeroizing::new(SigningKey::from(*secret)))
    }

    /// Signs bytes that carry their own domain.
    pub(crate) fn sign_bytes(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn account(&self) -> AccountId {
        AccountId(VerificationKeyBytes::from(&*self.0).into())
    }

    /// Gives the secret that the key pair is made from.
    pub(crate) fn seed(&self) -> &[u8] {
        self.0.as_bytes().as_slice()
    }

    /// Signs a body for one pool. The body's account must be this key's, or every node refuses the signature.
    #[must_use]
    pub fn sign(&self, pool: PoolId, body: TxBody) -> Transaction {
        let signature = self.sign_bytes(&signing_bytes(pool, &body));
        Transaction { body, signature }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.account())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn indexes_end_at_31_bits() {
        let last = KeyIndex::try_from(u32::MAX >> 1).unwrap();
        assert_eq!(last.next(), None);
        assert_eq!(KeyIndex::PLAYER.next().unwrap().get(), 1);
        assert_eq!(
            KeyIndex::try_from(1 << 31),
            Err(KeyIndexError { got: 1 << 31 })
        );
        assert!(serde_json::from_str::<KeyIndex>("2147483648").is_err());
    }

    #[test]
    fn debug_output_shows_the_account_alone() {
        let keyring = Keyring::new(&Phrase::generate().unwrap());
        let key = keyring.key(KeyIndex::PLAYER);
        assert_eq!(format!("{key:?}"), format!("Key({})", key.account()));
        assert_eq!(format!("{keyring:?}"), "Keyring(hidden)");
    }
}
