//! What players bet on, whatever it is.

use std::fmt;

use bolao_ledger::{Prediction, Score, Side, item::Answer};
use serde::{Deserialize, Serialize};

/// The prediction of a bet, as far as it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PredictionBody {
    /// The score; `null` while it is sealed, or where it is an answer.
    pub score: Option<Score>,
    /// The answer to a question, instead of a score: the place of an option, from 0, or a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// The team that goes on to the next round, `home` or `away`, where the bet names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, example = "home"))]
    pub through: Option<Side>,
}

/// The score of a match, or that it is sealed.
impl fmt::Display for PredictionBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.score, self.through) {
            (Some(score), through) => f.write_str(&Prediction::of_match(score, through).words()),
            (None, _) => f.write_str("sealed"),
        }
    }
}

impl From<Option<Prediction>> for PredictionBody {
    fn from(prediction: Option<Prediction>) -> Self {
        Self {
            score: prediction.and_then(Prediction::score),
            answer: prediction.and_then(Prediction::answer),
            through: prediction.and_then(Prediction::through),
        }
    }
}
