#![doc = include_str!("../README.md")]
#![cfg(feature = "vulkan")]

mod device;
mod gpu;
mod list;
mod pace;
mod search;
mod source;

pub use gpu::Gpu;
pub use list::{DeviceInfo, DeviceKind, GpuError, devices};
