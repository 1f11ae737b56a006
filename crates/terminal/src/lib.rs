#![doc = include_str!("../README.md")]

pub mod error;
pub mod log;
pub mod output;
pub mod qr;
pub mod time;
