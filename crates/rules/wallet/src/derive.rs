//! SLIP-0010 for ed25519: from a seed to a tree of keys, every step hardened.

use ed25519_zebra::SigningKey;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::domains;

/// The bit that marks a step as hardened, which each step of an ed25519 path is.
const HARDENED: u32 = 1 << 31;

/// A key of the tree with the chain code that its children are derived with.
pub(crate) struct Node {
    secret: Zeroizing<[u8; 32]>,
    chain: Zeroizing<[u8; 32]>,
}

impl Node {
    /// The root of a seed's tree.
    pub(crate) fn master(seed: &[u8]) -> Self {
        Self::from_hmac(domains::SLIP10, &[seed])
    }

    /// The hardened child; the index's top bit is set whether it came so or not.
    pub(crate) fn child(&self, index: u32) -> Self {
        let index = (index | HARDENED).to_be_bytes();
        Self::from_hmac(
            self.chain.as_slice(),
            &[&[0], self.secret.as_slice(), &index],
        )
    }

    /// The key that signs.
    pub(crate) fn signing_key(&self) -> SigningKey {
        SigningKey::from(*self.secret)
    }

    fn from_hmac(key: &[u8], parts: &[&[u8]]) -> Self {
        let [secret, chain] = hmac(key, parts);
        Self { secret, chain }
    }
}

/// Both halves of an HMAC-SHA512.
pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> [Zeroizing<[u8; 32]>; 2] {
    let mut mac = Hmac::<Sha512>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    let digest = Zeroizing::new(<[u8; 64]>::from(mac.finalize().into_bytes()));
    let (left, right) = digest.split_at(32);
    [left, right].map(|half| Zeroizing::new(half.try_into().expect("half of 64 bytes is 32")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use ed25519_zebra::VerificationKeyBytes;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Vectors {
        vectors: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        seed: String,
        indexes: Vec<u32>,
        chain_code: String,
        private_key: String,
        public_key: String,
    }

    #[test]
    fn published_vectors_hold() {
        let file: Vectors = serde_json::from_str(include_str!("../vectors/slip10.json")).unwrap();
        assert_eq!(file.vectors.len(), 12);
        for vector in file.vectors {
            let master = Node::master(&hex::decode(vector.seed).unwrap());
            let node = vector
                .indexes
                .iter()
                .fold(master, |node, index| node.child(*index));
            assert_eq!(hex::encode(*node.chain), vector.chain_code);
            assert_eq!(hex::encode(*node.secret), vector.private_key);
            let public: [u8; 32] = VerificationKeyBytes::from(&node.signing_key()).into();
            assert_eq!(hex::encode(public), vector.public_key);
        }
    }
}
