//! What organisers record of a match.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{rules::Base, score::Score, text::Text};

/// What became of a match.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Status {
    /// Played to the end.
    Played = 0,
    /// Never to be played: stakes go back.
    Cancelled = 1,
    /// To be played later: tips stay, nothing is paid.
    Postponed = 2,
    /// Broken off and not gone on with: stakes go back.
    Abandoned = 3,
    /// Decided at a table; whether it counts is a rule of the pool.
    Awarded = 4,
}

/// Who goes on to the next round.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Side {
    /// The team named first.
    Home = 0,
    /// The team named second.
    Away = 1,
}

/// The record of a match.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What became of it.
    pub status: Status,
    /// The score at half-time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_time: Option<Score>,
    /// The score after 90 minutes and stoppage time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_90: Option<Score>,
    /// The score after 120 minutes, the first 90 included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_120: Option<Score>,
    /// The shoot-out alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shootout: Option<Score>,
    /// Who goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advances: Option<Side>,
    /// Why, or where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text<200>>,
}

/// Why a record cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum OutcomeError {
    #[error("a match that was played or awarded needs its score after 90 minutes")]
    NoScore,
    #[error("a match that was not played has no score")]
    ScoreWithoutMatch,
    #[error("got fewer goals after {later} than after {earlier}")]
    FewerGoals {
        earlier: &'static str,
        later: &'static str,
    },
    #[error("got a shoot-out that nobody won")]
    LevelShootout,
}

impl Outcome {
    /// A match played to the end within 90 minutes.
    #[must_use]
    pub const fn played(after_90: Score) -> Self {
        Self {
            status: Status::Played,
            half_time: None,
            after_90: Some(after_90),
            after_120: None,
            shootout: None,
            advances: None,
            reason: None,
        }
    }

    /// A record without a score.
    #[must_use]
    pub const fn without_score(status: Status, reason: Option<Text<200>>) -> Self {
        Self {
            status,
            half_time: None,
            after_90: None,
            after_120: None,
            shootout: None,
            advances: None,
            reason,
        }
    }

    /// Checks that the parts can belong to one match.
    pub fn check(&self) -> Result<(), OutcomeError> {
        let scores = [self.half_time, self.after_90, self.after_120, self.shootout];
        match self.status {
            Status::Played | Status::Awarded if self.after_90.is_none() => {
                return Err(OutcomeError::NoScore);
            }
            Status::Cancelled | Status::Postponed if scores.iter().any(Option::is_some) => {
                return Err(OutcomeError::ScoreWithoutMatch);
            }
            _ => {}
        }
        not_fewer(("half-time", self.half_time), ("90 minutes", self.after_90))?;
        not_fewer(
            ("90 minutes", self.after_90),
            ("120 minutes", self.after_120),
        )?;
        if self
            .shootout
            .is_some_and(|score| score.home() == score.away())
        {
            return Err(OutcomeError::LevelShootout);
        }
        Ok(())
    }

    /// The score that tips are compared with; `None` where none counts.
    ///
    /// # Rule K3: tips are compared with the score after 90 minutes or after 120, as the rules say for the stage; a
    /// shoot-out never counts.
    #[must_use]
    pub fn counting_score(&self, base: Base, awarded_counts: bool) -> Option<Score> {
        match self.status {
            Status::Played => {}
            Status::Awarded if awarded_counts => {}
            _ => return None,
        }
        match base {
            Base::After90 => self.after_90,
            Base::After120 => self.after_120.or(self.after_90),
        }
    }
}

fn not_fewer(
    (earlier, before): (&'static str, Option<Score>),
    (later, after): (&'static str, Option<Score>),
) -> Result<(), OutcomeError> {
    match (before, after) {
        (Some(before), Some(after))
            if after.home() < before.home() || after.away() < before.away() =>
        {
            Err(OutcomeError::FewerGoals { earlier, later })
        }
        _ => Ok(()),
    }
}
