//! What every handler has: the node, the settings, and how much may go on at once.

use std::{convert::Infallible, sync::Arc};

use axum::extract::FromRequestParts;
use bolao_discovery::caller;
use bolao_ledger::Rules;
use bolao_limits::{Slot, SlotLimits};
use bolao_store::Snapshot;
use bytes::Bytes;
use http::{Extensions, request::Parts};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    ApiConfig, Backend,
    config::{
        DRY_RUNS_AT_ONCE, EXPORTS_AT_ONCE, MINERS_AT_ONCE, MINERS_PER_ADDRESS, READS_AT_ONCE,
        REQUESTS_AT_ONCE, SLOW_CALLS_AT_ONCE, STREAMS_AT_ONCE, WATCHERS_AT_ONCE,
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
    /// Held while the bets on many matches are added up: one such reading at a time.
    pub(crate) adding: Arc<Semaphore>,
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) exports: Slots,
    pub(crate) watchers: Slots,
    pub(crate) waiting_miners: Slots,
    pub(crate) slow_calls: Arc<Semaphore>,
    /// Who may try transactions, or wait for it.
    pub(crate) rehearsals: Slots,
    reads: Arc<Semaphore>,
    dry_runs: Arc<Semaphore>,
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
            adding: Arc::new(Semaphore::new(1)),
            streams: Arc::new(Semaphore::new(STREAMS_AT_ONCE)),
            exports: Slots::new(EXPORTS_AT_ONCE, EXPORTS_AT_ONCE, EXPORTS_AT_ONCE),
            watchers: Slots::new(WATCHERS_AT_ONCE, WATCHERS_AT_ONCE, WATCHERS_AT_ONCE),
            waiting_miners: Slots::new(MINERS_AT_ONCE, MINERS_PER_ADDRESS, MINERS_AT_ONCE),
            slow_calls: Arc::new(Semaphore::new(SLOW_CALLS_AT_ONCE)),
            rehearsals: Slots::new(DRY_RUNS_AT_ONCE, 1, REQUESTS_AT_ONCE),
            reads: Arc::new(Semaphore::new(READS_AT_ONCE)),
            dry_runs: Arc::new(Semaphore::new(DRY_RUNS_AT_ONCE)),
        }))
    }

    /// The pool's rules.
    pub(crate) fn rules(&self) -> &Rules {
        &self.backend.reader().genesis().rules
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
        self.read_among(&self.reads, work).await
    }

    /// The same beside few others, for what takes as long as many reads.
    pub(crate) async fn try_out<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Snapshot) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.read_among(&self.dry_runs, work).await
    }

    async fn read_among<T: Send + 'static>(
        &self,
        places: &Arc<Semaphore>,
        work: impl FnOnce(&Snapshot) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = Arc::clone(places).acquire_owned().await;
        let permit = permit.map_err(|_| Problem::busy())?;
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

impl FromRequestParts<Self> for Api {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, api: &Self) -> Result<Self, Infallible> {
        Ok(api.clone())
    }
}

/// Bounded numbers of something, this machine's and others' counted apart.
pub(crate) struct Slots(bolao_limits::Slots);

impl Slots {
    fn new(elsewhere: usize, per_address: usize, loopback: usize) -> Self {
        Self(bolao_limits::Slots::new(SlotLimits {
            elsewhere,
            per_address,
            loopback,
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
