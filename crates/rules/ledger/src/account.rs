//! Accounts: an ed25519 public key, shown in bech32m.

use std::{fmt, str::FromStr};

use bech32::{Bech32m, Hrp};
use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::edwards::CompressedEdwardsY;
#[cfg(feature = "schema")]
use serde::de;
#[cfg(not(feature = "schema"))]
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::domains::ACCOUNT_HRP;

/// A player, organiser or miner: the bytes of an ed25519 public key.
///
/// Any 32 bytes are an account; whether they are a key shows when a signature is checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct AccountId(pub [u8; 32]);

/// Why a text is no account.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AccountIdError {
    /// Not bech32m at all, or a typing error that its checksum found.
    #[error("got `{got}`, wanted an account such as `bolao1…` (bech32m): {reason}")]
    Encoding {
        /// The text, cut short.
        got: String,
        /// The reason why the text does not decode, in words.
        reason: String,
    },
    /// Another kind of address.
    #[error("got an address that begins with `{got}1`, wanted one that begins with `bolao1`")]
    Prefix {
        /// The prefix found.
        got: String,
    },
    /// Not 32 bytes.
    #[error("got an account of {got} bytes, wanted 32")]
    Length {
        /// The bytes found.
        got: usize,
    },
}

impl AccountId {
    /// The name under which serializers get one.
    pub(crate) const TYPE: &str = "AccountId";

    /// Writes it as a text wherever it stands: where a name stands beside it, or it is a key that is no player's.
    ///
    /// # Errors
    /// The serializer's.
    pub fn plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }

    /// Whether this is a point of small order. ZIP 215 lets one signature by such a key pass for every message, so
    /// whoever bore it could be acted for by anybody.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        CompressedEdwardsY(self.0)
            .decompress()
            .is_some_and(|point| point.is_small_order())
    }
}

fn hrp() -> Hrp {
    Hrp::parse(ACCOUNT_HRP).expect("the prefix is a constant of lower-case letters")
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32m, _>(f, hrp(), &self.0).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for AccountId {
    type Err = AccountIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let encoding = |reason: String| AccountIdError::Encoding {
            got: text.chars().take(80).collect(),
            reason,
        };
        let checked = bech32::primitives::decode::CheckedHrpstring::new::<Bech32m>(text)
            .map_err(|error| encoding(error.to_string()))?;
        if checked.hrp() != hrp() {
            return Err(AccountIdError::Prefix {
                got: checked.hrp().to_string(),
            });
        }
        let bytes: Vec<u8> = checked.byte_iter().collect();
        let got = bytes.len();
        let id = Self(
            bytes
                .try_into()
                .map_err(|_| AccountIdError::Length { got })?,
        );
        // Padding bits are free in bech32; only the form we write ourselves is an account's name.
        if id.to_string() == text.to_ascii_lowercase() {
            Ok(id)
        } else {
            Err(encoding("its padding is not zero".into()))
        }
    }
}

impl Serialize for AccountId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Self::TYPE, &AsText(self))
    }
}

/// An account as a text.
struct AsText<'a>(&'a AccountId);

impl Serialize for AsText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[cfg(feature = "schema")]
        return deserializer.deserialize_any(AccountVisitor);
        #[cfg(not(feature = "schema"))]
        return <String as Deserialize>::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom);
    }
}

/// Reads an account, alone or as the field `account` of an answer of the API.
#[cfg(feature = "schema")]
struct AccountVisitor;

#[cfg(feature = "schema")]
impl<'de> de::Visitor<'de> for AccountVisitor {
    type Value = AccountId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an account such as `bolao1…`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<AccountId, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, fields: A) -> Result<AccountId, A::Error> {
        #[derive(Deserialize)]
        struct WithName {
            account: String,
        }
        let named = WithName::deserialize(de::value::MapAccessDeserializer::new(fields))?;
        self.visit_str(&named.account)
    }
}
