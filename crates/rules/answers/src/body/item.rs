//! What players bet on, whatever it is.

use std::fmt;

use bolao_ledger::{Prediction, Score, item::Answer};
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
}

/// The score of a match, or that it is sealed.
impl fmt::Display for PredictionBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.score {
            Some(score) => score.fmt(f),
            None => f.write_str("sealed"),
        }
    }
}

impl From<Option<Prediction>> for PredictionBody {
    fn from(prediction: Option<Prediction>) -> Self {
        Self {
            score: prediction.and_then(Prediction::score),
            answer: prediction.and_then(Prediction::answer),
        }
    }
}
