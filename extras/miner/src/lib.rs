#![doc = include_str!("../README.md")]

mod kernel;
mod meter;
mod miner;
mod options;
mod shared;
mod space;
mod work;
mod worker;

pub use kernel::{
    Kernel, KernelError, KernelInfo, Program, Scan, SearchHeader, Sha2Kernel, UnknownKernel,
    by_name, fastest, kernels, top_word,
};
pub use meter::HashRate;
pub use miner::{MAX_THREADS, Miner, Sink, StartError};
pub use options::{Options, Priority};
pub use work::{Clock, Solution, Work};
