//! Questions that organisers ask, and what right answers give.

use std::{collections::BTreeMap, ops::Range};

use borsh::{BorshDeserialize, BorshSerialize, io};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{Answer, Item, Prediction, PredictionKind, Title};
use crate::{
    account::AccountId,
    codec::{invalid, known},
    fixture::{Day, MatchCode, MatchNo},
    json::tagged,
    name::alike,
    outcome::{Outcome, OutcomeError, Status},
    rules::Rules,
    state::{Bet, Bets, StateView},
    text::Text,
    units::UnixSeconds,
};

/// A question: what is asked, until when, and what a right answer gives.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Question {
    /// Its first number; each of its slots has one.
    #[serde(serialize_with = "MatchNo::plain")]
    #[cfg_attr(feature = "schema", schema(value_type = u16))]
    pub no: MatchNo,
    /// Its name for people and URLs.
    pub code: MatchCode,
    /// The text that is asked.
    pub text: Text<200>,
    /// When it takes answers no more.
    pub closes: UnixSeconds,
    /// The points that each right answer gives.
    pub points: u16,
    /// The number of answers that it wants of a player.
    pub slots: u8,
    /// The answers that there are.
    pub asks: Asks,
}

/// The answers that a question has.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[borsh(use_discriminant = true)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[repr(u8)]
pub enum Asks {
    /// One of these options for each slot.
    Choice {
        /// An answer is an option's place, from 0.
        #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
        options: Vec<Text<64>>,
        /// The points of a right answer in a wrong place, where the order counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        misplaced: Option<u16>,
        /// The points besides, if all slots are right.
        perfect: u16,
    } = 0,
    /// A number.
    Number {
        /// The smallest one.
        least: u16,
        /// The largest one.
        most: u16,
        /// The points of a number that misses by 1, by 2 and so on.
        near: Vec<u16>,
    } = 1,
}

impl<'de> Deserialize<'de> for Asks {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case", deny_unknown_fields)]
        enum Kind {
            Choice {
                options: Vec<Text<64>>,
                #[serde(default)]
                misplaced: Option<u16>,
                perfect: u16,
            },
            Number {
                least: u16,
                most: u16,
                near: Vec<u16>,
            },
        }
        Ok(match tagged("kind", from)? {
            Kind::Choice {
                options,
                misplaced,
                perfect,
            } => Self::Choice {
                options,
                misplaced,
                perfect,
            },
            Kind::Number { least, most, near } => Self::Number { least, most, near },
        })
    }
}

impl Asks {
    /// The kind of prediction that answers it.
    #[must_use]
    pub const fn takes(&self) -> PredictionKind {
        match self {
            Self::Choice { .. } => PredictionKind::Option,
            Self::Number { .. } => PredictionKind::Number,
        }
    }

    /// The prediction of this answer.
    #[must_use]
    pub const fn predicted(&self, answer: Answer) -> Prediction {
        match self {
            Self::Choice { .. } => Prediction::Option(answer),
            Self::Number { .. } => Prediction::Number(answer),
        }
    }
}

/// A player's bets on the slots of a question, in their order.
pub type Row = Vec<Option<Bet>>;

impl MatchNo {
    /// Whether it is one of [`Question::NUMBERS`], which in a pool without questions are matches' too.
    pub(crate) fn is_for_questions(self) -> bool {
        Question::NUMBERS.contains(&self.0)
    }
}

impl Question {
    /// # Rule X1: the numbers from 16,384 to 32,767 are for questions.
    pub const NUMBERS: Range<u16> = 0x4000..0x8000;

    /// The numbers of its slots, in their order.
    pub fn numbers(&self) -> impl Iterator<Item = MatchNo> {
        let first = self.no.0;
        (first..first.saturating_add(self.slots.into())).map(MatchNo)
    }

    /// A player's answers.
    pub fn row<S: StateView>(&self, state: &S, account: &AccountId) -> Result<Row, S::Error> {
        let mut row = Vec::new();
        for no in self.numbers() {
            row.push(state.bet(no, account)?);
        }
        Ok(row)
    }

