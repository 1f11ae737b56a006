//! Newtypes for quantities, so that a height is never added to a time.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
#[cfg(feature = "schema")]
use serde::de;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            BorshSerialize, BorshDeserialize,
        )]
        pub struct $name(pub u64);

        impl $name {
            /// The value zero.
            pub const ZERO: Self = Self(0);

            /// The plain number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }

            /// `self + other`, or `None` past the largest value.
            #[must_use]
            pub const fn checked_add(self, other: u64) -> Option<Self> {
                match self.0.checked_add(other) {
                    Some(sum) => Some(Self(sum)),
                    None => None,
                }
            }

            /// `self - other`, or `None` below zero.
            #[must_use]
            pub const fn checked_sub(self, other: u64) -> Option<Self> {
                match self.0.checked_sub(other) {
                    Some(difference) => Some(Self(difference)),
                    None => None,
                }
            }
        }

        impl From<$name> for u64 {
            fn from(quantity: $name) -> Self {
                quantity.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

quantity!(
    /// Blocks above genesis; genesis itself is height 0.
    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    Height
);
quantity!(
    /// Seconds since 1970-01-01T00:00:00Z.
    UnixSeconds
);
quantity!(
    /// The number of transactions that an account has made before this one.
    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    Nonce
);
quantity!(
    /// Play money, indivisible.
    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    Chips
);
quantity!(
    /// Points of the table.
    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    Points
);

impl UnixSeconds {
    /// The name under which serializers get one.
    pub(crate) const TYPE: &str = "UnixSeconds";
}

impl UnixSeconds {
    /// Whether it is the beginning of 1970.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.0 == 0
    }
}

impl Serialize for UnixSeconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Self::TYPE, &self.0)
    }
}

impl<'de> Deserialize<'de> for UnixSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[cfg(feature = "schema")]
        return deserializer.deserialize_any(TimeVisitor);
        #[cfg(not(feature = "schema"))]
        return <u64 as Deserialize>::deserialize(deserializer).map(Self);
    }
}

/// Reads seconds, or a time in RFC 3339 of an answer of the API.
#[cfg(feature = "schema")]
struct TimeVisitor;

#[cfg(feature = "schema")]
impl de::Visitor<'_> for TimeVisitor {
    type Value = UnixSeconds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds since 1970")
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<UnixSeconds, E> {
        Ok(UnixSeconds(seconds))
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<UnixSeconds, E> {
        let unfit = |_| E::invalid_value(de::Unexpected::Signed(seconds), &self);
        u64::try_from(seconds).map(UnixSeconds).map_err(unfit)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<UnixSeconds, E> {
        // The key of a map, which JSON writes as a text.
        if let Ok(seconds) = text.parse() {
            return Ok(UnixSeconds(seconds));
        }
        let time: jiff::Timestamp = text.parse().map_err(E::custom)?;
        self.visit_i64(time.as_second())
    }
}

impl Height {
    /// The height of a block on top of this one. Heights count blocks, so this never reaches the largest value.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
