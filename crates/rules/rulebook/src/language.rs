//! Languages in which programs speak to friends, as in their chat. The page has translations of its own for all else.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::LazyLock};

use serde::Deserialize;

/// A language of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, in which all templates are written.
    #[default]
    English,
    /// German.
    German,
    /// Portuguese, as in Brazil.
    Portuguese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Portuguese];

    /// Its code in ISO 639-1.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Portuguese => "pt",
        }
    }

    /// A template in this language: as it is where no translation is known.
    pub(crate) fn of(self, template: &str) -> &str {
        let translated = match self {
            Self::English => None,
            Self::German | Self::Portuguese => TRANSLATIONS.get(template),
        };
        match (self, translated) {
            (Self::German, Some(it)) => &it.de,
            (Self::Portuguese, Some(it)) => &it.pt,
            (_, None) | (Self::English, Some(_)) => template,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|it| it.code() == text);
        found.ok_or("wanted en, de or pt")
    }
}

/// A template in the other languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Translated {
    pub(crate) de: String,
    pub(crate) pt: String,
}

/// The translations of what is said in chats, by its template.
pub(crate) static TRANSLATIONS: LazyLock<BTreeMap<String, Translated>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../chat.json")).expect("a test reads the translations")
});
