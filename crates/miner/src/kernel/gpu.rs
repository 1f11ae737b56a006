//! A kernel that hashes on a GPU, through Vulkan.
//!
//! The driver is looked for when a device is asked for, so the program starts without one.
//!
//! - The GPU's program is made of the CPU's vector code: see [`program`].
//! - A scan sends dispatches of some 25 ms: see [`pace`]. Two threads that scan ([`Gpu::THREADS`])
//!   keep two dispatches in flight, so that the device never waits for the CPU, and new work
//!   waits for two dispatches at most.
//! - A dispatch tells how many nonces have a top word that is low enough, and the first 256 of
//!   them one by one. If there are more, the same nonces are tried again in smaller dispatches; one
//!   of no more nonces than places cannot overflow. So no hit is lost.
//! - What the device tells is hashed again on the CPU. So no hit is made up.
//! - A device that fails, hangs or tells nonsense is given up, and the CPU goes on in its place.

mod device;
mod pace;
mod program;
mod source;

use std::{
    fmt,
    num::NonZeroUsize,
    ops::{ControlFlow, RangeInclusive},
    sync::{
        Once,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use device::{Device, Hits, Pipeline};
use pace::Pace;
use program::{Program, header_words};
use source::PLACES;

use super::{Kernel, SearchHeader, fastest, tables::Tables};

/// The smallest dispatches are made so small that the lowest hit is not waited for long: this
/// many are expected in one.
const EXPECTED: u64 = 8;

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
        /// What the driver said.
        what: String,
    },
    /// The device's hashes are not the CPU's.
    #[error(
        "the GPU {name} gives wrong hashes, want those that the CPU computes: renew its driver, or mine with the CPU"
    )]
    WrongHashes {
        /// The device.
        name: String,
    },
}

/// The devices of this machine; none where there is no driver.
pub fn devices() -> Vec<DeviceInfo> {
    adapters().into_iter().map(|(_, info)| info).collect()
}

