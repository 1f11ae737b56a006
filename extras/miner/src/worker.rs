//! One mining thread.
//!
//! It sleeps until there is work of a generation that it has not seen, scans it chunk by chunk,
//! and leaves it when the generation moves on.

use std::{sync::Arc, time::Instant};

use bolao_work::{Solution, meets_target, sha256d};
use tracing::debug;

use crate::{
    kernel::SearchHeader,
    meter::SAMPLE_INTERVAL,
    shared::{Engine, Fault, Shared},
    space::Space,
    work::Work,
};

pub(crate) struct Worker {
    shared: Arc<Shared>,
    index: u16,
    space: Space,
    engine: Engine,
    next_sample: Instant,
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, index: u16, space: Space) -> Self {
        Self {
            engine: shared.engine(),
            shared,
            index,
            space,
            next_sample: Instant::now(),
        }
    }

    pub(crate) fn run(mut self) {
        let mut seen = 0;
        while let Some((generation, work)) = self.shared.next_work(self.index, seen) {
            seen = generation;
            if let Some(solution) = self.search(generation, &work) {
                self.shared.solve(generation, solution);
            }
        }
    }

    /// Ends with a solution, when the generation moves on, or when all is searched.
    fn search(&mut self, generation: u64, work: &Work) -> Option<Solution> {
        let job = &work.job;
        self.space.begin(job.time(), job.max_time);
        while let Some((extra_nonce, time)) = self.space.next(work.clock.as_ref().map(|now| now()))
        {
            let header = job.header_with(&extra_nonce, time, 0);
            let search = SearchHeader::new(&header, job.target);
            let last_nonce = self.space.last_nonce();
            let end = work
                .clock
                .is_some()
                .then(|| Instant::now() + self.space.header_time());
            let mut start = 0_u32;
            loop {
                if self.shared.generation() != generation {
                    return None;
                }
                if self.shared.is_given_up(&self.engine) {
                    self.engine = self.shared.engine();
                }
                let kernel = &self.engine.kernel;
                let last = start
                    .saturating_add(kernel.chunk().max(1) - 1)
                    .min(last_nonce);
                let (reached, fault) = match kernel.scan(&search, start..=last) {
                    // Another thread has shown meanwhile that this kernel is wrong.
                    Ok(None) if self.shared.is_given_up(&self.engine) => continue,
                    Ok(None) => (last, None),
                    Ok(Some(nonce)) => {
                        let reached = nonce.clamp(start, last);
                        if let Some(solution) = check(work, &extra_nonce, time, nonce) {
                            self.count(start, reached);
                            return Some(solution);
                        }
                        (reached, Some(Fault::WrongNonce(nonce)))
                    }
                    Err(error) => (last, Some(Fault::Failed(error))),
                };
                if fault.is_some_and(|fault| self.shared.give_up(&self.engine, &fault)) {
                    continue;
                }
                let now = self.count(start, reached);
                if reached >= last_nonce || end.is_some_and(|end| now >= end) {
                    break;
                }
                start = reached + 1;
            }
        }
        debug!(work = work.id, "searched all extra nonces and times");
        None
    }

    /// Adds the nonces of a scan to those that were hashed; gives the time.
    fn count(&mut self, start: u32, reached: u32) -> Instant {
        self.shared.meter.count(u64::from(reached - start) + 1);
        let now = Instant::now();
        if now >= self.next_sample {
            self.shared.meter.sample(now);
            self.next_sample = now + SAMPLE_INTERVAL;
        }
        now
    }
}

fn check(work: &Work, extra_nonce: &[u8; 16], time: u32, nonce: u32) -> Option<Solution> {
    let header = work.job.header_with(extra_nonce, time, nonce);
    let hash = sha256d(&header);
    meets_target(&hash, &work.job.target).then_some(Solution {
        work_id: work.id,
        header,
        extra_nonce: *extra_nonce,
        hash,
    })
}
