//! What there is to say about the state of a node or a pool: a code, how bad it is, what it is about, and values.
//!
//! - The sentences stand in one catalogue. `findings.json` has them in English, with the level and the subject of each; the page's
//!   catalogues have them in its three languages, by the same codes.
//! - An entry whose code begins with `part-` is a part of others' sentences.
//! - A reader that does not know a code, as of a newer node, has the sentence in English.

use std::collections::BTreeMap;

use bolao_ledger::json::Words;
use serde::{Deserialize, Serialize};

use crate::{
    Level, Said, SaidValue,
    catalogue::CATALOGUE,
    english::{english, filled},
};

/// Something about the state of a node or a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = FindingBody))]
pub struct Finding {
    /// The sentence of the catalogue that says it, such as `bet-gone`.
    pub code: String,
    /// Its gravity.
    pub level: Level,
    /// The subject, such as `bet`.
    pub subject: String,
    /// The values that stand in the sentence, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, SaidValue>,
    /// The sentence in English.
    pub text: String,
}

impl Finding {
    /// A finding of this program's own: a sentence of the catalogue by its code, as [`finding!`](crate::finding!) makes it.
    #[must_use]
    pub fn new(said: Said) -> Self {
        let entry = CATALOGUE.get(&said.template);
        debug_assert!(entry.is_some(), "{} is not in findings.json", said.template);
        Self {
            level: entry.map_or(Level::Unknown, |it| it.level),
            subject: entry.map_or_else(String::new, |it| it.subject.clone()),
            text: english(&said),
            code: said.template,
            values: said.values,
        }
    }

    /// A sentence that comes from elsewhere, about a subject.
    #[must_use]
    pub fn told(subject: &str, level: Level, says: String) -> Self {
        Self {
            level,
            subject: subject.to_owned(),
            ..crate::finding!("told", says: says)
        }
    }

    /// The sentence in English, with these words for players, matches and moments.
    #[must_use]
    pub fn with(&self, words: &dyn Words) -> String {
        let own = CATALOGUE.get(&self.code);
        own.map_or_else(
            || self.text.clone(),
            |it| filled(&it.says, &self.values, words),
        )
    }
}

/// A sentence of the catalogue before it is put into words, by its code, as [`part!`](crate::part!) makes it.
#[must_use]
pub fn by_code<const N: usize>(code: &str, values: [(&str, SaidValue); N]) -> Said {
    Said {
        template: code.to_owned(),
        values: values.map(|(name, value)| (name.to_owned(), value)).into(),
    }
}

/// A [`Finding`] of this program's own: `finding!("bet-too-late", who: "Ana", match: &fixture)`.
#[macro_export]
macro_rules! finding {
    ($code:expr $(, $name:ident: $value:expr)*) => {
        $crate::Finding::new($crate::part!($code $(, $name: $value)*))
    };
}

/// A part of a finding's sentence, by its code in the catalogue, as a value of another.
#[macro_export]
macro_rules! part {
    ($code:expr $(, $name:ident: $value:expr)*) => {
        $crate::by_code($code, [$((stringify!($name), $crate::SaidValue::from($value))),*])
    };
}
