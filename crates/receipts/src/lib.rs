#![doc = include_str!("../README.md")]

mod base64;
mod error;
mod headers;
mod slip;
mod verify;

pub use error::SlipError;
pub use slip::{SLIP_BYTES_MAX, SLIP_HEADERS_MAX, SLIP_VERSION, Slip};
pub use verify::{SlipReport, verify};
