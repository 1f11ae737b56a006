//! What organisers record of a match.

use borsh::{BorshDeserialize, BorshSerialize, io};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{base::Base, item::Answer, score::Score, text::Text};

/// The status of a match: played, or what else became of it.
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
    /// To be played later: bets stay, nothing is paid.
    Postponed = 2,
    /// Broken off and not gone on with: stakes go back.
    Abandoned = 3,
    /// Decided at a table; whether it counts is a rule of the pool.
    Awarded = 4,
    /// A question, to which there are right answers.
    Answered = 5,
}

impl Status {
    /// Those that a match can have.
    pub const OF_MATCHES: [Self; 5] = [
        Self::Played,
        Self::Cancelled,
        Self::Postponed,
        Self::Abandoned,
        Self::Awarded,
    ];

    /// Its name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Played => "played",
            Self::Cancelled => "cancelled",
            Self::Postponed => "postponed",
            Self::Abandoned => "abandoned",
            Self::Awarded => "awarded",
            Self::Answered => "answered",
        }
    }
}

/// The team that goes on to the next round.
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
    /// The first team.
    Home = 0,
    /// The second team.
    Away = 1,
}

impl Side {
    /// The team with more goals; none in a draw.
    #[must_use]
    pub fn ahead(score: Score) -> Option<Self> {
        match score.home().cmp(&score.away()) {
            std::cmp::Ordering::Greater => Some(Self::Home),
            std::cmp::Ordering::Less => Some(Self::Away),
            std::cmp::Ordering::Equal => None,
        }
    }
}

/// The record of a match, or of a question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = OutcomeBody))]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// `played`, `cancelled`, `postponed`, `abandoned` or `awarded`; of a question `answered` or `cancelled`.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "played"))]
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
    /// The score of the shoot-out only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shootout: Option<Score>,
    /// The team that goes on to the next round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, example = "home"))]
    pub advances: Option<Side>,
    /// Reason or source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub reason: Option<Text<200>>,
    /// The right answers, of a question that is answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<u16>))]
    pub right: Vec<Answer>,
}

/// The right answers come last, and only where there are any: all other records stay as they were before there were questions.
impl BorshSerialize for Outcome {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        let scores = [self.half_time, self.after_90, self.after_120, self.shootout];
        let fields = (self.status, scores, self.advances, &self.reason);
        BorshSerialize::serialize(&fields, writer)?;
        match self.status {
            Status::Answered => BorshSerialize::serialize(&self.right, writer),
            _ => Ok(()),
        }
    }
}

impl BorshDeserialize for Outcome {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let (status, scores, advances, reason) = BorshDeserialize::deserialize_reader(reader)?;
        let [half_time, after_90, after_120, shootout] = scores;
        let right = match status {
            Status::Answered => Vec::deserialize_reader(reader)?,
            _ => Vec::new(),
        };
        Ok(Self {
            half_time,
            after_90,
            after_120,
            shootout,
            advances,
            right,
            ..Self::without_score(status, reason)
        })
    }
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
    #[error("a match has no right answers")]
    NoQuestion,
    #[error(
        "a question is cancelled, or has right answers out of its own, each once, and nothing else"
    )]
    NoAnswer,
}

impl Outcome {
    /// Whether the match is not played, or not then: nothing has to be known of it to sign this.
    #[must_use]
    pub const fn calls_off(&self) -> bool {
        matches!(self.status, Status::Cancelled | Status::Postponed)
    }

    /// Whether it still stands as the record of a match that is put off now, or is not: one that puts it off stands until the match is
    /// scheduled anew.
    #[must_use]
    pub fn stands(&self, is_put_off: bool) -> bool {
        is_put_off || self.status != Status::Postponed
    }

    /// The team that goes on to the next round, where the scores alone tell.
    ///
    /// A shoot-out always does. Extra time does where 90 minutes ended level: in the second of two legs as in a single
    /// match. What ends within 90 minutes does not: it may be a group match, or the second leg of a tie that was lost.
    #[must_use]
    pub fn who_goes_on(&self) -> Option<Side> {
        if let Some(side) = self.shootout.and_then(Side::ahead) {
            return Some(side);
        }
        let level = self
            .after_90
            .is_some_and(|score| Side::ahead(score).is_none());
        self.after_120.filter(|_| level).and_then(Side::ahead)
    }

    /// Whether the match was played or awarded, and the record names no team that goes on to the next round.
    #[must_use]
    pub const fn leaves_open(&self) -> bool {
        matches!(self.status, Status::Played | Status::Awarded) && self.advances.is_none()
    }

    /// Whether two records say the same of a match: scores and status are equal, and nothing that both say differs.
    /// Half-time and who advances may be missing in one; reasons may differ.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        fn fits<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        self.status == other.status
            && self.after_90 == other.after_90
            && self.after_120 == other.after_120
            && self.shootout == other.shootout
            && fits(self.half_time, other.half_time)
            && fits(self.advances, other.advances)
    }

    /// A match played to the end within 90 minutes.
    #[must_use]
    pub fn played(after_90: Score) -> Self {
        Self {
            after_90: Some(after_90),
            ..Self::without_score(Status::Played, None)
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
            right: Vec::new(),
        }
    }

    /// Checks that the parts can belong to one match.
    pub fn check(&self) -> Result<(), OutcomeError> {
        let scores = [self.half_time, self.after_90, self.after_120, self.shootout];
        match self.status {
            Status::Played | Status::Awarded if self.after_90.is_none() => {
                return Err(OutcomeError::NoScore);
            }
            // # Rule X8: of a match it is no record.
            Status::Answered => return Err(OutcomeError::NoQuestion),
            _ if !self.right.is_empty() => return Err(OutcomeError::NoQuestion),
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

    /// The score that bets are compared with; `None` where none counts.
    #[must_use]
    pub fn counting_score(&self, base: Base, awarded_counts: bool) -> Option<Score> {
        match self.status {
            Status::Played => {}
            Status::Awarded if awarded_counts => {}
            _ => return None,
        }
        base.score_of([self.after_90, self.after_120, self.shootout])
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn score(text: &str) -> Option<Score> {
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    #[test]
    fn who_goes_on() {
        let cases = [
            ("1-1", "3-1", "", Some(Side::Home)),
            ("0-0", "0-0", "5-6", Some(Side::Away)),
            // The second leg of a tie whose first was lost: the shoot-out tells.
            ("2-1", "2-1", "3-4", Some(Side::Away)),
            // Two legs, level over both after 90 minutes: one match's extra time does not tell.
            ("2-0", "2-1", "", None),
            ("3-1", "", "", None),
            ("1-1", "2-2", "", None),
        ];
        for (after_90, after_120, shootout, wanted) in cases {
            let outcome = Outcome {
                after_90: score(after_90),
                after_120: score(after_120),
                shootout: score(shootout),
                ..Outcome::without_score(Status::Played, None)
            };
            assert_eq!(
                outcome.who_goes_on(),
                wanted,
                "{after_90} {after_120} {shootout}"
            );
        }
    }

    #[test]
    fn half_time_may_be_missing_but_not_wrong() {
        let plain = Outcome::played(score("1-1").unwrap());
        let mut half = plain.clone();
        half.half_time = score("1-0");
        assert!(plain.agrees_with(&half));
        let mut other = half.clone();
        other.half_time = score("0-1");
        assert!(!half.agrees_with(&other));
        let mut longer = plain.clone();
        longer.after_120 = score("2-1");
        assert!(!plain.agrees_with(&longer));
    }
}
