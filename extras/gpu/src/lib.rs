#![doc = include_str!("../README.md")]
#![cfg(feature = "vulkan")]

mod device;
mod gpu;
mod list;
mod pace;
mod search;
mod source;

pub use gpu::{Gpu, invocations_per_second};
pub use list::{DeviceInfo, GpuError, devices};
pub use search::Fault;
