//! One mining thread.
//!
//! It sleeps on the condition variable until there is work of a generation that it has not
//! seen, scans it chunk by chunk, and leaves it when the generation moves on: each new work,
//! each pause and each solution moves it.

use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use tracing::{debug, error};

use crate::{
    hash::{double_sha256, meets_target},
    kernel::{Kernel, SearchHeader},
    meter::{Meter, SAMPLE_INTERVAL},
    miner::Sink,
    space::Space,
    work::{Solution, Work},
};

pub(crate) struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    /// Changes only while `state` is locked.
    generation: AtomicU64,
    pub(crate) meter: Meter,
    pub(crate) kernel: Arc<dyn Kernel>,
    sink: Sink,
}

#[derive(Debug, Default)]
struct State {
    work: Option<Arc<Work>>,
    solved: Option<u64>,
    stopping: bool,
}

impl Shared {
    pub(crate) fn new(kernel: Arc<dyn Kernel>, sink: Sink) -> Self {
        Self {
            state: Mutex::default(),
            wake: Condvar::new(),
            generation: AtomicU64::new(0),
            meter: Meter::default(),
            kernel,
            sink,
        }
    }

    pub(crate) fn set_work(&self, work: Work) -> bool {
        let mut state = self.lock();
        if state.solved == Some(work.id) {
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
        if work.is_some() {
            self.meter.search_begins();
        } else {
            self.meter.search_ends();
        }
        state.work = work.map(Arc::new);
        self.generation.fetch_add(1, Ordering::Relaxed);
        self.wake.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    /// Waits for work of a generation other than `seen`; `None` when the miner stops.
    fn next_work(&self, seen: u64) -> Option<(u64, Arc<Work>)> {
        let mut state = self.lock();
        loop {
            if state.stopping {
                return None;
            }
            let generation = self.generation();
            if let Some(work) = state.work.as_ref().filter(|_| generation != seen) {
                return Some((generation, Arc::clone(work)));
            }
            state = self
                .wake
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends the work of `generation` by its solution, unless something else has ended it.
    fn solve(&self, generation: u64, solution: Solution) {
        let mut state = self.lock();
        if self.generation() != generation {
            return;
        }
        state.solved = Some(solution.work_id);
        self.replace(&mut state, None);
        drop(state);
        (self.sink)(solution);
    }
}

pub(crate) struct Worker {
    shared: Arc<Shared>,
    space: Space,
    next_sample: Instant,
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, space: Space) -> Self {
        Self {
            shared,
            space,
            next_sample: Instant::now(),
        }
    }

    pub(crate) fn run(mut self) {
        let mut seen = 0;
        while let Some((generation, work)) = self.shared.next_work(seen) {
            seen = generation;
            if let Some(solution) = self.search(generation, &work) {
                self.shared.solve(generation, solution);
            }
        }
    }

    /// Ends with a solution, when the generation moves on, or when all is searched.
    fn search(&mut self, generation: u64, work: &Work) -> Option<Solution> {
        let template = &work.template;
        self.space.begin(template.time(), template.max_time);
        while let Some((extra_nonce, time)) = self.space.next(work.clock.as_ref().map(|now| now()))
        {
            let header = template.header_with(&extra_nonce, time, 0);
            let search = SearchHeader::new(&header, template.target);
            let last_nonce = self.space.last_nonce();
            let mut start = 0_u32;
            loop {
                if self.shared.generation() != generation {
                    return None;
                }
                let chunk = self.shared.kernel.chunk().max(1);
                let last = start.saturating_add(chunk - 1).min(last_nonce);
                let hit = self.shared.kernel.scan(&search, start..=last);
                let reached = hit.map_or(last, |nonce| nonce.clamp(start, last));
                self.count(u64::from(reached - start) + 1);
                if let Some(nonce) = hit {
                    let solution = check(work, &extra_nonce, time, nonce);
                    if solution.is_some() {
                        return solution;
                    }
                    error!(
                        kernel = self.shared.kernel.name(),
                        nonce, "the kernel gave a nonce that misses the target: work dropped"
                    );
                    return None;
                }
                if reached >= last_nonce {
                    break;
                }
                start = reached + 1;
            }
        }
        debug!(work = work.id, "searched all extra nonces and times");
        None
    }

    fn count(&mut self, hashes: u64) {
        self.shared.meter.count(hashes);
        let now = Instant::now();
        if now >= self.next_sample {
            self.shared.meter.sample(now);
            self.next_sample = now + SAMPLE_INTERVAL;
        }
    }
}

fn check(work: &Work, extra_nonce: &[u8; 16], time: u32, nonce: u32) -> Option<Solution> {
    let header = work.template.header_with(extra_nonce, time, nonce);
    let hash = double_sha256(&header);
    meets_target(&hash, &work.template.target).then_some(Solution {
        work_id: work.id,
        header,
        extra_nonce: *extra_nonce,
        hash,
    })
}
