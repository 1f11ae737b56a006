//! Transactions that were taken.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A transaction that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Submitted {
    /// Its id.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub id: String,
}
