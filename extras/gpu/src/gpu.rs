//! An opened GPU.
//!
//! The driver is looked for when a device is asked for, so the program starts without one.
//!
//! - The GPU's program is made of the CPU's vector code: see [`Program`].
//! - A scan sends dispatches of some 25 ms: see [`crate::pace`]. Two threads that scan ([`Gpu::THREADS`])
//!   keep two dispatches in flight, so that the device never waits for the CPU, and new work
//!   waits for two dispatches at most.
//! - No hit is lost, and none is made up: see [`crate::search`].
//! - A device that fails, hangs or tells nonsense is given up: its scans are errors from then on.

use std::{
    num::NonZeroUsize,
    ops::RangeInclusive,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use bolao_miner::{Kernel, KernelError, Program, Scan, SearchHeader};

use crate::{
    device::Device,
    list::{DeviceInfo, GpuError, adapters},
    search::{Dispatch, Fault, Hits, Search},
    source,
};

/// An opened GPU, as a kernel.
#[derive(Debug)]
pub struct Gpu {
    info: DeviceInfo,
    search: Search<Device>,
    failed: OnceLock<GpuError>,
}

impl Dispatch for Device {
    fn dispatch(&self, header: &SearchHeader, start: u32, count: u32) -> Result<Hits, String> {
        let mut words: Vec<u32> = Program::words(header).into();
        words.extend([start, count, header.target_top()]);
        self.run(&words, count)
    }
}

/// Measures how many invocations of a given program a device does in a second, for benches. The program knows the `hits` and the
/// `index_of` of the search; its `Work` is one word. Takes about a second.
pub fn invocations_per_second(index: usize, program: &str) -> Result<f64, GpuError> {
    let (info, device) = open(index, source::with_prelude(program))?;
    let rate = device.rate(&[0x5eed]).map_err(Fault::Driver);
    rate.map_err(|fault| failed(&info, fault))
}

fn open(index: usize, program: String) -> Result<(DeviceInfo, Device), GpuError> {
    let mut adapters = adapters();
    let last = adapters.len().checked_sub(1).ok_or(GpuError::NoDevice)?;
    if index > last {
        return Err(GpuError::NoSuchDevice { got: index, last });
    }
    let (adapter, info) = adapters.swap_remove(index);
    match Device::open(&adapter, program) {
        Ok(device) => Ok((info, device)),
        Err(what) => Err(failed(&info, Fault::Driver(what))),
    }
}

fn failed(info: &DeviceInfo, fault: Fault) -> GpuError {
    let name = info.name.clone();
    GpuError::Failed { name, fault }
}

impl Gpu {
    /// The number of threads that keep the device busy. More would only make new work wait.
    pub const THREADS: NonZeroUsize = NonZeroUsize::new(2).expect("2 is not 0");

    /// Opens the device of that index in [`devices`](crate::devices), and compares some of its hashes with the
    /// CPU's. Takes a second or some, for the driver compiles the program.
    pub fn open(index: usize) -> Result<Self, GpuError> {
        let (info, device) = open(index, source::search(&Program::record()))?;
        let search = Search::new(device);
        let header = SearchHeader::new(&[0xc3; 80], [0; 32]);
        let checked = search.check(&header, 0);
        checked.map_err(|fault| failed(&info, fault))?;
        Ok(Self {
            info,
            search,
            failed: OnceLock::new(),
        })
    }

    /// The device's index, name, kind and driver.
    pub fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// Hashes a second, measured for about this time after half as much of running in.
    pub fn hashes_per_second(&self, time: Duration) -> Result<u64, GpuError> {
        self.hashes_in(time / 2)?;
        let start = Instant::now();
        let hashes = u128::from(self.hashes_in(time)?);
        let rate = (hashes * 1_000_000_000).checked_div(start.elapsed().as_nanos());
        Ok(rate.map_or(0, |rate| u64::try_from(rate).unwrap_or(u64::MAX)))
    }

    fn hashes_in(&self, time: Duration) -> Result<u64, GpuError> {
        let header = SearchHeader::new(&[0x5a; 80], [0; 32]);
        let hashes = AtomicU64::new(0);
        let end = Instant::now() + time;
        thread::scope(|scope| {
            for _ in 0..Self::THREADS.get() {
                scope.spawn(|| {
                    while Instant::now() < end {
                        let last = self.chunk().saturating_sub(1);
                        if self.lowest(&header, 0..=last).is_err() {
                            return;
                        }
                        hashes.fetch_add(u64::from(last) + 1, Ordering::Relaxed);
                    }
                });
            }
        });
        let failed = self.failed.get().cloned();
        failed.map_or(Ok(hashes.into_inner()), Err)
    }

    /// Instructions that a hash takes where additions and logical operations have three
    /// operands.
    pub fn instructions_per_hash() -> usize {
        Program::record().instructions()
    }

    fn lowest(
        &self,
        header: &SearchHeader,
        nonces: RangeInclusive<u32>,
    ) -> Result<Option<u32>, GpuError> {
        if let Some(error) = self.failed.get() {
            return Err(error.clone());
        }
        self.search.lowest(header, nonces).map_err(|fault| {
            let error = failed(&self.info, fault);
            self.failed.get_or_init(|| error).clone()
        })
    }
}

impl Kernel for Gpu {
    fn name(&self) -> &'static str {
        "gpu"
    }

    fn chunk(&self) -> u32 {
        self.search.pace.nonces()
    }

    fn threads(&self) -> Option<NonZeroUsize> {
        Some(Self::THREADS)
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        let lowest = self.lowest(header, nonces);
        lowest.map_err(|error| KernelError::new(error.to_string()))
    }
}

#[cfg(test)]
mod tests;
