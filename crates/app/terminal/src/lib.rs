#![doc = include_str!("../README.md")]

pub mod error;
mod fitting;
pub mod log;
pub mod output;
pub mod qr;
pub mod time;
