//! Numbers of as many bytes as they need, for what is stored often.

use unsigned_varint::{decode, encode};

/// Appends a number.
pub(crate) fn put(out: &mut Vec<u8>, number: u64) {
    out.extend(encode::u64(number, &mut encode::u64_buffer()));
}

/// Appends a length or a position.
pub(crate) fn put_length(out: &mut Vec<u8>, length: usize) {
    out.extend(encode::usize(length, &mut encode::usize_buffer()));
}

/// Appends bytes with their length.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_length(out, bytes.len());
    out.extend(bytes);
}

/// The bytes that are still to be read; each read gives `None` where something else stands there.
pub(crate) struct Bytes<'b>(pub(crate) &'b [u8]);

impl<'b> Bytes<'b> {
    pub(crate) fn number(&mut self) -> Option<u64> {
        let (number, rest) = decode::u64(self.0).ok()?;
        self.0 = rest;
        Some(number)
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| *byte)
    }

    pub(crate) fn array<const LENGTH: usize>(&mut self) -> Option<&'b [u8; LENGTH]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(array)
    }

    pub(crate) fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    pub(crate) fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = self.length()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}
