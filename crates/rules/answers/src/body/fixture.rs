//! Matches before they are played.

use bolao_ledger::{Day, Fixture, MatchCode, MatchNo, Team, Text, TextError, UnixSeconds};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::moment;

/// A team, or the placeholder of one that is not known yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TeamBody {
    /// The name of the team.
    #[cfg_attr(feature = "schema", schema(example = "Portugal"))]
    pub name: String,
    /// A short code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "POR"))]
    pub code: Option<String>,
}

impl From<&Team> for TeamBody {
    fn from(team: &Team) -> Self {
        Self {
            name: team.name.as_str().to_owned(),
            code: team.code.as_ref().map(|code| code.as_str().to_owned()),
        }
    }
}

impl TryFrom<&TeamBody> for Team {
    type Error = TextError;

    fn try_from(team: &TeamBody) -> Result<Self, TextError> {
        Ok(Self {
            name: Text::new(team.name.as_str())?,
            code: team.code.as_deref().map(Text::new).transpose()?,
        })
    }
}

/// A match before it is played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FixtureBody {
    /// Its number, which bets use.
    pub no: u16,
    /// Its name, which people use.
    #[cfg_attr(feature = "schema", schema(example = "PtCh"))]
    pub code: String,
    /// The team that is named first.
    pub home: TeamBody,
    /// The team that is named second.
    pub away: TeamBody,
    /// The kick-off, at which betting ends; `null` until it is scheduled.
    pub kickoff: Option<Timestamp>,
    /// Its round, group or stage.
    pub stage: String,
}

impl From<&Fixture> for FixtureBody {
    fn from(fixture: &Fixture) -> Self {
        Self {
            no: fixture.no.0,
            code: fixture.code.as_str().to_owned(),
            home: (&fixture.home).into(),
            away: (&fixture.away).into(),
            kickoff: fixture.kickoff.map(moment),
            stage: fixture.stage.as_str().to_owned(),
        }
    }
}

/// The day of a match whose time is not known, where it is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DayBody {
    /// The beginning of the day, at which betting ends.
    pub begins: Timestamp,
    /// The end of the day, from which a record can be made.
    pub ends: Timestamp,
}

impl From<Day> for DayBody {
    fn from(day: Day) -> Self {
        Self {
            begins: moment(day.begins),
            ends: moment(day.ends),
        }
    }
}

impl DayBody {
    /// The very day that was written as this body; `None` if it is before 1970.
    #[must_use]
    pub fn day(&self) -> Option<Day> {
        let seconds = |at: Timestamp| u64::try_from(at.as_second()).ok().map(UnixSeconds);
        Some(Day {
            begins: seconds(self.begins)?,
            ends: seconds(self.ends)?,
        })
    }
}

/// Why a body is no fixture of the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FixtureError {
    /// A name, a code or the stage is none that the ledger takes.
    #[error("match {no} cannot be as it is said to be: {why}")]
    Text {
        /// The number of the match.
        no: u16,
        /// The error in the text.
        why: TextError,
    },
    /// It begins before time does.
    #[error("match {no} kicks off at {kickoff}, wanted a time after 1970")]
    TooEarly {
        /// The number of the match.
        no: u16,
        /// The kick-off of the match.
        kickoff: Timestamp,
    },
}

impl TryFrom<&FixtureBody> for Fixture {
    type Error = FixtureError;

    /// The very fixture, to the letter, that was written as this body.
    fn try_from(body: &FixtureBody) -> Result<Self, FixtureError> {
        let no = body.no;
        let text = |why| FixtureError::Text { no, why };
        let seconds = |kickoff: Timestamp| {
            let seconds = u64::try_from(kickoff.as_second()).map(UnixSeconds);
            seconds.map_err(|_| FixtureError::TooEarly { no, kickoff })
        };
        Ok(Self {
            no: MatchNo(no),
            code: MatchCode::new(&body.code).map_err(text)?,
            home: (&body.home).try_into().map_err(text)?,
            away: (&body.away).try_into().map_err(text)?,
            kickoff: body.kickoff.map(seconds).transpose()?,
            stage: Text::new(body.stage.as_str()).map_err(text)?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::Genesis;

    use super::*;

    #[test]
    fn a_fixture_comes_back_to_the_letter() {
        for fixture in Genesis::article().matches {
            let body = FixtureBody::from(&fixture);
            let text = serde_json::to_string(&body).unwrap();
            let read: FixtureBody = serde_json::from_str(&text).unwrap();
            assert_eq!(read, body);
            assert_eq!(Fixture::try_from(&read), Ok(fixture));
        }
    }

    #[test]
    fn what_the_ledger_does_not_take_is_refused() {
        let fixture = Genesis::article().matches.remove(0);
        let body = FixtureBody::from(&fixture);
        let early = FixtureBody {
            kickoff: Some(Timestamp::from_second(-1).unwrap()),
            ..body.clone()
        };
        assert!(matches!(
            Fixture::try_from(&early),
            Err(FixtureError::TooEarly { .. })
        ));
        let nameless = FixtureBody {
            stage: String::new(),
            ..body
        };
        assert!(matches!(
            Fixture::try_from(&nameless),
            Err(FixtureError::Text { .. })
        ));
    }
}
