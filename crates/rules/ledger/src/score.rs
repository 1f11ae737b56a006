//! The score of a match.

use std::{cmp::Ordering, fmt, str::FromStr};

use borsh::{BorshDeserialize, BorshSerialize, io};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most goals that a bet may give one team.
pub const MAX_GOALS: u8 = 99;

/// Goals of the first and the second team, 0 to 99 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ScoreBody))]
pub struct Score {
    /// Of the team named first.
    #[cfg_attr(feature = "schema", schema(maximum = 99))]
    home: u8,
    /// Of the team named second.
    #[cfg_attr(feature = "schema", schema(maximum = 99))]
    away: u8,
}

/// Why a score is none.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// More goals than a bet may hold.
    #[error("got {got} goals, wanted 0 to {MAX_GOALS}")]
    TooMany {
        /// The number given.
        got: u64,
    },
    /// Not two numbers.
    #[error("got `{got}`, wanted a score such as 2-1")]
    Form {
        /// The text, cut short.
        got: String,
    },
}

impl Score {
    /// A score within the limits.
    pub fn new(home: u64, away: u64) -> Result<Self, ScoreError> {
        let goals = |got: u64| match u8::try_from(got) {
            Ok(goals) if goals <= MAX_GOALS => Ok(goals),
            _ => Err(ScoreError::TooMany { got }),
        };
        Ok(Self {
            home: goals(home)?,
            away: goals(away)?,
        })
    }

    /// Every score, those with few goals first.
    pub fn all() -> impl Iterator<Item = Self> {
        let most = u64::from(MAX_GOALS);
        (0..=2 * most).flat_map(move |goals| {
            (goals.saturating_sub(most)..=goals.min(most))
                .filter_map(move |home| Self::new(home, goals - home).ok())
        })
    }

    /// Goals of the team that is named first.
    #[must_use]
    pub const fn home(self) -> u8 {
        self.home
    }

    /// The winner, or that it is a draw: how the goals of the first team compare with those of the second.
    #[must_use]
    pub fn tendency(self) -> Ordering {
        self.home.cmp(&self.away)
    }

    /// Goals of the team that is named second.
    #[must_use]
    pub const fn away(self) -> u8 {
        self.away
    }
}

impl BorshDeserialize for Score {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let [home, away] = <[u8; 2]>::deserialize_reader(reader)?;
        Self::new(home.into(), away.into()).map_err(crate::codec::invalid)
    }
}

impl<'de> Deserialize<'de> for Score {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            home: u64,
            away: u64,
        }
        let raw = <Raw as Deserialize>::deserialize(deserializer)?;
        Self::new(raw.home, raw.away).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.home, self.away)
    }
}

impl FromStr for Score {
    type Err = ScoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = || ScoreError::Form {
            got: text.chars().take(40).collect(),
        };
        let (home, away) = text.split_once(['-', ':', '–', 'x']).ok_or_else(form)?;
        let number = |part: &str| part.trim().parse::<u64>().map_err(|_| form());
        Self::new(number(home)?, number(away)?)
    }
}
