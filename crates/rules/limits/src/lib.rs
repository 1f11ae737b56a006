#![doc = include_str!("../README.md")]

mod bucket;
mod budget;
mod slots;

pub use bucket::Bucket;
pub use budget::Budget;
pub use slots::{Slot, SlotLimits, Slots, address_key, caller_of};
