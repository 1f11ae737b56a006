//! What the mining threads share: the work, the kernel, and what has been solved.
//!
//! - The **generation** moves on with each new work, each pause, and each solution of the current
//!   work; a thread leaves work of another generation.
//! - A **solution** of work that newer work has replaced is still reported: the newer one may be of
//!   the same tip. It is not reported after a pause, after the newer one was solved, or if its id was
//!   solved before. The current work goes on, for only the caller knows what it is worth now.
//! - A **kernel** that fails or gives a wrong nonce is given up for good. The next kernel scans again
//!   what a thread scanned with it meanwhile without a hit. When a device is given up, the threads
//!   that were not needed beside it wake.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, Once, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use bolao_work::{Sink, Solution};
use tracing::error;

use crate::{
    kernel::{Kernel, KernelError, Sha2Kernel, fastest},
    meter::Meter,
    work::Work,
};

/// Ids whose solution is remembered. More works than that do not come while a chunk is scanned.
const SOLVED: usize = 64;

pub(crate) struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    /// Changes only while `state` is locked, as `turn` does.
    generation: AtomicU64,
    /// The turn of the engine in use.
    turn: AtomicU64,
    /// The number of threads that mine when they compute by themselves.
    cpu_threads: u16,
    /// Whether it was logged that there is no other kernel to go over to.
    no_kernel_left: Once,
    pub(crate) meter: Meter,
    sink: Sink,
}

struct State {
    work: Option<Arc<Work>>,
    /// Solutions of older generations are not wanted.
    wanted_since: u64,
    solved: VecDeque<u64>,
    stopping: bool,
    engine: Engine,
    /// Threads with this index and above sleep.
    active: u16,
    /// Kernels that were given up. They are kept, because a driver that hangs may not let go.
    given_up: Vec<Arc<dyn Kernel>>,
}

/// A kernel, and how many were given up before it.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    turn: u64,
    pub(crate) kernel: Arc<dyn Kernel>,
}

/// Why a kernel is given up.
#[derive(Debug)]
pub(crate) enum Fault {
    Failed(KernelError),
    WrongNonce(u32),
}

impl Fault {
    /// Gives the kernel to go over to: after an error the fastest of the CPU's kernels, after a wrong nonce the
    /// one that finds as it checks. None after a wrong nonce of that very kernel.
    fn next(&self, failed: &dyn Kernel) -> Option<Arc<dyn Kernel>> {
        let other = |kernel: &Arc<dyn Kernel>| kernel.name() != failed.name();
        let plain = || Arc::new(Sha2Kernel) as Arc<dyn Kernel>;
        match self {
            Self::Failed(_) => Some(fastest()).filter(other).or_else(|| Some(plain())),
            Self::WrongNonce(_) => Some(plain()).filter(other),
        }
    }

    fn message(&self, kernel: &dyn Kernel) -> String {
        match self {
            Self::Failed(error) => error.to_string(),
            Self::WrongNonce(nonce) => format!(
                "the kernel {} gave nonce {nonce}, whose hash misses the target: check this machine's processor and memory",
                kernel.name()
            ),
        }
    }
}

impl Shared {
    /// `active` threads mine; `cpu_threads` when `kernel` is a device and is given up.
    pub(crate) fn new(kernel: Arc<dyn Kernel>, active: u16, cpu_threads: u16, sink: Sink) -> Self {
        Self {
            state: Mutex::new(State {
                work: None,
                wanted_since: 0,
                solved: VecDeque::with_capacity(SOLVED),
                stopping: false,
                engine: Engine { turn: 0, kernel },
                active,
                given_up: Vec::new(),
            }),
            wake: Condvar::new(),
            generation: AtomicU64::new(0),
            turn: AtomicU64::new(0),
            cpu_threads,
            no_kernel_left: Once::new(),
            meter: Meter::default(),
            sink,
        }
    }

    pub(crate) fn set_work(&self, work: Work) -> bool {
        let mut state = self.lock();
        if state.solved.contains(&work.id) {
            return false;
        }
        self.replace(&mut state, Some(work));
        true
    }

    pub(crate) fn pause(&self) {
        self.replace(&mut self.lock(), None);
    }

    pub(crate) fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        self.replace(&mut state, None);
    }

    fn replace(&self, state: &mut State, work: Option<Work>) {
        let generation = self.generation() + 1;
        if work.is_some() {
            self.meter.search_begins();
        } else {
            self.meter.search_ends();
            state.wanted_since = generation;
        }
        state.work = work.map(Arc::new);
        self.generation.store(generation, Ordering::Relaxed);
        self.wake.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    /// Waits for work of a generation other than `seen`; `None` when the miner stops.
    pub(crate) fn next_work(&self, thread: u16, seen: u64) -> Option<(u64, Arc<Work>)> {
        let mut state = self.lock();
        loop {
            if state.stopping {
                return None;
            }
            let generation = self.generation();
            let is_wanted = generation != seen && thread < state.active;
            if let Some(work) = state.work.as_ref().filter(|_| is_wanted) {
                return Some((generation, Arc::clone(work)));
            }
            state = self
                .wake
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Reports a solution, if it is wanted, and ends the current work if this solves it.
    pub(crate) fn solve(&self, generation: u64, solution: Solution) {
        let mut state = self.lock();
        let id = solution.work_id;
        if generation < state.wanted_since || state.solved.contains(&id) {
            return;
        }
        if state.solved.len() == SOLVED {
            state.solved.pop_front();
        }
        state.solved.push_back(id);
        if state.work.as_ref().is_some_and(|work| work.id == id) {
            self.replace(&mut state, None);
        }
        drop(state);
        (self.sink)(solution);
    }

    /// The kernel in use.
    pub(crate) fn engine(&self) -> Engine {
        self.lock().engine.clone()
    }

    /// Gives the number of threads that mine.
    pub(crate) fn active(&self) -> u16 {
        self.lock().active
    }

    pub(crate) fn is_given_up(&self, engine: &Engine) -> bool {
        self.turn.load(Ordering::Relaxed) != engine.turn
    }

    /// Goes over to another kernel, if nobody has; `false` where there is no other.
    pub(crate) fn give_up(&self, engine: &Engine, fault: &Fault) -> bool {
        // May measure, so not while the state is locked.
        let next = fault.next(engine.kernel.as_ref());
        let mut state = self.lock();
        if self.is_given_up(engine) {
            return true;
        }
        let message = fault.message(engine.kernel.as_ref());
        let Some(next) = next else {
            drop(state);
            self.no_kernel_left
                .call_once(|| error!("{message}; the nonce was passed over"));
            return false;
        };
        if engine.kernel.threads().is_some() {
            state.active = state.active.max(self.cpu_threads);
        }
        let (name, threads) = (next.name(), state.active);
        state.engine = Engine {
            turn: engine.turn + 1,
            kernel: next,
        };
        state.given_up.push(Arc::clone(&engine.kernel));
        self.turn.store(state.engine.turn, Ordering::Relaxed);
        self.wake.notify_all();
        drop(state);
        error!(
            kernel = name,
            threads, "{message}; mining goes on with another kernel"
        );
        true
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("generation", &self.generation())
            .field("engine", &self.engine())
            .finish_non_exhaustive()
    }
}
