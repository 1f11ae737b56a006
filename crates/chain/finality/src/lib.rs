#![doc = include_str!("../README.md")]

mod context;
mod engine;
mod io;
mod log;
mod message;
mod validator;
mod verified;

pub use bolao_ledger::Decided;
pub use io::{Input, Missing, Output, Verdict};
pub use log::{Entries, Log, signed_by};
pub use message::Message;

pub use validator::{Config, StartError, Validator};
pub use verified::Verified;
