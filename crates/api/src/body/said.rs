//! A sentence that others put into their own language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sentence before it is put into words: a template in ICU's format of messages, in English, and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SaidBody {
    /// The same for every pool, so that it can be translated.
    #[schema(example = "Every player starts with {chips, plural, one {# chip} other {# chips}}.")]
    pub template: String,
    /// What stands in it, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, ValueBody>,
}

/// What stands in a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(no_recursion)]
pub enum ValueBody {
    /// A number.
    Number(u64),
    /// A word that is the same in every language.
    Text(String),
    /// A length of time, exactly.
    Seconds {
        /// In seconds.
        seconds: u32,
    },
    /// Several names that stand between quotation marks.
    Names {
        /// In their order.
        names: Vec<String>,
    },
    /// A part of the sentence that is itself translated.
    Said(SaidBody),
}

impl ValueBody {
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
        $(impl From<$kind> for ValueBody {
            fn from(number: $kind) -> Self {
                Self::Number(number.into())
            }
        })*
    };
}

numbers!(u8, u16, u32, u64);

impl From<&str> for ValueBody {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<SaidBody> for ValueBody {
    fn from(said: SaidBody) -> Self {
        Self::Said(said)
    }
}
