#![doc = include_str!("../README.md")]

mod answering;
mod hello;
mod homes;
mod labels;
mod limits;
mod meter;
mod nodes;
mod own;
mod pass;
mod server;

pub use labels::{GivenLabel, Labels, LabelsError, MOST_LABELS, Used};
pub use limits::RelayLimits;
pub use server::{Settings, serve};
