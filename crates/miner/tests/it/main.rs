//! The miner from outside: published headers, Merkle roots against the `bitcoin` crate, and
//! whole searches.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod exhaustive_slow;
#[cfg(feature = "gpu")]
mod gpu;
mod merkle;
mod mining;
mod vectors;

use std::sync::Arc;

use bolao_miner::{Kernel, by_name, kernels};

/// Every kernel that this machine runs.
fn kernels_here() -> Vec<Arc<dyn Kernel>> {
    let here = kernels().into_iter().filter(|info| info.available);
    let here = here.map(|info| by_name(info.name).unwrap());
    #[cfg(feature = "gpu")]
    let here = here.chain(gpu::gpu_here().map(|gpu| Arc::new(gpu) as _));
    here.collect()
}
