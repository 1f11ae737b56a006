//! The handle on the mining threads.

use std::{
    fmt,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Instant,
};

use bolao_work::{Doing, HashRate, Search, Searcher, Sink, StartSearcher};

use crate::{
    kernel::fastest,
    options::{Options, StartError, Threads, stay_on},
    shared::Shared,
    space::{Limits, Space},
    work::Work,
    worker::Worker,
};

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
        let Threads {
            active,
            cpu,
            all,
            places,
        } = options.plan()?;
        let kernel = options.kernel.unwrap_or_else(fastest);
        let mut miner = Self {
            shared: Arc::new(Shared::new(kernel, active, cpu, sink)),
            threads: Vec::with_capacity(all.into()),
        };
        let mut places = places.into_iter();
        for index in 0..all {
            let space = Space::new(salt, index, limits);
            let worker = Worker::new(Arc::clone(&miner.shared), index, space);
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

    /// Gives the name of the kernel that the threads hash with: another than at first once that one has failed.
    pub fn kernel(&self) -> &'static str {
        self.shared.engine().kernel.name()
    }

    /// Gives the number of threads that mine. When a device fails they become as many as mine without one.
    pub fn threads(&self) -> usize {
        self.shared.active().into()
    }

    /// Replaces the current work at once. Gives `false`, and changes nothing, if this id was
    /// solved lately.
    ///
    /// A solution of the replaced work may still reach the sink, until the new work is solved or
    /// the miner is paused: a thread finishes its chunk, and the caller knows whether the old work
    /// is worth something still. The new work goes on beside it.
    pub fn set_work(&self, work: Work) -> bool {
        self.shared.set_work(work)
    }

    /// The way to start one with these options.
    #[must_use]
    pub fn starter(options: Options) -> StartSearcher {
        StartSearcher::new(move |salt, sink| {
            Ok(Arc::new(Self::start(options.clone(), salt, sink)?))
        })
    }

    /// Has the threads do what a search decides now. Its times are counted from `origin`; headers are dated by whoever
    /// gave the job, whatever this machine's clock says.
    pub fn follow(&self, search: &mut Search, origin: Instant) -> Doing {
        let (doing, is_new) = search.decide(origin.elapsed());
        let received = match doing {
            _ if !is_new => return doing,
            Doing::Search(number) => search.job(number).map(|received| (number, received)),
            Doing::Rest(_) => None,
        };
        match received {
            Some((number, received)) => {
                let work = Work::new(number, received.job.as_ref().clone());
                let received = received.clone();
                let clock = move || received.time(origin.elapsed());
                self.set_work(work.with_clock(Arc::new(clock)));
            }
            None => self.pause(),
        }
        doing
    }

    /// Drops the current work; the threads sleep until the next. No solution comes meanwhile, but
    /// for one that the sink is being given now.
    pub fn pause(&self) {
        self.shared.pause();
    }

    /// Gives the speed of the threads, and the work that they have done so far.
    pub fn hash_rate(&self) -> HashRate {
        self.shared.meter.rate()
    }

    /// Stops the threads and waits for them: a chunk of hashes each, and the sink if it is at
    /// work.
    pub fn stop(self) {
        drop(self);
    }
}

impl Searcher for Miner {
    fn follow(&self, search: &mut Search, origin: Instant) -> Doing {
        Self::follow(self, search, origin)
    }

    fn pause(&self) {
        Self::pause(self);
    }

    fn hash_rate(&self) -> HashRate {
        Self::hash_rate(self)
    }

    fn threads(&self) -> usize {
        Self::threads(self)
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
            .field("threads", &self.threads())
            .field("hash_rate", &self.hash_rate())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
