//! Matches.

use bolao_ledger::{Base, Match, Move, said::Said};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    RecordBody, moment,
    named::{Named, shown},
};

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
    /// The match, and what is staked on it. The end of betting that stood (`stood`) is told while bets do not count: once less than the
    /// rules' notice is left to it, they count no more.
    #[serde(flatten, with = "shown")]
    pub entry: Match,
    /// True if bets on it do not count: its end of betting is less than the rules' notice after `since`, or is not known.
    pub lacks_notice: bool,
    /// The state of the match in time.
    pub status: MatchStatus,
    /// The score that counts: after `90` minutes, or after `120` where they were played.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "90"))]
    pub base: Base,
    /// The factor by which points are multiplied.
    pub multiplier: u8,
    /// Points that the optional rules give on it besides, in a few words each, as "who goes through +1".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<Said>,
    /// The organisers' record; `null` while there is none.
    pub record: Option<RecordBody>,
    /// The last change of its kick-off by organisers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Move>))]
    pub moved: Option<Named<Move>>,
}

impl MatchBody {
    /// The kick-off, if it is scheduled.
    #[must_use]
    pub fn kickoff(&self) -> Option<Timestamp> {
        self.entry.fixture.kickoff.map(moment)
    }

    /// The two teams.
    #[must_use]
    pub fn teams(&self) -> String {
        format!(
            "{} – {}",
            self.entry.fixture.home.name, self.entry.fixture.away.name
        )
    }

    /// The record, if it stands.
    #[must_use]
    pub fn stands(&self) -> Option<&RecordBody> {
        let record = self.record.as_ref();
        record.filter(|it| it.signed.outcome.stands(self.entry.postponed))
    }

    /// Tells whether the record says that it was put off, and it was scheduled anew since: then the record stands no more.
    #[must_use]
    pub fn reopened(&self) -> bool {
        self.record.is_some() && self.stands().is_none()
    }
}
