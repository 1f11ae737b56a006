#![doc = include_str!("../README.md")]

mod kernel;
mod meter;
mod miner;
mod options;
mod shared;
mod space;
mod work;
mod worker;

pub use bolao_work::{HashRate, Sink, Solution};
pub use kernel::{
    Kernel, KernelError, KernelInfo, Program, Scan, SearchHeader, Sha2Kernel, UnknownKernel,
    by_name, fastest, kernels, top_word,
};
pub use miner::Miner;
pub use options::{MAX_THREADS, Options, Priority, StartError};
pub use work::{Clock, Work};
