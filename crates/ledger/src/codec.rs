//! The one encoding of everything that is hashed, signed, stored or sent: borsh, and only its canonical form.

use borsh::{BorshDeserialize, BorshSerialize};
use thiserror::Error;

/// Why bytes are not a value.
#[derive(Debug, Error)]
#[error("got {bytes} bytes that are not a canonical {what}: {source}")]
pub struct DecodeError {
    what: &'static str,
    bytes: usize,
    source: std::io::Error,
}

/// The canonical bytes of a value.
#[must_use]
pub fn encode<T: BorshSerialize>(value: &T) -> Vec<u8> {
    borsh::to_vec(value).expect("writing to a vector cannot fail")
}

/// Reads exactly one value; bytes left over are an error.
pub fn decode<T: BorshDeserialize>(bytes: &[u8]) -> Result<T, DecodeError> {
    borsh::from_slice(bytes).map_err(|source| DecodeError {
        what: short_name::<T>(),
        bytes: bytes.len(),
        source,
    })
}

fn short_name<T>() -> &'static str {
    let full = std::any::type_name::<T>();
    full.rsplit("::").next().unwrap_or(full)
}
