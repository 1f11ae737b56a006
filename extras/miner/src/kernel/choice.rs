//! Which kernels there are, which of them this CPU runs, and which of those is the fastest.

use std::{
    fmt,
    hint::black_box,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

#[cfg(target_arch = "aarch64")]
use super::armv8;
use super::{Kernel, SearchHeader, portable, sha2_loop::Sha2Kernel};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512, sha_ni};

/// The time for which a kernel is measured each time; the best of [`TURNS`] counts, since a busy machine
/// only ever slows.
const TURN: Duration = Duration::from_millis(2);
const TURNS: u32 = 3;

type Make = fn() -> Option<Arc<dyn Kernel>>;

fn shared(kernel: impl Kernel + 'static) -> Arc<dyn Kernel> {
    Arc::new(kernel)
}

/// Every kernel of this program, by name; whether the CPU runs it is asked when it is made.
const ALL: &[(&str, Make)] = &[
    #[cfg(target_arch = "x86_64")]
    ("avx512", || avx512::kernel().map(shared)),
    #[cfg(target_arch = "x86_64")]
    ("avx2", || avx2::kernel().map(shared)),
    #[cfg(target_arch = "x86_64")]
    ("sha-ni", || sha_ni::kernel().map(shared)),
    #[cfg(target_arch = "aarch64")]
    ("armv8", || armv8::kernel().map(shared)),
    ("portable", || Some(shared(portable::kernel()))),
    ("sha2", || Some(shared(Sha2Kernel))),
];

/// A kernel of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KernelInfo {
    /// The name that [`by_name`] takes.
    pub name: &'static str,
    /// Whether this CPU has the instructions.
    pub available: bool,
    /// Hashes a second of one thread, measured for a few milliseconds; none where the kernel
    /// does not run.
    pub hashes_per_second: Option<u64>,
}

/// Why there is no such kernel here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownKernel {
    /// The program has none of that name.
    #[error("got kernel {got:?}, want one that this machine runs: {}", Here)]
    NoSuchName {
        /// The name asked for.
        got: String,
    },
    /// The CPU lacks the instructions.
    #[error(
        "got kernel {name:?}, whose instructions this CPU lacks; want one of: {}",
        Here
    )]
    NotOnThisCpu {
        /// The kernel asked for.
        name: &'static str,
    },
}

/// The names of the kernels that this CPU runs.
struct Here;

impl fmt::Display for Here {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let here = ALL.iter().filter(|(_, make)| make().is_some());
        for (i, (name, _)) in here.enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{name}")?;
        }
        Ok(())
    }
}

/// All kernels of this program. Measures those that run here, which takes some 6 ms each.
pub fn kernels() -> Vec<KernelInfo> {
    let here: Vec<_> = ALL.iter().filter_map(|(_, make)| make()).collect();
    let rates = best_rates(&here);
    let info = |(name, _): &(&'static str, Make)| {
        let mut measured = here.iter().zip(&rates);
        let hashes_per_second = measured.find(|(kernel, _)| kernel.name() == *name);
        KernelInfo {
            name,
            available: hashes_per_second.is_some(),
            hashes_per_second: hashes_per_second.map(|(_, rate)| *rate),
        }
    };
    ALL.iter().map(info).collect()
}

/// The kernel of that name, if this CPU runs it.
pub fn by_name(name: &str) -> Result<Arc<dyn Kernel>, UnknownKernel> {
    let (name, make) = ALL
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| UnknownKernel::NoSuchName { got: name.into() })?;
    make().ok_or(UnknownKernel::NotOnThisCpu { name })
}

/// The fastest kernel on this CPU. The first call measures, for some 6 ms a kernel; later ones
/// give the same.
pub fn fastest() -> Arc<dyn Kernel> {
    static FASTEST: OnceLock<Arc<dyn Kernel>> = OnceLock::new();
    let measure = || {
        let here: Vec<_> = ALL.iter().filter_map(|(_, make)| make()).collect();
        let rates = best_rates(&here);
        here.into_iter()
            .zip(rates)
            .max_by_key(|(_, rate)| *rate)
            .map_or_else(|| shared(Sha2Kernel), |(kernel, _)| kernel)
    };
    Arc::clone(FASTEST.get_or_init(measure))
}

/// Of each kernel; they take turns, so that what else the machine does does not fall on one.
fn best_rates(kernels: &[Arc<dyn Kernel>]) -> Vec<u64> {
    let mut best = vec![0; kernels.len()];
    for _ in 0..TURNS {
        for (best, kernel) in best.iter_mut().zip(kernels) {
            *best = rate(kernel.as_ref()).max(*best);
        }
    }
    best
}

fn rate(kernel: &dyn Kernel) -> u64 {
    let header = SearchHeader::new(&[0x5a; 80], [0; 32]);
    let last = kernel.chunk().saturating_sub(1);
    let start = Instant::now();
    let mut hashes = 0;
    loop {
        drop(black_box(kernel.scan(black_box(&header), 0..=last)));
        hashes += u128::from(last) + 1;
        let elapsed = start.elapsed();
        if elapsed >= TURN {
            return u64::try_from(hashes * 1_000_000_000 / elapsed.as_nanos()).unwrap_or(u64::MAX);
        }
    }
}

#[cfg(test)]
mod tests;
