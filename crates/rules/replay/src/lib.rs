#![doc = include_str!("../README.md")]

mod certificates;
mod export;
mod replay;

pub use certificates::{Checkpoint, check_certificate, check_checkpoint};
pub use export::{Decoder, ExportError, MAGIC, RECORD_MAX, Record, StateEntry, TipRecord};
pub use replay::{Failure, Replay, Run};
