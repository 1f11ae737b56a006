#![doc = include_str!("../README.md")]

mod agreement;
mod combine;
mod deal;
mod dealing;
mod domains;
mod error;
mod keeper;
mod kept;
mod share;

pub use combine::combine;
pub use deal::{Deal, DealBody, DealId, Handed, MAX_KEEPERS, few, needed};
pub use dealing::{Entropy, deal};
pub use error::{CombineError, DealError};
pub use keeper::{holds_bytes, is_held, receipt, take};
pub use kept::{Kept, NotKept, SealId};
pub use share::{SHARE_BYTES, Share};
