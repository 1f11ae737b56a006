//! What separates players with equal points: what it compares, and what is said of it.

use std::cmp::Ordering;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    state::Standing,
    template::{Template, sentences},
};

/// A tie-break between players with equal points. They apply in the order of the list; then players share the place.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum TieBreak {
    /// More exact scores.
    Exact = 0,
    /// More right differences.
    Differences = 1,
    /// More right tendencies.
    Tendencies = 2,
    /// Fewer matches without a bet.
    FewerMissing = 3,
}

sentences! {
    pub const TIE_BREAK_SENTENCES;
    MORE_EXACT = "more exact scores";
    MORE_DIFFERENCES = "more right goal differences";
    MORE_TENDENCIES = "more right winners";
    FEWER_MISSING = "fewer missing bets";
}

impl TieBreak {
    /// Its name in files.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Differences => "differences",
            Self::Tendencies => "tendencies",
            Self::FewerMissing => "fewer_missing",
        }
    }

    /// Says what puts a player before others.
    #[must_use]
    pub const fn says(self) -> Template {
        match self {
            Self::Exact => MORE_EXACT,
            Self::Differences => MORE_DIFFERENCES,
            Self::Tendencies => MORE_TENDENCIES,
            Self::FewerMissing => FEWER_MISSING,
        }
    }

    /// Compares two players by it, the better first. Whoever bet on fewer of the matches with a score misses more.
    pub(crate) fn compare(self, a: &Standing, b: &Standing) -> Ordering {
        match self {
            Self::Exact => b.exact.cmp(&a.exact),
            Self::Differences => b.differences.cmp(&a.differences),
            Self::Tendencies => b.tendencies.cmp(&a.tendencies),
            Self::FewerMissing => b.bets.cmp(&a.bets),
        }
    }
}
