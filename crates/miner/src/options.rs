//! How a miner uses the machine.

use std::{num::NonZeroUsize, sync::Arc};

use core_affinity::CoreId;
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};
use tracing::{debug, warn};

use crate::kernel::Kernel;

/// Of 0 to 99. About nice 10 on Linux: other programs' threads go first.
const LOW: u8 = 25;

/// How a miner uses the machine. The default suits a machine on which somebody works.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How many threads mine; one for each core if `None`.
    pub threads: Option<NonZeroUsize>,
    /// What they hash with; the [`fastest`](crate::fastest) kernel if `None`.
    pub kernel: Option<Arc<dyn Kernel>>,
    /// Whether each thread stays on a core of its own.
    pub pin: bool,
    /// Who goes first when others want the cores too.
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

    /// Hashing with `kernel`.
    pub fn with_kernel(self, kernel: Arc<dyn Kernel>) -> Self {
        Self {
            kernel: Some(kernel),
            ..self
        }
    }
}

/// Who goes first when others want the cores too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Priority {
    /// The others.
    #[default]
    Low,
    /// Nobody.
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

/// The cores that this process may use, where threads are to be pinned.
pub(crate) fn cores(pin: bool) -> Vec<CoreId> {
    if !pin {
        return Vec::new();
    }
    core_affinity::get_core_ids().unwrap_or_default()
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
