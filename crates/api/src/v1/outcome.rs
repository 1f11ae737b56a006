//! Records of matches, as JSON.

use bolao_ledger::{Outcome, Score, Side, Status};
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{Moment, PlayerRef, ScoreBody};

/// What became of a match.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutcomeBody {
    /// `played`, `cancelled`, `postponed`, `abandoned` or `awarded`.
    #[schema(value_type = String, example = "played")]
    status: Status,
    half_time: Option<ScoreBody>,
    /// After 90 minutes and stoppage time.
    after_90: Option<ScoreBody>,
    /// After 120 minutes, the first 90 included.
    after_120: Option<ScoreBody>,
    /// The shoot-out alone.
    shootout: Option<ScoreBody>,
    /// Who goes on: `home` or `away`.
    #[schema(value_type = Option<String>, example = "home")]
    advances: Option<Side>,
    /// Why, or where it was read.
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

/// The record of a match as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordBody {
    /// How many records there were before.
    pub(crate) version: u32,
    pub(crate) outcome: OutcomeBody,
    /// The score that tips are compared with; `null` where none counts.
    pub(crate) score: Option<ScoreBody>,
    /// The organisers who signed it.
    pub(crate) signers: Vec<PlayerRef>,
    /// The pool's time when enough of them had.
    pub(crate) since: Moment,
    /// From when on it is final; `null` while the match is to be played later.
    pub(crate) final_at: Option<Moment>,
    /// Whether it may still be corrected.
    pub(crate) provisional: bool,
    /// How many objections there are, all versions counted.
    pub(crate) objections: u32,
}
