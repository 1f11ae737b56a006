//! What players answer to a question.

use borsh::{BorshDeserialize, BorshSerialize, io};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::codec::invalid;

/// An answer to a question, 0 to 9,999: the place of an option, from 0, or a number.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = u16))]
#[serde(try_from = "u16", into = "u16")]
pub struct Answer(u16);

/// A number that is too large for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("got the answer {got}, wanted 0 to {}", Answer::MOST)]
pub struct AnswerError {
    got: u16,
}

impl Answer {
    /// The largest one.
    pub const MOST: u16 = 9_999;

    /// The place of the option, or the number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Answer {
    type Error = AnswerError;

    fn try_from(got: u16) -> Result<Self, AnswerError> {
        if got <= Self::MOST {
            Ok(Self(got))
        } else {
            Err(AnswerError { got })
        }
    }
}

impl From<Answer> for u16 {
    fn from(answer: Answer) -> Self {
        answer.0
    }
}

impl BorshDeserialize for Answer {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        Self::try_from(u16::deserialize_reader(reader)?).map_err(invalid)
    }
}
