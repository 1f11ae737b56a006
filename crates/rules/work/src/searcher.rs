//! What a node needs of the threads or devices that search for its blocks.

use std::{error::Error, fmt, sync::Arc, time::Instant};

use crate::{Doing, HashRate, Search, Solution};

/// Threads or devices that search what a [`Search`] decides. They sleep until there is a job.
pub trait Searcher: fmt::Debug + Send + Sync {
    /// Does what the search decides now, and gives it. The search's times are counted from `origin`.
    fn follow(&self, search: &mut Search, origin: Instant) -> Doing;
    /// Searches nothing until it follows again.
    fn pause(&self);
    /// Gives the speed of late, and the work that was done so far.
    fn hash_rate(&self) -> HashRate;
    /// Gives the number of threads that search; 0 if nothing can.
    fn threads(&self) -> usize;
}

/// A receiver of solutions. Called on a searching thread, which goes on only when it returns.
pub type Sink = Box<dyn Fn(Solution) + Send + Sync>;

type Started = Result<Arc<dyn Searcher>, Box<dyn Error + Send + Sync>>;

/// The way to start a searcher, for whoever starts a node.
#[derive(Clone)]
pub struct StartSearcher(Arc<dyn Fn([u8; 8], Sink) -> Started + Send + Sync>);

impl StartSearcher {
    /// A way that calls a function with the salt that begins every extra nonce, and with the receiver.
    pub fn new(start: impl Fn([u8; 8], Sink) -> Started + Send + Sync + 'static) -> Self {
        Self(Arc::new(start))
    }

    /// Starts one. Those that search on the same jobs must differ in `salt`, or they repeat each other's hashes.
    ///
    /// # Errors
    /// Why it does not start, such as more threads than the machine gives.
    pub fn start(&self, salt: [u8; 8], sink: Sink) -> Started {
        (self.0)(salt, sink)
    }
}

impl fmt::Debug for StartSearcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartSearcher").finish_non_exhaustive()
    }
}
