//! How many organisers sign alike until something takes effect.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{GenesisError, range};
use crate::json::any;

/// The number of organisers who must sign alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Quorum(u8);

/// The name of [`Quorum::TWO_ONCE_TWO`] in files.
const TWO_ONCE_TWO: &str = "two-once-two";

impl Quorum {
    /// Two, once there are two organisers; before that the one.
    pub const TWO_ONCE_TWO: Self = Self(u8::MAX);

    /// Always so many; 255 is [`Quorum::TWO_ONCE_TWO`].
    #[must_use]
    pub const fn of(number: u8) -> Self {
        Self(number)
    }

    /// Reads a text of a file, if it is `two-once-two`.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        (text.trim() == TWO_ONCE_TWO).then_some(Self::TWO_ONCE_TWO)
    }

    /// The number, while there are so many organisers.
    #[must_use]
    pub fn among(self, organisers: usize) -> u8 {
        match self {
            Self::TWO_ONCE_TWO if organisers > 1 => 2,
            Self::TWO_ONCE_TWO => 1,
            Self(number) => number,
        }
    }

    /// The number that has to be there whatever happens: of two-once-two 1.
    #[must_use]
    pub fn least(self) -> u8 {
        self.among(1)
    }

    /// The larger of two, for any number of organisers.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        let key = |it: &Self| (it.among(2), it.among(1));
        std::cmp::max_by_key(self, other, key)
    }

    /// Checks the range, in a pool of so many organisers.
    ///
    /// # Rule G5: two-once-two may stand wherever a number may that is not 0.
    pub(crate) fn check(
        self,
        what: &'static str,
        least: u64,
        organisers: u64,
    ) -> Result<(), GenesisError> {
        match self {
            Self::TWO_ONCE_TWO => range("organisers", organisers, 1, u64::MAX),
            Self(number) => range(what, number.into(), least, organisers.max(least)),
        }
    }
}

impl fmt::Display for Quorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TWO_ONCE_TWO => f.write_str(TWO_ONCE_TWO),
            Self(number) => number.fmt(f),
        }
    }
}

impl Serialize for Quorum {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::TWO_ONCE_TWO => to.serialize_str(TWO_ONCE_TWO),
            Self(number) => to.serialize_u8(number),
        }
    }
}

impl<'de> Deserialize<'de> for Quorum {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = any(from)?;
        let number = read.as_u64().and_then(|it| u8::try_from(it).ok());
        match (number, read.as_str()) {
            (Some(number), _) if Self(number) != Self::TWO_ONCE_TWO => Ok(Self(number)),
            (_, Some(TWO_ONCE_TWO)) => Ok(Self::TWO_ONCE_TWO),
            (None, None) => Err(D::Error::custom(format_args!(
                "wanted a number or \"{TWO_ONCE_TWO}\""
            ))),
            _ => Err(D::Error::custom(format_args!(
                "wanted a number below 255 or \"{TWO_ONCE_TWO}\""
            ))),
        }
    }
}
