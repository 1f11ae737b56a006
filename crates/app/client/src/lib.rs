#![doc = include_str!("../README.md")]

mod client;
pub mod export;
pub mod link;
mod offline;
mod source;
mod view;

pub use client::{ApiError, Client, Unreached};
pub use link::Link;
pub use offline::Offline;
pub use source::{Source, node};
pub use view::{as_view, as_views, escape, segment};
