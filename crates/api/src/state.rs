//! What every handler has: the node, the settings, and how much may go on at once.

use std::sync::Arc;

use bolao_discovery::caller;
use bolao_limits::{Slot, SlotLimits};
use bolao_store::Snapshot;
use bytes::Bytes;
use http::Extensions;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    ApiConfig, Backend,
    config::{
        EXPORTS_AT_ONCE, MINERS_AT_ONCE, MINERS_PER_ADDRESS, READS_AT_ONCE, SLOW_CALLS_AT_ONCE,
        STREAMS_AT_ONCE, WATCHERS_AT_ONCE,
    },
    problem::Problem,
    ranking::Tables,
    ready::Ready,
};

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub(crate) struct Api(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) config: ApiConfig,
    /// The genesis file, which never changes.
    pub(crate) genesis: Bytes,
    pub(crate) ready: Ready,
    pub(crate) tables: Tables,
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) exports: Slots,
    pub(crate) watchers: Slots,
    pub(crate) waiting_miners: Slots,
    pub(crate) slow_calls: Arc<Semaphore>,
    reads: Arc<Semaphore>,
}

impl std::ops::Deref for Api {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Api {
    pub(crate) fn new(backend: Arc<dyn Backend>, config: ApiConfig) -> Self {
        let genesis = Bytes::from(backend.reader().genesis().to_json());
        Self(Arc::new(Inner {
            backend,
            config,
            genesis,
            ready: Ready::default(),
            tables: Tables::default(),
            streams: Arc::new(Semaphore::new(STREAMS_AT_ONCE)),
            exports: Slots::new(EXPORTS_AT_ONCE, EXPORTS_AT_ONCE),
            watchers: Slots::new(WATCHERS_AT_ONCE, WATCHERS_AT_ONCE),
            waiting_miners: Slots::new(MINERS_AT_ONCE, MINERS_PER_ADDRESS),
            slow_calls: Arc::new(Semaphore::new(SLOW_CALLS_AT_ONCE)),
            reads: Arc::new(Semaphore::new(READS_AT_ONCE)),
        }))
    }

    /// Reads a few entries in place: from redb's cache that takes microseconds, a way to another thread and back more.
    pub(crate) fn read_few<T>(
        &self,
        work: impl FnOnce(&Snapshot) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        work(&self.backend.reader().snapshot()?)
    }

    /// Reads from one snapshot on a thread that may block.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Snapshot) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = Arc::clone(&self.reads)
            .acquire_owned()
            .await
            .map_err(|_| Problem::busy())?;
        let reader = self.backend.reader().clone();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&reader.snapshot()?)
        })
        .await
        .map_err(|error| {
            tracing::error!(%error, "a read died");
            Problem::internal()
        })?
    }
}

/// Bounded numbers of something, this machine's and others' counted apart.
pub(crate) struct Slots(bolao_limits::Slots);

impl Slots {
    /// As many for this machine as for all others, of which one address may have `per_address`.
    fn new(each: usize, per_address: usize) -> Self {
        Self(bolao_limits::Slots::new(SlotLimits {
            elsewhere: each,
            per_address,
            loopback: each,
        }))
    }

    /// A slot for the caller of a request, or 503.
    pub(crate) fn take(&self, request: &Extensions) -> Result<Slot, Problem> {
        self.0.take(caller(request)).ok_or_else(Problem::busy)
    }
}

/// A place among a bounded number, or 503.
pub(crate) fn place(among: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(among)
        .try_acquire_owned()
        .map_err(|_| Problem::busy())
}
