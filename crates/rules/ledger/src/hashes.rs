//! Double SHA-256 hashes, told apart by what they identify.

use std::{fmt, str::FromStr};

pub use bolao_work::sha256d;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use thiserror::Error;

/// Why a text is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("got a text that is not 64 hexadecimal digits, wanted a hash")]
pub struct HashParseError;

macro_rules! hash_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Shown as 64 hexadecimal digits in Bitcoin's byte order (last byte first).
        #[derive(
            Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize,
        )]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// The digest's bytes, in the order in which they are hashed.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().rev().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = HashParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| HashParseError)?;
                bytes.reverse();
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as Deserialize>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

hash_type!(
    /// Hash of a block's 80-byte header.
    BlockHash
);
hash_type!(
    /// Hash of a pool's genesis header: commits to every rule of the pool.
    PoolId
);
hash_type!(
    /// Hash of a transaction's body, without the signature.
    TxId
);
hash_type!(
    /// Hash of a whole transaction, signature included: a leaf of the Merkle tree.
    WitnessId
);
hash_type!(
    /// Hash of a set of validators: accounts, keys and weights.
    ValidatorsHash
);

impl From<PoolId> for BlockHash {
    fn from(pool: PoolId) -> Self {
        Self(pool.0)
    }
}
