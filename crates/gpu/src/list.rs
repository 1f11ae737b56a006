//! Which devices there are, and why one cannot be used.

use std::fmt;

#[cfg(doc)]
use crate::Gpu;
use crate::search::Fault;

/// A device that may be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceInfo {
    /// What [`Gpu::open`] takes. The devices that are likely to be the fastest come first.
    pub index: usize,
    /// The device's name, by its driver.
    pub name: String,
    /// What kind of device it is.
    pub kind: DeviceKind,
    /// The driver and its version.
    pub driver: String,
}

/// Kinds of devices, the likely faster first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DeviceKind {
    /// A card of its own.
    Discrete,
    /// A part of the processor.
    Integrated,
    /// Another machine's, lent to a virtual one.
    Virtual,
    /// The driver does not say.
    Other,
    /// No GPU: a program that does what a GPU does, slower than the CPU's kernels.
    Software,
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discrete => "discrete",
            Self::Integrated => "integrated",
            Self::Virtual => "virtual",
            Self::Other => "other",
            Self::Software => "software",
        })
    }
}

/// Why a GPU was not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GpuError {
    /// There is no driver, or it has no device.
    #[error(
        "found no GPU, want one with a Vulkan driver: install libvulkan1 and the card's driver (Debian's \
         mesa-vulkan-drivers for AMD and Intel), or mine with the CPU"
    )]
    NoDevice,
    /// There are devices, but not so many.
    #[error("got GPU {got}, want 0 to {last}")]
    NoSuchDevice {
        /// The index asked for.
        got: usize,
        /// The greatest there is.
        last: usize,
    },
    /// The driver did not do what was asked.
    #[error("could not use the GPU {name}: {what}; renew its driver, or mine with the CPU")]
    Refused {
        /// The device.
        name: String,
        /// The driver's error.
        what: String,
    },
    /// The device's hashes are not the CPU's.
    #[error(
        "the GPU {name} gives wrong hashes ({what}), want those that the CPU computes: renew its driver, or mine with \
         the CPU"
    )]
    WrongHashes {
        /// The device.
        name: String,
        /// How it was noticed.
        what: String,
    },
}

impl GpuError {
    pub(crate) fn of(info: &DeviceInfo, fault: Fault) -> Self {
        let name = info.name.clone();
        match fault {
            Fault::Driver(what) => Self::Refused { name, what },
            Fault::Wrong(what) => Self::WrongHashes { name, what },
        }
    }
}

/// The devices of this machine; none where there is no driver.
pub fn devices() -> Vec<DeviceInfo> {
    adapters().into_iter().map(|(_, info)| info).collect()
}

pub(crate) fn adapters() -> Vec<(wgpu::Adapter, DeviceInfo)> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::VULKAN,
        flags: wgpu::InstanceFlags::empty(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapters = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::VULKAN));
    let mut adapters: Vec<_> = adapters
        .into_iter()
        .map(|adapter| {
            let info = info(&adapter.get_info());
            (adapter, info)
        })
        .collect();
    adapters.sort_by_key(|(_, info)| info.kind);
    for (index, (_, info)) in adapters.iter_mut().enumerate() {
        info.index = index;
    }
    adapters
}

fn info(adapter: &wgpu::AdapterInfo) -> DeviceInfo {
    let printable = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    let driver = format!("{} {}", adapter.driver, adapter.driver_info);
    DeviceInfo {
        index: 0,
        name: printable(&adapter.name),
        kind: match adapter.device_type {
            wgpu::DeviceType::DiscreteGpu => DeviceKind::Discrete,
            wgpu::DeviceType::IntegratedGpu => DeviceKind::Integrated,
            wgpu::DeviceType::VirtualGpu => DeviceKind::Virtual,
            wgpu::DeviceType::Cpu => DeviceKind::Software,
            wgpu::DeviceType::Other => DeviceKind::Other,
        },
        driver: printable(driver.trim()),
    }
}