    /// The answers of the players who come after one, by account; `limit`: how many of each slot are read.
    pub fn rows<S: StateView>(
        &self,
        state: &S,
        after: Option<&AccountId>,
        limit: usize,
    ) -> Result<BTreeMap<AccountId, Row>, S::Error> {
        let mut rows: BTreeMap<AccountId, Row> = BTreeMap::new();
        for (place, no) in self.numbers().enumerate() {
            let after = after.map(|id| (no, *id));
            for ((_, id), bet) in state.scan::<Bets>(&no, after.as_ref(), limit)? {
                let row = rows.entry(id).or_default();
                row.resize(self.slots.into(), None);
                if let Some(slot) = row.get_mut(place) {
                    *slot = Some(bet);
                }
            }
        }
        Ok(rows)
    }

    /// # Rule X3: a question is one whose fields are as the tables say.
    pub fn check(&self) -> Result<(), &'static str> {
        let (several, slots) = (self.slots > 1, usize::from(self.slots));
        let last = self.no.0.saturating_add(self.slots.into());
        let asks = match &self.asks {
            Asks::Choice {
                options,
                misplaced,
                perfect,
            } => {
                let looks = || options.iter().map(|it| alike(it.as_str()));
                (2..=256).contains(&options.len())
                    && is_each_once(&looks().collect::<Vec<_>>())
                    && slots <= options.len().min(32)
                    && misplaced.is_none_or(|it| several && it <= self.points)
                    && *perfect <= if several { 1_000 } else { 0 }
            }
            Asks::Number { least, most, near } => {
                let falls = std::iter::once(&self.points).chain(near);
                !several
                    && least < most
                    && *most <= Answer::MOST
                    && near.len() <= 10
                    && falls.is_sorted_by(|before, after| before >= after)
            }
        };
        let found = [
            (
                slots > 0 && self.no.is_for_questions() && last <= Self::NUMBERS.end,
                "its slots do not have numbers from 16384 to 32767",
            ),
            (
                !self.code.as_str().bytes().all(|it| it.is_ascii_digit()),
                "its code is a number, as those of matches are",
            ),
            (self.closes <= Day::LATEST, "it closes after the year 9999"),
            (
                (1..=1_000).contains(&self.points),
                "it does not give 1 to 1000 points",
            ),
            (
                asks,
                "its answers do not go together with its slots and points, or two of its options look alike",
            ),
        ];
        let wrong = found.into_iter().find(|(holds, _)| !holds);
        wrong.map_or(Ok(()), |(_, why)| Err(why))
    }

    /// Whether it has an answer.
    #[must_use]
    pub fn has(&self, answer: Answer) -> bool {
        let answer = answer.get();
        match &self.asks {
            Asks::Choice { options, .. } => usize::from(answer) < options.len(),
            Asks::Number { least, most, .. } => (*least..=*most).contains(&answer),
        }
    }

    /// # Rule X8: a record of a question is `answered`, with 1 to 64 right answers, each once, and nothing besides but a reason; or it
    /// # is `cancelled`. The right answers are options, or any numbers; where the order counts they are as many as the slots, in their
    /// # order, else each is larger than the one before.
    pub fn check_outcome(&self, outcome: &Outcome) -> Result<(), OutcomeError> {
        let right = &outcome.right;
        let bare = Outcome {
            right: right.clone(),
            ..Outcome::without_score(outcome.status, outcome.reason.clone())
        };
        let rises = right.is_sorted_by(|before, after| before < after);
        let fits = match (outcome.status, &self.asks) {
            (Status::Cancelled, _) => right.is_empty(),
            (Status::Answered, Asks::Number { .. }) => rises,
            (Status::Answered, Asks::Choice { misplaced, .. }) => {
                let in_order = match misplaced {
                    Some(_) => is_each_once(right) && right.len() == usize::from(self.slots),
                    None => rises,
                };
                in_order && right.iter().all(|it| self.has(*it))
            }
            _ => false,
        };
        let some = outcome.status == Status::Cancelled || (1..=64).contains(&right.len());
        if fits && some && bare == *outcome {
            Ok(())
        } else {
            Err(OutcomeError::NoAnswer)
        }
    }

    /// The points of a player's answers, one for each slot, by what is right.
    ///
    /// # Rule X10: a slot is right if its answer is one of the right ones, where the order counts the one of that place; it gives
    /// # `points`. Where the order counts, the right answer of another place gives `misplaced`. An answer that stands in several slots
    /// # counts in one only, where it gives most. If all slots are right, each by another answer, `perfect` is added. A number gives
    /// # `points` if it is right; if it misses the nearest right one by *d*, the *d*th of near.
    #[must_use]
    pub fn worth(&self, right: &[Answer], answers: &[Option<Answer>]) -> u64 {
        match &self.asks {
            Asks::Choice {
                misplaced, perfect, ..
            } => {
                let (mut all_right, mut points) = (0, 0);
                let hits = right.iter().enumerate();
                for (place, hit) in hits.filter(|(_, it)| answers.contains(&Some(**it))) {
                    let is_misplaced = answers.get(place) != Some(&Some(*hit));
                    let misplaced = misplaced.filter(|_| is_misplaced);
                    all_right += u8::from(misplaced.is_none());
                    points += u64::from(misplaced.unwrap_or(self.points));
                }
                let is_perfect = all_right == self.slots;
                points + if is_perfect { u64::from(*perfect) } else { 0 }
            }
            Asks::Number { near, .. } => {
                let gives = |answer: &Answer| {
                    let misses = { right.iter() }.map(|it| it.get().abs_diff(answer.get()));
                    let mut gives = std::iter::once(&self.points).chain(near);
                    gives.nth(misses.min()?.into()).copied()
                };
                let answers = answers.iter().flatten().filter(|it| self.has(**it));
                answers.filter_map(gives).map(u64::from).sum()
            }
        }
    }
}

