//! Copies of lists that come with the program.

use std::io::Read as _;

use jiff::civil::{Date, date};

/// Longest copy, in bytes.
const MAX_BYTES: u64 = 1 << 20;

include!(concat!(env!("OUT_DIR"), "/copies.rs"));

/// The day of the copies.
const MADE: Date = date(2026, 9, 18);

/// The copy of a competition's list, and of when it is.
pub(crate) fn copy(code: &str) -> Option<(String, Date)> {
    let (_, packed) = COPIES.iter().find(|(name, _)| *name == code)?;
    let mut text = String::new();
    let unpacked = brotli::Decompressor::new(*packed, 4096);
    unpacked.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    Some((text, MADE))
}

/// Whether there is a copy.
pub(crate) fn has_copy(code: &str) -> bool {
    COPIES.iter().any(|(name, _)| *name == code)
}
