//! A sentence that others put into their own language.

use std::collections::BTreeMap;

use bolao_ledger::{Height, UnixSeconds};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A sentence before it is put into words: a template in ICU's format of messages, in English, or the code of one in the catalogue of
/// findings, and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SaidBody))]
pub struct Said {
    /// The same for every pool, so that it can be translated.
    #[cfg_attr(
        feature = "schema",
        schema(
            example = "Every player starts with {chips, plural, one {# chip} other {# chips}}."
        )
    )]
    pub template: String,
    /// The values that stand in it, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, SaidValue>,
}

/// A value that stands in a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ValueBody, no_recursion))]
#[serde(untagged)]
pub enum SaidValue {
    /// A whole number.
    Number(u64),
    /// A word that is the same in every language.
    Text(String),
    /// A length of time, exactly.
    Seconds {
        /// The length of time, in seconds.
        seconds: u32,
    },
    /// A moment.
    Moment {
        /// In unix seconds.
        at: u64,
    },
    /// A match, by its teams.
    Teams {
        /// The names of the home and the away team, in English where they are nations.
        teams: [String; 2],
    },
    /// Several names that stand between quotation marks.
    Names {
        /// In their order.
        names: Vec<String>,
    },
    /// A part of the sentence that is itself translated.
    Said(Said),
    /// Several sentences, one after the other.
    Several {
        /// In their order.
        said: Vec<Said>,
    },
}

impl SaidValue {
    /// A count of things.
    pub(crate) fn count(things: usize) -> Self {
        Self::Number(u64::try_from(things).unwrap_or(u64::MAX))
    }

    /// A length of time.
    pub(crate) const fn seconds(seconds: u32) -> Self {
        Self::Seconds { seconds }
    }
}

macro_rules! numbers {
    ($($kind:ty),*) => {
        $(impl From<$kind> for SaidValue {
            fn from(number: $kind) -> Self {
                Self::Number(number.into())
            }
        })*
    };
}

numbers!(u8, u16, u32, u64);

impl From<&str> for SaidValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for SaidValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Height> for SaidValue {
    fn from(height: Height) -> Self {
        Self::Number(height.0)
    }
}

impl From<Timestamp> for SaidValue {
    fn from(time: Timestamp) -> Self {
        let at = u64::try_from(time.as_second()).unwrap_or(0);
        Self::Moment { at }
    }
}

impl From<UnixSeconds> for SaidValue {
    fn from(time: UnixSeconds) -> Self {
        Self::Moment { at: time.0 }
    }
}

impl From<Vec<Said>> for SaidValue {
    fn from(said: Vec<Said>) -> Self {
        Self::Several { said }
    }
}

impl From<Said> for SaidValue {
    fn from(said: Said) -> Self {
        Self::Said(said)
    }
}