/// The answers that can be read.
pub fn given(row: &[Option<Bet>]) -> Vec<Option<Answer>> {
    let given = |bet: &Option<Bet>| bet.as_ref()?.prediction()?.answer();
    row.iter().map(given).collect()
}

/// Whether no two are the same.
fn is_each_once<T: PartialEq>(all: &[T]) -> bool {
    let is_again = |(place, one)| all.iter().take(place).any(|it| it == one);
    !all.iter().enumerate().any(is_again)
}

impl BorshDeserialize for Question {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let question = Self {
            no: BorshDeserialize::deserialize_reader(reader)?,
            code: BorshDeserialize::deserialize_reader(reader)?,
            text: BorshDeserialize::deserialize_reader(reader)?,
            closes: BorshDeserialize::deserialize_reader(reader)?,
            points: BorshDeserialize::deserialize_reader(reader)?,
            slots: BorshDeserialize::deserialize_reader(reader)?,
            asks: known::<2, _, _>(reader)?,
        };
        question.check().map_err(invalid)?;
        Ok(question)
    }
}

impl Serialize for Question {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Question {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let question = Self::deserialize(deserializer)?;
        question.check().map_err(D::Error::custom)?;
        Ok(question)
    }
}

/// A place for one answer to a question, with what is there of each number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Slot {
    /// The first number of its question.
    pub of: MatchNo,
    /// When its question closes, from when on its seals are opened.
    pub begins: UnixSeconds,
    /// When it takes answers no more: then too, or when the question was cancelled.
    pub deadline: UnixSeconds,
    /// Since when its question is as it is: what is asked, and that it is not cancelled.
    pub since: UnixSeconds,
    /// The number of players who have answered.
    pub bets: u32,
    /// The number of those answers that are sealed and not opened.
    pub unopened: u32,
}

impl Slot {
    /// One of a question that is asked now.
    #[must_use]
    pub const fn new(question: &Question, now: UnixSeconds) -> Self {
        Self {
            of: question.no,
            begins: question.closes,
            deadline: question.closes,
            since: now,
            bets: 0,
            unopened: 0,
        }
    }

    /// Whether answers do not count, for want of notice (S22).
    #[must_use]
    pub fn lacks_notice(&self, rules: &Rules) -> bool {
        rules.lacks_notice(self.since, Some(self.deadline))
    }

    /// Whether an answer in a block of this time is taken.
    #[must_use]
    pub fn is_open_at(&self, time: UnixSeconds, rules: &Rules) -> bool {
        !self.lacks_notice(rules) && time < self.deadline
    }

    /// A plain view of it, under its own number.
    pub(super) fn item(self, no: MatchNo, question: &Question) -> Item {
        Item {
            no,
            of: self.of,
            code: question.code.clone(),
            title: Title::Question(question.text.clone()),
            takes: question.asks.takes(),
            begins: Some(self.begins),
            day_begins: None,
            deadline: Some(self.deadline),
            since: self.since,
            bets: self.bets,
            unopened: self.unopened,
        }
    }
}
