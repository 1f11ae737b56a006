//! Questions that organisers ask.

use bolao_ledger::{
    MatchCode, MatchNo, Text, UnixSeconds,
    item::{Answer, Asks, Question},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FixtureError, MatchRef, PlaceState, PlayerRef, RecordBody, moment};

/// A question as organisers sign it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AskedBody {
    /// Its first number.
    pub no: u16,
    /// Its name in commands and links.
    pub code: String,
    /// The text that is asked.
    pub text: String,
    /// The time from which it takes no more answers.
    pub closes: Timestamp,
    /// The points that each right answer gives.
    pub points: u16,
    /// The number of answers that it wants of a player.
    pub slots: u8,
    /// The answers that there are.
    pub asks: Asks,
}

impl From<&Question> for AskedBody {
    fn from(question: &Question) -> Self {
        Self {
            no: question.no.0,
            code: question.code.as_str().to_owned(),
            text: question.text.as_str().to_owned(),
            closes: moment(question.closes),
            points: question.points,
            slots: question.slots,
            asks: question.asks.clone(),
        }
    }
}

impl TryFrom<&AskedBody> for Question {
    type Error = FixtureError;

    fn try_from(body: &AskedBody) -> Result<Self, FixtureError> {
        let (no, kickoff) = (body.no, body.closes);
        let text = |why| FixtureError::Text { no, why };
        let closes = u64::try_from(kickoff.as_second());
        Ok(Self {
            no: MatchNo(no),
            code: MatchCode::new(&body.code).map_err(text)?,
            text: Text::new(body.text.as_str()).map_err(text)?,
            closes: UnixSeconds(closes.map_err(|_| FixtureError::TooEarly { no, kickoff })?),
            points: body.points,
            slots: body.slots,
            asks: body.asks.clone(),
        })
    }
}

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
    #[serde(flatten)]
    pub asked: AskedBody,
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
