#![doc = include_str!("../README.md")]

mod asert;
mod chain;
mod checked;
mod error;
mod rank;
mod target;
mod tip;

pub use chain::{HeaderChain, MEDIAN_BLOCKS, check_not_too_new, check_own_proof};
pub use checked::{ChainHeader, CheckedHeader};
pub use error::HeaderError;
pub use rank::Rank;
pub use target::{ASERT_EASING_BITS, bits_at, bits_hold_until, required_bits, target_limit};
pub use tip::Tip;
