//! How a miner uses the machine, and why it cannot.

use std::{io, num::NonZeroUsize, sync::Arc, thread::available_parallelism};

use core_affinity::CoreId;
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};
use tracing::{debug, warn};

use crate::kernel::Kernel;

/// The most threads that a miner starts.
pub const MAX_THREADS: u16 = 1_024;

/// Of 0 to 99. Nice 9 on Linux: beside a thread of normal priority that wants the same core, a
/// mining thread gets about an eighth of it.
const LOW: u8 = 25;

/// The options by which a miner uses the machine. The default suits a machine on which somebody works.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "flags", derive(clap::Args))]
pub struct Options {
    /// The number of threads that mine. If `None`, one for each core, or as many as the kernel's device needs
    /// ([`Kernel::threads`]).
    #[cfg_attr(
        feature = "flags",
        arg(
            long,
            value_name = "N",
            help = "Threads that mine [default: one for each core]"
        )
    )]
    pub threads: Option<NonZeroUsize>,
    /// The kernel that they hash with; the [`fastest`](crate::fastest) if `None`.
    #[cfg_attr(
        feature = "flags",
        arg(
            long,
            value_name = "NAME",
            value_parser = crate::by_name,
            help = "Hashes with this kernel instead of the fastest; `bolao miner --list` measures them"
        )
    )]
    pub kernel: Option<Arc<dyn Kernel>>,
    /// Whether each thread stays on a core of its own. There must be no more threads than cores
    /// that this process may use.
    #[cfg_attr(
        feature = "flags",
        arg(long, help = "Keeps each mining thread on its own core")
    )]
    pub pin: bool,
    /// The priority of the threads when others want the cores too.
    #[cfg_attr(feature = "flags", arg(skip))]
    pub priority: Priority,
}

impl Options {
    /// With so many threads, or one for each core.
    pub fn with_threads(threads: Option<NonZeroUsize>) -> Self {
        Self {
            threads,
            ..Self::default()
        }
    }

    /// Gives the number of threads that a miner with these options has.
    pub fn thread_count(&self) -> usize {
        let needed = || self.kernel.as_ref().and_then(|kernel| kernel.threads());
        let count = self.threads.or_else(needed);
        count.map_or_else(|| self.cpu_thread_count(), NonZeroUsize::get)
    }

    /// An error if a miner with these options would not start.
    pub fn check(&self) -> Result<(), StartError> {
        self.plan().map(drop)
    }

    pub(crate) fn plan(&self) -> Result<Threads, StartError> {
        let bounded = |got: usize| {
            let count = u16::try_from(got).ok();
            count
                .filter(|count| *count <= MAX_THREADS)
                .ok_or(StartError::TooManyThreads { got })
        };
        let active = bounded(self.thread_count())?;
        let cpu = bounded(self.cpu_thread_count())?;
        let is_device = |kernel: &Arc<dyn Kernel>| kernel.threads().is_some();
        let all = match self.kernel.as_ref().filter(|kernel| is_device(kernel)) {
            Some(_) => active.max(cpu),
            None => active,
        };
        let places = if self.pin { cores() } else { Vec::new() };
        if !places.is_empty() && usize::from(all) > places.len() {
            return Err(StartError::TooManyToPin {
                got: all,
                cores: places.len(),
            });
        }
        Ok(Threads {
            active,
            cpu,
            all,
            places,
        })
    }

    /// Gives the number of threads that it has if the kernel is, or becomes, one of the CPU's.
    pub(crate) fn cpu_thread_count(&self) -> usize {
        let cores = || {
            let cores = available_parallelism().map_or(1, NonZeroUsize::get);
            cores.min(MAX_THREADS.into())
        };
        self.threads.map_or_else(cores, NonZeroUsize::get)
    }

    /// Hashing with `kernel`.
    pub fn with_kernel(self, kernel: Arc<dyn Kernel>) -> Self {
        Self {
            kernel: Some(kernel),
            ..self
        }
    }
}

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
    /// More threads were to be pinned than there are cores.
    #[error(
        "got {got} mining threads to keep on cores of their own, want at most {cores}, the cores that this process may \
         use: mine with fewer threads, or let them move"
    )]
    TooManyToPin {
        /// The number of threads.
        got: u16,
        /// The number of cores.
        cores: usize,
    },
    /// The operating system refused a thread.
    #[error("could not start mining thread {index}")]
    Spawn {
        /// The index of the thread, counted from 0.
        index: u16,
        /// The operating system's error.
        source: io::Error,
    },
}

/// The threads that a miner starts.
#[derive(Debug)]
pub(crate) struct Threads {
    /// The number of threads that mine at first.
    pub(crate) active: u16,
    /// The number of threads that mine when a device has failed.
    pub(crate) cpu: u16,
    /// Those and the others. What a device does not need sleeps until it fails.
    pub(crate) all: u16,
    /// The cores on which they stay, if they do.
    pub(crate) places: Vec<CoreId>,
}

/// The priority of the mining threads when others want the cores too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Priority {
    /// The others go first, as far as the system grants it: they get most of a core, not all.
    #[default]
    Low,
    /// Nobody goes first.
    Normal,
}

impl Priority {
    /// Sets the calling thread's.
    pub(crate) fn apply(self) {
        if self == Self::Normal {
            return;
        }
        let priority = ThreadPriorityValue::try_from(LOW).map(ThreadPriority::Crossplatform);
        if let Ok(priority) = priority
            && let Err(error) = set_current_thread_priority(priority)
        {
            debug!(?error, "mining at normal priority");
        }
    }
}

/// The cores that this process may use; none, and a warning, where the system does not tell.
fn cores() -> Vec<CoreId> {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    if cores.is_empty() {
        warn!(
            "the system does not tell which cores there are: mining threads are not kept on them"
        );
    }
    cores
}

/// Keeps the calling thread on a core.
pub(crate) fn stay_on(core: CoreId) {
    if !core_affinity::set_for_current(core) {
        warn!(
            core = core.id,
            "the system does not let a mining thread stay on this core"
        );
    }
}
