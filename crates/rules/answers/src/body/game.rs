//! Matches.

use bolao_ledger::{Base, Chips, Day, Fixture, Match, Status, UnixSeconds};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{PlayerRef, RecordBody, moment, named::shown};

/// The state of a match in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MatchStatus {
    /// Takes bets.
    Scheduled,
    /// Takes no more bets, and has no record; a match that was put off and not scheduled anew has
    /// none either.
    Closed,
    /// Has a record that may still be corrected.
    Provisional,
    /// Has a record for good.
    Final,
}

/// A match, what is staked on it, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MatchBody {
    /// The fixture: the match before it was played.
    #[serde(flatten, with = "shown")]
    pub fixture: Fixture,
    /// The time at which betting ends; `null` until a kick-off or a day is known.
    pub deadline: Option<Timestamp>,
    /// The day, where the kick-off is not known and the day is.
    #[serde(default, with = "shown", skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// True if bets on it do not count: its end of betting is less than the rules' notice after `since`, or is not known.
    pub lacks_notice: bool,
    /// Since when it has these teams in this order, takes place, and has an end of betting that counts; absent if since genesis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The end of betting that stood while bets on it counted last; absent if they count or never did. Once less than the rules' notice is
    /// left to it, they count no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stood: Option<Timestamp>,
    /// The state of the match in time.
    pub status: MatchStatus,
    /// True if it was put off and has not been scheduled anew.
    pub postponed: bool,
    /// True if it was scheduled anew after a kick-off that it had has passed: betting on it has ended for good. Absent if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begun_before: bool,
    /// The number of players with a bet on it.
    pub bets: u32,
    /// The number of those that are sealed and not opened.
    pub unopened: u32,
    /// The sum of their stakes, in chips; 0 once it is paid.
    pub pot: u64,
    /// The score that counts: after `90` minutes, or after `120` where they were played.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "90"))]
    pub base: Base,
    /// The factor by which points are multiplied.
    pub multiplier: u8,
    /// The organisers' record; `null` while there is none.
    pub record: Option<RecordBody>,
    /// The last change of its kick-off by organisers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<MoveBody>,
}

/// A change of a match's kick-off. At least one of the two kick-offs is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MoveBody {
    /// The kick-off before; `null` where none stood, since the match had been put off.
    pub kickoff_before: Option<Timestamp>,
    /// The kick-off since; `null` until the match is scheduled anew.
    pub kickoff_after: Option<Timestamp>,
    /// The earliest kick-off that this change or one before it has moved later; bets placed since then are marked with
    /// `after_kickoff`.
    pub earliest_kickoff: Option<Timestamp>,
    /// The organisers who signed it.
    pub signers: Vec<PlayerRef>,
    /// The block in which it took effect.
    pub height: u64,
    /// The pool's time then.
    pub time: Timestamp,
}

impl From<&MatchBody> for Match {
    /// The match as the state has it.
    fn from(body: &MatchBody) -> Self {
        let seconds = |at: Timestamp| UnixSeconds(at.as_second().try_into().unwrap_or(0));
        Self {
            fixture: body.fixture.clone(),
            deadline: body.deadline.map(seconds),
            since: body.since.map_or(UnixSeconds::ZERO, seconds),
            stood: body.stood.map(seconds),
            pot: Chips(body.pot),
            bets: body.bets,
            unopened: body.unopened,
            postponed: body.postponed,
            begun_before: body.begun_before,
            day: body.day,
        }
    }
}

impl MatchBody {
    /// The kick-off, if it is scheduled.
    #[must_use]
    pub fn kickoff(&self) -> Option<Timestamp> {
        self.fixture.kickoff.map(moment)
    }

    /// The two teams.
    #[must_use]
    pub fn teams(&self) -> String {
        format!("{} – {}", self.fixture.home.name, self.fixture.away.name)
    }

    /// Tells whether the record says that it was put off, and it was scheduled anew since: then the record stands no more.
    #[must_use]
    pub fn reopened(&self) -> bool {
        let put_off = |record: &RecordBody| record.outcome.status == Status::Postponed;
        !self.postponed && self.record.as_ref().is_some_and(put_off)
    }
}
