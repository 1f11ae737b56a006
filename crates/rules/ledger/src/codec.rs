//! The one encoding of everything that is hashed, signed, stored or sent: borsh, and only its canonical form.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize, de::EnumExt, io};
use thiserror::Error;

use crate::reasons::Reason;

/// Why bytes are not a value.
#[derive(Debug, Error)]
pub struct DecodeError {
    what: &'static str,
    bytes: usize,
    source: io::Error,
}

impl DecodeError {
    /// Whether a newer program may read these bytes.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.source.kind() == io::ErrorKind::Unsupported
    }

    /// The stable code, for the bytes of a transaction.
    #[must_use]
    pub fn reason(&self) -> Reason {
        if self.is_newer() {
            Reason::UnknownAction
        } else {
            Reason::BadEncoding
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            bytes,
            source,
        } = self;
        if self.is_newer() {
            write!(f, "{source}")
        } else {
            write!(
                f,
                "got {bytes} bytes that are not a canonical {what}: {source}"
            )
        }
    }
}

/// The error of bytes that say what this program does not know.
pub(crate) fn newer(what: impl fmt::Display) -> io::Error {
    io::Error::new(
        io::ErrorKind::Unsupported,
        format!("{what}: use a newer program"),
    )
}

impl DecodeError {
    #[cold]
    fn new(what: &'static str, bytes: usize, source: io::Error) -> Self {
        let what = short(what);
        Self {
            what,
            bytes,
            source,
        }
    }
}

/// The error of bytes that are no value of their type.
#[allow(
    clippy::needless_pass_by_value,
    reason = "it is used as a function for errors"
)]
pub(crate) fn invalid(reason: impl fmt::Display) -> io::Error {
    invalid_for(&reason)
}

#[cold]
fn invalid_for(reason: &dyn fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason.to_string())
}

/// Reads a value of one of so many kinds, numbered from 0. A newer program may know more of them.
pub(crate) fn known<const KINDS: u8, T: EnumExt, R: io::Read>(reader: &mut R) -> io::Result<T> {
    let kind = u8::deserialize_reader(reader)?;
    if kind >= KINDS {
        let name = short_name::<T>();
        return Err(newer(format_args!(
            "got {name} number {kind}, which this program does not know"
        )));
    }
    T::deserialize_variant(reader, kind)
}

/// The canonical bytes of a value.
#[must_use]
pub fn encode<T: BorshSerialize>(value: &T) -> Vec<u8> {
    borsh::to_vec(value).expect("writing to a vector cannot fail")
}

/// Reads exactly one value; bytes left over are an error.
pub fn decode<T: BorshDeserialize>(bytes: &[u8]) -> Result<T, DecodeError> {
    borsh::from_slice(bytes)
        .map_err(|source| DecodeError::new(std::any::type_name::<T>(), bytes.len(), source))
}

fn short_name<T>() -> &'static str {
    short(std::any::type_name::<T>())
}

fn short(full: &'static str) -> &'static str {
    full.rsplit(':').next().unwrap_or(full)
}