fn adapters() -> Vec<(wgpu::Adapter, DeviceInfo)> {
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

/// An opened GPU, as a kernel. Give it to a miner of [`THREADS`](Self::THREADS) threads.
#[derive(Debug)]
pub struct Gpu {
    device: Device,
    search: Pipeline,
    pace: Pace,
    failed: AtomicBool,
    told: Once,
}

impl Gpu {
    /// How many threads keep the device busy. More would only make new work wait.
    pub const THREADS: NonZeroUsize = NonZeroUsize::new(2).expect("2 is not 0");

    /// Opens the device of that index in [`devices`], and compares some of its hashes with the
    /// CPU's. Takes a second or some, for the driver compiles the program.
    pub fn open(index: usize) -> Result<Self, GpuError> {
        let mut adapters = adapters();
        let last = adapters.len().checked_sub(1).ok_or(GpuError::NoDevice)?;
        if index > last {
            return Err(GpuError::NoSuchDevice { got: index, last });
        }
        let (adapter, info) = adapters.swap_remove(index);
        let device = Device::open(&adapter, info)?;
        let search = device.pipeline(source::search(&Program::record()))?;
        let gpu = Self {
            device,
            search,
            pace: Pace::new(),
            failed: AtomicBool::new(false),
            told: Once::new(),
        };
        gpu.check()?;
        Ok(gpu)
    }

    /// What the device is.
    pub fn info(&self) -> &DeviceInfo {
        &self.device.info
    }

    /// Hashes a second, measured for about this time after half as much of running in.
    pub fn hashes_per_second(&self, time: Duration) -> u64 {
        self.hashes_in(time / 2);
        let start = Instant::now();
        let hashes = u128::from(self.hashes_in(time));
        let rate = (hashes * 1_000_000_000).checked_div(start.elapsed().as_nanos());
        rate.map_or(0, |rate| u64::try_from(rate).unwrap_or(u64::MAX))
    }

    fn hashes_in(&self, time: Duration) -> u64 {
        let header = SearchHeader::new(&[0x5a; 80], [0; 32]);
        let hashes = AtomicU64::new(0);
        let end = Instant::now() + time;
        thread::scope(|scope| {
            for _ in 0..Self::THREADS.get() {
                scope.spawn(|| {
                    while Instant::now() < end {
                        let last = self.chunk().saturating_sub(1);
                        self.scan(&header, 0..=last);
                        hashes.fetch_add(u64::from(last) + 1, Ordering::Relaxed);
                    }
                });
            }
        });
        hashes.into_inner()
    }

    /// Instructions that a hash takes where additions and logical operations have three
    /// operands.
    pub fn instructions_per_hash() -> usize {
        Program::record().instructions()
    }

    /// How many such instructions this device does in a second, measured with a program of nothing
    /// else. Takes about a second.
    pub fn instructions_per_second(&self) -> Result<f64, GpuError> {
        self.device.integer_rate()
    }

    /// Compares the first 2,048 nonces of a header with the CPU's, of which one in 16 is a hit.
    fn check(&self) -> Result<(), GpuError> {
        let mut target = [0xff; 32];
        target[31] = 0x0f;
        let header = SearchHeader::new(&[0xc3; 80], target);
        let nonces = 0..=2_047;
        let mut found = Vec::new();
        let all = self.each(&header, nonces.clone(), u32::MAX, |hits| {
            found.extend(hits);
            ControlFlow::<()>::Continue(())
        });
        all.map_err(|what| GpuError::Refused {
            name: self.info().name.clone(),
            what,
        })?;
        let wanted = nonces.filter(|nonce| header.is_met_by(*nonce));
        if wanted.eq(found) {
            return Ok(());
        }
        Err(GpuError::WrongHashes {
            name: self.info().name.clone(),
        })
    }

    /// Hands the hits of each dispatch, lowest first, to `look` until it breaks. No dispatch has
    /// more than `room` nonces.
    fn each<T>(
        &self,
        header: &SearchHeader,
        nonces: RangeInclusive<u32>,
        mut room: u32,
        mut look: impl FnMut(Vec<u32>) -> ControlFlow<T>,
    ) -> Result<Option<T>, String> {
        let (mut start, last) = nonces.into_inner();
        while start <= last {
            let left = (last - start).saturating_add(1);
            let count = left.min(self.pace.nonces()).min(room);
            let hits = self.dispatch(header, start, count)?;
            if hits.count > count {
                return Err(format!("{} hits among {count} nonces", hits.count));
            }
            if hits.count > PLACES {
                room = fewer(count, hits.count);
                continue;
            }
            let mut nonces = hits.nonces;
            nonces.retain(|nonce| header.is_met_by(*nonce));
            nonces.sort_unstable();
            let asked = start..=start + (count - 1);
            if let Some(nonce) = nonces.iter().find(|nonce| !asked.contains(nonce)) {
                return Err(format!("nonce {nonce} was not asked for"));
            }
            if let ControlFlow::Break(value) = look(nonces) {
                return Ok(Some(value));
            }
            let Some(next) = start.checked_add(count) else {
                break;
            };
            start = next;
        }
        Ok(None)
    }

    fn dispatch(&self, header: &SearchHeader, start: u32, count: u32) -> Result<Hits, String> {
        let mut tables = Tables::new(header);
        let mut words: Vec<u32> = header_words(&mut tables).map(|word| *word).into();
        words.extend([start, count, header.target_top()]);
        let hits = self.device.run(&self.search, &words, count)?;
        self.pace.took(count, hits.submitted, hits.ended);
        Ok(hits)
    }

    fn give_up(&self, what: &str) {
        self.failed.store(true, Ordering::Relaxed);
        self.told.call_once(|| {
            tracing::error!(
                "the GPU {} failed: {what}; the CPU goes on",
                self.info().name
            );
        });
    }
}

impl Kernel for Gpu {
    fn name(&self) -> &'static str {
        "gpu"
    }

    fn chunk(&self) -> u32 {
        if self.failed.load(Ordering::Relaxed) {
            return fastest().chunk();
        }
        self.pace.nonces()
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32> {
        if !self.failed.load(Ordering::Relaxed) {
            let room = few(header.target_top());
            let lowest = |hits: Vec<u32>| {
                hits.first().map_or(ControlFlow::Continue(()), |nonce| {
                    ControlFlow::Break(*nonce)
                })
            };
            match self.each(header, nonces.clone(), room, lowest) {
                Ok(hit) => return hit,
                Err(what) => self.give_up(&what),
            }
        }
        fastest().scan(header, nonces)
    }
}

/// So many nonces that a few hits are expected among them.
fn few(target_top: u32) -> u32 {
    let nonces = (EXPECTED << 32) / (u64::from(target_top) + 1);
    u32::try_from(nonces).unwrap_or(u32::MAX).max(PLACES)
}

/// How many of `count` nonces, `hits` of which hit, leave half of the places free; all of them hit
/// if there are no more than places.
fn fewer(count: u32, hits: u32) -> u32 {
    let fitting = u64::from(count) * u64::from(PLACES / 2) / u64::from(hits).max(1);
    u32::try_from(fitting).unwrap_or(count).max(PLACES)
}

#[cfg(test)]
pub(super) mod tests;
