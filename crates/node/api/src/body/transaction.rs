//! Transactions that were taken.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A transaction that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Submitted {
    /// Its id.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub id: String,
    /// The account's chips at hand once the next block holds it; `null` where it waits for another one of its account.
    pub chips: Option<u64>,
}
