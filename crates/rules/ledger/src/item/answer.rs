//! What players answer to a question.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::score::{Score, ScoreError};

/// An answer to a question, 0 to 9,999: the place of an option, from 0, or a number. It has the bytes of a score, hundreds first, and
/// stands where bets have one.
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
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = u16))]
#[serde(try_from = "u16", into = "u16")]
pub struct Answer(Score);

impl Answer {
    /// The largest one.
    pub const MOST: u16 = 9_999;

    /// The place of the option, or the number.
    #[must_use]
    pub fn get(self) -> u16 {
        100 * u16::from(self.0.home()) + u16::from(self.0.away())
    }
}

impl TryFrom<u16> for Answer {
    type Error = ScoreError;

    fn try_from(got: u16) -> Result<Self, ScoreError> {
        Score::new((got / 100).into(), (got % 100).into()).map(Self)
    }
}

impl From<Answer> for u16 {
    fn from(answer: Answer) -> Self {
        answer.get()
    }
}

impl From<Score> for Answer {
    fn from(score: Score) -> Self {
        Self(score)
    }
}

impl From<Answer> for Score {
    fn from(answer: Answer) -> Self {
        answer.0
    }
}
