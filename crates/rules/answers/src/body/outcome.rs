//! Records of matches, and what is said against them.

use bolao_ledger::{Outcome, Score, Side, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use super::PlayerRef;

/// Goals of the team named first and of the team named second.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScoreBody {
    /// Of the team named first.
    #[cfg_attr(feature = "schema", schema(maximum = 99))]
    pub home: u8,
    /// Of the team named second.
    #[cfg_attr(feature = "schema", schema(maximum = 99))]
    pub away: u8,
}

impl From<Score> for ScoreBody {
    fn from(score: Score) -> Self {
        Self {
            home: score.home(),
            away: score.away(),
        }
    }
}

/// The outcome of a match. What a record does not say is `null`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OutcomeBody {
    /// `played`, `cancelled`, `postponed`, `abandoned` or `awarded`.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "played"))]
    status: Status,
    half_time: Option<ScoreBody>,
    /// After 90 minutes and stoppage time.
    after_90: Option<ScoreBody>,
    /// After 120 minutes, the first 90 included.
    after_120: Option<ScoreBody>,
    /// The score of the shoot-out only.
    shootout: Option<ScoreBody>,
    /// The team that goes on: `home` or `away`.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, example = "home"))]
    advances: Option<Side>,
    /// Reason or source.
    reason: Option<String>,
}

impl From<&Outcome> for OutcomeBody {
    fn from(outcome: &Outcome) -> Self {
        let score = |score: Option<Score>| score.map(ScoreBody::from);
        Self {
            status: outcome.status,
            half_time: score(outcome.half_time),
            after_90: score(outcome.after_90),
            after_120: score(outcome.after_120),
            shootout: score(outcome.shootout),
            advances: outcome.advances,
            reason: outcome.reason.as_ref().map(ToString::to_string),
        }
    }
}

/// Writes a record with all its parts, those that it does not say included.
pub fn whole<S: Serializer>(outcome: &Outcome, serializer: S) -> Result<S::Ok, S::Error> {
    OutcomeBody::from(outcome).serialize(serializer)
}

/// The record of a match as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecordBody {
    /// The number of records before this one.
    pub version: u32,
    /// The outcome of the match.
    #[serde(serialize_with = "whole")]
    #[cfg_attr(feature = "schema", schema(value_type = OutcomeBody))]
    pub outcome: Outcome,
    /// The score that bets are compared with; `null` where none counts.
    #[cfg_attr(feature = "schema", schema(value_type = Option<ScoreBody>))]
    pub score: Option<Score>,
    /// The organisers who signed it.
    pub signers: Vec<PlayerRef>,
    /// The pool's time when enough of them had.
    pub since: Timestamp,
    /// From when on it is final; `null` while the match is to be played later.
    pub final_at: Option<Timestamp>,
    /// True if it may still be corrected.
    pub provisional: bool,
    /// The number of objections to all its versions.
    pub objections: u32,
}

/// A record that a match has or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VersionBody {
    /// The number of records before this one.
    pub version: u32,
    /// True if it is the match's record now.
    pub current: bool,
    /// The outcome of the match.
    #[serde(serialize_with = "whole")]
    #[cfg_attr(feature = "schema", schema(value_type = OutcomeBody))]
    pub outcome: Outcome,
    /// The score that bets are compared with; `null` where none counts.
    #[cfg_attr(feature = "schema", schema(value_type = Option<ScoreBody>))]
    pub score: Option<Score>,
    /// The organisers who signed it.
    pub signers: Vec<PlayerRef>,
    /// The block in which enough of them had.
    pub height: u64,
    /// The pool's time then.
    pub time: Timestamp,
}

/// A player's objection to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ObjectionBody {
    /// The player who objects.
    pub player: PlayerRef,
    /// The record that it is against.
    pub version: u32,
    /// The objection, in the player's words.
    pub text: String,
    /// The block that holds it.
    pub height: u64,
    /// The pool's time then.
    pub time: Timestamp,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::Text;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_record_is_written_whole_and_read_as_it_was() {
        let outcome = Outcome {
            reason: Some(Text::new("read again").unwrap()),
            ..Outcome::played("3-1".parse().unwrap())
        };
        let record = RecordBody {
            version: 0,
            outcome,
            score: Some("3-1".parse().unwrap()),
            signers: Vec::new(),
            since: Timestamp::UNIX_EPOCH,
            final_at: None,
            provisional: true,
            objections: 0,
        };
        let written = serde_json::to_value(&record).unwrap();
        assert_eq!(written["outcome"]["half_time"], Value::Null);
        let parts = written["outcome"].as_object().unwrap();
        assert!(parts.contains_key("advances"), "{parts:?}");
        assert_eq!(written["score"], json!({"home": 3, "away": 1}));
        assert_eq!(
            serde_json::from_value::<RecordBody>(written).unwrap(),
            record
        );
    }
}
