//! The handle on the mining threads.

use std::{
    fmt, io,
    sync::Arc,
    thread::{self, JoinHandle},
};

use crate::{
    kernel::fastest,
    meter::HashRate,
    options::{Options, cores, stay_on},
    space::{Limits, Space},
    work::{Solution, Work},
    worker::{Shared, Worker},
};

/// The most threads that a miner starts.
pub const MAX_THREADS: u16 = 1_024;

/// Where solutions go. Called on a mining thread, which mines on only when it returns.
pub type Sink = Box<dyn Fn(Solution) + Send + Sync>;

/// Why a miner did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// More threads were asked for than [`MAX_THREADS`].
    #[error("got {got} mining threads, want at most {MAX_THREADS}")]
    TooManyThreads {
        /// The number asked for.
        got: usize,
    },
    /// The operating system refused a thread.
    #[error("could not start mining thread {index}")]
    Spawn {
        /// Which thread, counted from 0.
        index: u16,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Threads that search whatever work is set, and sleep while there is none. Dropping it stops
/// them.
pub struct Miner {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Miner {
    /// Starts the threads, which sleep until [`set_work`](Self::set_work).
    ///
    /// Nodes that mine on the same template must differ in `salt`, which begins every extra
    /// nonce, or they repeat each other's hashes.
    pub fn start(options: Options, salt: [u8; 8], sink: Sink) -> Result<Self, StartError> {
        Self::start_within(options, salt, sink, Limits::default())
    }

    fn start_within(
        options: Options,
        salt: [u8; 8],
        sink: Sink,
        limits: Limits,
    ) -> Result<Self, StartError> {
        let count = match options.threads {
            Some(got) => u16::try_from(got.get())
                .ok()
                .filter(|count| *count <= MAX_THREADS)
                .ok_or(StartError::TooManyThreads { got: got.get() })?,
            None => thread::available_parallelism().map_or(1, |cores| {
                u16::try_from(cores.get())
                    .unwrap_or(MAX_THREADS)
                    .min(MAX_THREADS)
            }),
        };
        let kernel = options.kernel.unwrap_or_else(fastest);
        let mut miner = Self {
            shared: Arc::new(Shared::new(kernel, sink)),
            threads: Vec::with_capacity(count.into()),
        };
        let cores = cores(options.pin);
        let mut places = cores.iter().cycle().copied();
        for index in 0..count {
            let worker = Worker::new(Arc::clone(&miner.shared), Space::new(salt, index, limits));
            let place = places.next();
            let handle = thread::Builder::new()
                .name(format!("bolao-miner-{index}"))
                .spawn(move || {
                    options.priority.apply();
                    if let Some(core) = place {
                        stay_on(core);
                    }
                    worker.run();
                })
                .map_err(|source| StartError::Spawn { index, source })?;
            miner.threads.push(handle);
        }
        Ok(miner)
    }

    /// What the threads hash with.
    pub fn kernel(&self) -> &'static str {
        self.shared.kernel.name()
    }

    /// How many threads mine.
    pub fn threads(&self) -> usize {
        self.threads.len()
    }

    /// Replaces the current work at once. Gives `false`, and changes nothing, if the latest
    /// solution was of this very id.
    ///
    /// A solution of the replaced work may still reach the sink if it was found before.
    pub fn set_work(&self, work: Work) -> bool {
        self.shared.set_work(work)
    }

    /// Drops the current work; the threads sleep until the next.
    pub fn pause(&self) {
        self.shared.pause();
    }

    /// How fast the threads are and what they have done so far.
    pub fn hash_rate(&self) -> HashRate {
        self.shared.meter.rate()
    }

    /// Stops the threads and waits for them: a chunk of hashes each, and the sink if it is at
    /// work.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Miner {
    fn drop(&mut self) {
        self.shared.stop();
        let this_thread = thread::current().id();
        for handle in self.threads.drain(..) {
            // The sink may own the miner and drop it on a mining thread.
            if handle.thread().id() != this_thread && handle.join().is_err() {
                tracing::error!("a mining thread had panicked");
            }
        }
    }
}

impl fmt::Debug for Miner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Miner")
            .field("threads", &self.threads.len())
            .field("hash_rate", &self.hash_rate())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
