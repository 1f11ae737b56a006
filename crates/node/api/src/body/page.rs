//! Bodies that are no JSON.

use utoipa::ToSchema;

/// Bytes as they are, in the description alone.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub(crate) struct Bytes(#[expect(dead_code, reason = "described, never made")] Vec<u8>);
