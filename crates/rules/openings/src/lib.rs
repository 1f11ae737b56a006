#![doc = include_str!("../README.md")]

mod agreement;
mod combine;
mod deal;
mod dealing;
mod domains;
mod keeper;
mod kept;
mod share;

pub use combine::{CombineError, combine};
pub use deal::{Deal, DealBody, DealError, DealId, Handed, MAX_KEEPERS, SealId, few, needed};
pub use dealing::{Entropy, deal};
pub use keeper::{holds_bytes, is_held, receipt, take};
pub use kept::{Kept, NotKept};
pub use share::{SHARE_BYTES, Share};
