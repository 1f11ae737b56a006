//! The miner's tests of kernels with a GPU, and some of its own.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

#[path = "../../../miner/tests/it/exhaustive_slow.rs"]
mod exhaustive_slow;
mod gpu;
#[path = "../../../miner/tests/it/kernels.rs"]
mod kernels;
#[path = "../../../miner/tests/it/vectors.rs"]
mod vectors;

use std::sync::{Arc, LazyLock};

use bolao_miner::Kernel;

/// The GPU, if there is one.
fn kernels_here() -> &'static [Arc<dyn Kernel>] {
    static GPU: LazyLock<Vec<Arc<dyn Kernel>>> = LazyLock::new(|| {
        let here = gpu::gpu_here().map(|gpu| Arc::new(gpu) as _);
        here.into_iter().collect()
    });
    &GPU
}
