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
    /// More rounds won.
    Wins = 4,
    /// More points by questions.
    Bonus = 5,
    /// Less far off with numbers.
    Nearest = 6,
}

sentences! {
    pub const TIE_BREAK_SENTENCES;
    MORE_EXACT = "more exact scores";
    MORE_DIFFERENCES = "more right goal differences";
    MORE_TENDENCIES = "more right winners";
    FEWER_MISSING = "fewer missing bets";
    MORE_WINS = "more rounds won";
    MORE_BONUS = "more points by questions";
    NEAREST = "numbers that were less far off";
}

/// The numbers of a player that separate equal points in the whole pool's table; each is absent in a pool that does not go by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Besides {
    /// Rounds that the player has won, in parts of 720,720: of those who share a round each has as many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wins: Option<u64>,
    /// Points that questions gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonus: Option<u64>,
    /// The distances between the player's answers to questions for a number and the right ones, added up; 10,000 for each without an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<u64>,
}

impl TieBreak {
    /// Its name in files.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Differences => "differences",
            Self::Tendencies => "tendencies",
            Self::FewerMissing => "fewer_missing",
            Self::Wins => "wins",
            Self::Bonus => "bonus",
            Self::Nearest => "nearest",
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
            Self::Wins => MORE_WINS,
            Self::Bonus => MORE_BONUS,
            Self::Nearest => NEAREST,
        }
    }

    /// Compares two players by it, the better first. Whoever bet on fewer of the matches with a score misses more.
    pub(crate) fn compare(
        self,
        (a, a_besides): (&Standing, &Besides),
        (b, b_besides): (&Standing, &Besides),
    ) -> Ordering {
        match self {
            Self::Exact => b.exact.cmp(&a.exact),
            Self::Differences => b.differences.cmp(&a.differences),
            Self::Tendencies => b.tendencies.cmp(&a.tendencies),
            Self::FewerMissing => b.bets.cmp(&a.bets),
            Self::Wins => b_besides.wins.cmp(&a_besides.wins),
            Self::Bonus => b_besides.bonus.cmp(&a_besides.bonus),
            Self::Nearest => a_besides.off.cmp(&b_besides.off),
        }
    }
}
