//! A kernel of the CPU's instructions.
#![allow(unsafe_code)]

use std::ops::RangeInclusive;

use super::{Kernel, Scan, SearchHeader};

/// Made only where the CPU has the instructions of `scan`.
#[derive(Debug)]
pub(super) struct CpuKernel {
    pub(super) name: &'static str,
    pub(super) chunk: u32,
    /// The lowest nonce that meets the target.
    pub(super) scan: unsafe fn(&SearchHeader, RangeInclusive<u32>) -> Option<u32>,
}

impl Kernel for CpuKernel {
    fn name(&self) -> &'static str {
        self.name
    }

    fn chunk(&self) -> u32 {
        self.chunk
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        // SAFETY: a kernel is made only where the CPU has its instructions.
        Ok(unsafe { (self.scan)(header, nonces) })
    }
}
