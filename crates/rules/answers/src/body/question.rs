//! Questions that organisers ask.

use bolao_ledger::item::{Answer, Question};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{MatchRef, PlaceState, PlayerRef, RecordBody, named::shown};

/// The state of a question in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuestionStatus {
    /// Takes answers.
    Open,
    /// Takes no more answers, and has no record.
    Closed,
    /// Has a record that may still be corrected.
    Provisional,
    /// Has a record for good.
    Final,
}

/// A question, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QuestionBody {
    /// The question as organisers signed it.
    #[serde(flatten, with = "shown")]
    pub asked: Question,
    /// The last time at which organisers can change it, while it has no record.
    pub changeable_until: Timestamp,
    /// The state of the question in time.
    pub status: QuestionStatus,
    /// The number of players who have answered, at most in one slot.
    pub answered: u32,
    /// The number of answers, in all slots, that are sealed and not opened.
    pub unopened: u32,
    /// The organisers' record, whose outcome is `answered` or `cancelled` and has no score; `null` while there is none.
    pub record: Option<RecordBody>,
}

/// The answers of a player to a question, and what they earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AnswersBody {
    /// The question, by its first number.
    pub question: MatchRef,
    /// The player's account and name.
    pub player: PlayerRef,
    /// The points of all of them together; `null` until it is known what is right, and while all are sealed.
    pub points: Option<u64>,
    /// True if the points rest on a record that is not final.
    pub provisional: bool,
    /// One for each slot, in their order; `null` where the player gave none.
    pub answers: Vec<Option<AnswerBody>>,
}

/// An answer that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AnswerBody {
    /// The place of the option, from 0, or the number; `null` while it is sealed.
    #[cfg_attr(feature = "schema", schema(value_type = Option<u16>))]
    pub answer: Option<Answer>,
    /// True while nobody can read it.
    pub sealed: bool,
    /// True if it is sealed for good: it was not opened in time, and counts as no answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missed: bool,
    /// The block that holds it.
    pub height: u64,
    /// The certainty that it stays in the chain.
    #[serde(default)]
    pub state: PlaceState,
    /// The pool's time then.
    pub time: Timestamp,
    /// The transaction that placed it.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{64}$"))]
    pub transaction: String,
}
