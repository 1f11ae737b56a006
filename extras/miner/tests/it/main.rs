//! The miner from outside: published headers, Merkle roots against the `bitcoin` crate, and
//! whole searches.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod exhaustive_slow;
mod kernels;
mod merkle;
mod mining;
mod vectors;

use std::sync::{Arc, LazyLock};

use bolao_miner::{Kernel, by_name, kernels};

/// Every kernel that this machine runs.
fn kernels_here() -> &'static [Arc<dyn Kernel>] {
    static KERNELS: LazyLock<Vec<Arc<dyn Kernel>>> = LazyLock::new(|| {
        let here = kernels().into_iter().filter(|info| info.available);
        here.map(|info| by_name(info.name).unwrap()).collect()
    });
    &KERNELS
}
