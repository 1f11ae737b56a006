//! Which devices there are, and why one cannot be used.

use crate::search::Fault;

/// A device that may be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceInfo {
    /// The index that [`Gpu::open`](crate::Gpu::open) takes. The devices that are likely to be the fastest come first.
    pub index: usize,
    /// The device's name, by its driver.
    pub name: String,
    /// The kind of the device, in a word.
    pub kind: &'static str,
    /// The driver and its version.
    pub driver: String,
}

/// Kinds of devices, the likely faster first. The last is no GPU but a program that does what a GPU does, slower than the
/// CPU's kernels.
const KINDS: [(wgpu::DeviceType, &str); 5] = [
    (wgpu::DeviceType::DiscreteGpu, "discrete"),
    (wgpu::DeviceType::IntegratedGpu, "integrated"),
    (wgpu::DeviceType::VirtualGpu, "virtual"),
    (wgpu::DeviceType::Other, "other"),
    (wgpu::DeviceType::Cpu, "software"),
];

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
    /// The driver did not do what was asked, or the device's hashes are not the CPU's.
    #[error("could not use the GPU {name}: {fault}; renew its driver, or mine with the CPU")]
    Failed {
        /// The name of the device.
        name: String,
        /// The fault of the device or of its driver.
        fault: Fault,
    },
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
    let mut adapters = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::VULKAN));
    let kind = |adapter: &wgpu::Adapter| {
        let kind = adapter.get_info().device_type;
        KINDS.iter().position(|(known, _)| *known == kind)
    };
    adapters.sort_by_key(kind);
    let described = adapters.into_iter().enumerate().map(|(index, adapter)| {
        let info = info(index, &adapter.get_info());
        (adapter, info)
    });
    described.collect()
}

fn info(index: usize, adapter: &wgpu::AdapterInfo) -> DeviceInfo {
    let printable = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    let driver = format!("{} {}", adapter.driver, adapter.driver_info);
    let mut kinds = KINDS.iter();
    let kind = kinds.find(|(kind, _)| *kind == adapter.device_type);
    DeviceInfo {
        index,
        name: printable(&adapter.name),
        kind: kind.map_or("other", |(_, word)| word),
        driver: printable(driver.trim()),
    }
}
