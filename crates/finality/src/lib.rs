#![doc = include_str!("../README.md")]

mod context;
mod engine;
mod io;
mod log;
mod message;
mod validator;

pub use io::{Input, Output, Verdict};
pub use log::{Entries, Log};
pub use message::{Decided, Message};
pub use validator::{Config, StartError, Validator};
