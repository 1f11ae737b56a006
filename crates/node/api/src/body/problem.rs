//! Why a request was refused.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Problem details (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Always `about:blank`: the title says what the status means.
    #[serde(default)]
    #[schema(required, example = "about:blank")]
    pub r#type: String,
    /// The status in words.
    #[serde(default)]
    #[schema(required, example = "Conflict")]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    #[schema(required, example = 409)]
    pub status: u16,
    /// The error in this request, in a sentence.
    pub detail: String,
    /// A stable code: of the rule that rejects a transaction, such as `bet-after-kickoff`, else of the status, such as
    /// `not-found`.
    #[schema(required, value_type = String, example = "bet-after-kickoff")]
    pub code: Option<String>,
    /// The line of the text that was sent, counted from 1, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}
