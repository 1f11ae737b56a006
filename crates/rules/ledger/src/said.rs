//! Sentences that others put into their own language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    fixture::{Fixture, MatchNo},
    item::{Prediction, Title},
    name::Name,
    outcome::Outcome,
    scoring::{PointLine, Scoring},
    units::{Height, UnixSeconds},
};

pub use crate::template::Template;

impl Template {
    /// The sentence as it stands.
    #[must_use]
    pub fn said(self) -> Said {
        self.with([])
    }

    /// The sentence with what stands in it, by name.
    #[must_use]
    pub fn with<const N: usize>(self, values: [(&str, SaidValue); N]) -> Said {
        self.with_each(&mut values.into_iter())
    }

    fn with_each(self, given: &mut dyn Iterator<Item = (&str, SaidValue)>) -> Said {
        let mut values = BTreeMap::new();
        for (name, value) in given {
            values.insert(name.to_owned(), value);
        }
        Said {
            template: self.0.to_owned(),
            values,
        }
    }
}

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
    /// A match, by its teams, or one team.
    Teams {
        /// The names of the home and the away team, or of the one, in English where they are nations.
        teams: Vec<String>,
    },
    /// A player.
    Player {
        /// The player's account.
        player: AccountId,
        /// The name that the sentence itself gives the player, where no other is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        called: Option<Name>,
    },
    /// Matches or questions of the pool.
    Items {
        /// In their order, a question once for each of its answers.
        items: Vec<MatchNo>,
    },
    /// Predictions that everybody may know.
    Predictions {
        /// In their order.
        predictions: Vec<Predicted>,
    },
    /// A match as it is scheduled, which the pool may not have yet.
    Scheduled {
        /// The number of the match.
        scheduled: MatchNo,
        /// The names of the home and the away team, in English where they are nations.
        between: [String; 2],
    },
    /// The record of a match or question.
    Record {
        /// The match or question.
        record: MatchNo,
        /// The record.
        outcome: Outcome,
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

/// A prediction of a match or of an answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PredictionOnBody))]
pub struct Predicted {
    /// The match, or the question's answer.
    pub on: MatchNo,
    /// The prediction.
    pub prediction: Prediction,
}

impl SaidValue {
    /// A count of things.
    #[must_use]
    pub fn count(things: usize) -> Self {
        Self::Number(u64::try_from(things).unwrap_or(u64::MAX))
    }

    /// A length of time.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self::Seconds { seconds }
    }

    /// A match or question.
    #[must_use]
    pub fn item(no: MatchNo) -> Self {
        Self::Items { items: vec![no] }
    }

    pub(crate) fn predictions(all: impl Iterator<Item = (MatchNo, Prediction)>) -> Self {
        let predictions = all.map(|(on, prediction)| Predicted { on, prediction });
        Self::Predictions {
            predictions: predictions.collect(),
        }
    }

    pub(crate) fn scheduled(fixture: &Fixture) -> Self {
        Self::Scheduled {
            scheduled: fixture.no,
            between: [&fixture.home, &fixture.away].map(|team| team.name.as_str().to_owned()),
        }
    }
}

impl From<&AccountId> for SaidValue {
    fn from(player: &AccountId) -> Self {
        Self::Player {
            player: *player,
            called: None,
        }
    }
}

impl Said {
    /// Says what a scheme gives, a sentence each.
    #[must_use]
    pub fn of_scheme(scheme: &Scoring) -> Vec<Self> {
        let value = |(name, points): (_, u16)| (name, points.into());
        let said = |(line, numbers): PointLine| line.with_each(&mut numbers.into_iter().map(value));
        scheme.says().into_iter().map(said).collect()
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

impl From<UnixSeconds> for SaidValue {
    fn from(time: UnixSeconds) -> Self {
        Self::Moment { at: time.0 }
    }
}

#[cfg(feature = "schema")]
impl From<jiff::Timestamp> for SaidValue {
    fn from(time: jiff::Timestamp) -> Self {
        let at = u64::try_from(time.as_second()).unwrap_or(0);
        Self::Moment { at }
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

impl From<&Title> for SaidValue {
    fn from(title: &Title) -> Self {
        match title {
            Title::Teams { home, away } => Self::Teams {
                teams: [home, away].map(|team| team.name.to_string()).into(),
            },
            Title::Question(text) => text.as_str().into(),
        }
    }
}

impl From<&Fixture> for SaidValue {
    fn from(fixture: &Fixture) -> Self {
        (&Title::from(fixture)).into()
    }
}
