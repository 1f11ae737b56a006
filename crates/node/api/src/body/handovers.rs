//! Players on their way to another device.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A player on the way from one device to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverBody {
    /// 32 hexadecimal digits, drawn at random.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub id: String,
    /// A text that only the other device can read: at most 4,096 bytes.
    #[schema(max_length = 4096)]
    pub sealed: String,
}

/// A player who was on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandedOverBody {
    /// A text that only the device that asked can read.
    pub sealed: String,
}
