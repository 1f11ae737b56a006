//! A kernel of the CPU's instructions.
#![allow(unsafe_code)]

use std::ops::RangeInclusive;

use super::{Kernel, Scan, SearchHeader};

#[derive(Debug)]
pub(super) struct CpuKernel {
    name: &'static str,
    chunk: u32,
    /// The lowest nonce that meets the target. The CPU has its instructions: see [`Self::new`].
    scan: unsafe fn(&SearchHeader, RangeInclusive<u32>) -> Option<u32>,
}

impl CpuKernel {
    /// A kernel with a chunk of so many nonces.
    ///
    /// # Safety
    /// This CPU has the instructions of `scan`.
    pub(super) const unsafe fn new(
        name: &'static str,
        chunk: u32,
        scan: unsafe fn(&SearchHeader, RangeInclusive<u32>) -> Option<u32>,
    ) -> Self {
        Self { name, chunk, scan }
    }

    /// A kernel for any CPU.
    pub(super) const fn portable(
        name: &'static str,
        chunk: u32,
        scan: fn(&SearchHeader, RangeInclusive<u32>) -> Option<u32>,
    ) -> Self {
        Self { name, chunk, scan }
    }
}

impl Kernel for CpuKernel {
    fn name(&self) -> &'static str {
        self.name
    }

    fn chunk(&self) -> u32 {
        self.chunk
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        // SAFETY: the caller of `new` says that the CPU has these instructions.
        Ok(unsafe { (self.scan)(header, nonces) })
    }
}
