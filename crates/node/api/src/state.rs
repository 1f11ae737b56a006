//! What every handler has: the node, the settings, and how much may go on at once.

use std::{
    convert::Infallible,
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::extract::FromRequestParts;
use bolao_discovery::{Limits, caller};
use bolao_ledger::Rules;
use bolao_limits::{Bucket, Budget, Slot, SlotLimits, address_key};
use bolao_store::Snapshot;
use bytes::Bytes;
use http::{Extensions, StatusCode, request::Parts};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    ApiConfig, Backend,
    config::{
        ADDRESSES_PACED, DRY_RUNS_AT_ONCE, EXPORTS_AT_ONCE, HANDOVERS_IN_A_ROW,
        HANDOVERS_PER_MINUTE, MINERS_AT_ONCE, MINERS_PER_ADDRESS, PLAN_BODIES_AT_ONCE,
        PLAN_BODIES_PER_ADDRESS, PLANS_IN_A_ROW, PLANS_PER_MINUTE, READS_AT_ONCE, REQUESTS_AT_ONCE,
        SLOW_CALLS_AT_ONCE, STREAMS_AT_ONCE, WATCHERS_AT_ONCE, WATCHERS_PER_ADDRESS,
    },
    handovers::Handovers,
    problem::Problem,
    ranking::Tables,
    ready::Ready,
    viewing::Passes,
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
    pub(crate) dry_runs: DryRuns,
    /// Of plans, which take longer than what is tried before it is signed.
    pub(crate) plan_runs: DryRuns,
    pub(crate) plan_bodies: Slots,
    pub(crate) plans: Pace,
    /// Of files whose text is asked for.
    pub(crate) texts: Pace,
    /// Players on their way to another device.
    pub(crate) handovers: Handovers,
    pub(crate) handover_pace: Pace,
    /// Of browsers, where only players may look.
    pub(crate) passes: Passes,
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
            adding: Arc::new(Semaphore::new(1)),
            streams: Arc::new(Semaphore::new(STREAMS_AT_ONCE)),
            exports: Slots::new(EXPORTS_AT_ONCE, EXPORTS_AT_ONCE, EXPORTS_AT_ONCE),
            watchers: watchers(),
            waiting_miners: Slots::new(MINERS_AT_ONCE, MINERS_PER_ADDRESS, MINERS_AT_ONCE),
            slow_calls: Arc::new(Semaphore::new(SLOW_CALLS_AT_ONCE)),
            dry_runs: DryRuns::default(),
            plan_bodies: Slots::new(
                PLAN_BODIES_AT_ONCE,
                PLAN_BODIES_PER_ADDRESS,
                PLAN_BODIES_AT_ONCE,
            ),
            plan_runs: DryRuns::default(),
            plans: Pace::new(PLANS_PER_MINUTE, PLANS_IN_A_ROW),
            texts: Pace::new(PLANS_PER_MINUTE, PLANS_IN_A_ROW),
            handovers: Handovers::default(),
            passes: Passes::default(),
            handover_pace: Pace::new(HANDOVERS_PER_MINUTE, HANDOVERS_IN_A_ROW),
            reads: Arc::new(Semaphore::new(READS_AT_ONCE)),
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
        let permit = wait_for_place(&self.reads).await?;
        let reader = self.backend.reader().clone();
        blocking(permit, move || work(&reader.snapshot()?)).await
    }
}

/// The places of listeners to events. Each has a connection for as long as it listens: others need some, too.
fn watchers() -> Slots {
    let all = Limits::default();
    let of = |connections: usize| WATCHERS_AT_ONCE.min(connections / 2).max(1);
    let (elsewhere, loopback) = (of(all.connections), of(all.connections_loopback));
    Slots::new(elsewhere, WATCHERS_PER_ADDRESS.min(elsewhere), loopback)
}

/// Works on a thread that may block, and holds what bounds such work until it is done, even if nobody waits for it any more.
async fn blocking<T: Send + 'static>(
    held: impl Send + 'static,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(move || {
        let _held = held;
        work()
    })
    .await
    .map_err(|error| {
        tracing::error!(%error, "a read died");
        Problem::internal()
    })?
}

/// A place among a bounded number, when there is one.
pub(crate) async fn wait_for_place(
    among: &Arc<Semaphore>,
) -> Result<OwnedSemaphorePermit, Problem> {
    let permit = Arc::clone(among).acquire_owned().await;
    permit.map_err(|_| Problem::busy())
}

/// Dry runs, each of which takes as long as many reads.
///
/// Callers elsewhere have [`DRY_RUNS_AT_ONCE`] in all and one from an address; more are answered 503. Those of this machine
/// wait for one another, and for nobody else.
pub(crate) struct DryRuns {
    slots: Slots,
    own: Arc<Semaphore>,
}

impl Default for DryRuns {
    fn default() -> Self {
        Self {
            slots: Slots::new(DRY_RUNS_AT_ONCE, 1, REQUESTS_AT_ONCE),
            own: Arc::new(Semaphore::new(DRY_RUNS_AT_ONCE)),
        }
    }
}

impl DryRuns {
    /// Does a caller's dry run.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        request: &Extensions,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let slot = self.slots.take(request).map_err(|_| {
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                format!(
                    "this node is at its limit for dry runs, {DRY_RUNS_AT_ONCE} at once and one for each address: \
                    wait for the answer to yours, or try again in a moment"
                ),
            )
        })?;
        let own = if caller(request).is_loopback() {
            Some(wait_for_place(&self.own).await?)
        } else {
            None
        };
        blocking((slot, own), work).await
    }
}

impl FromRequestParts<Self> for Api {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, api: &Self) -> Result<Self, Infallible> {
        Ok(api.clone())
    }
}

/// Bounded numbers of something, this machine's and others' counted apart.
pub(crate) struct Slots(bolao_limits::Slots, Instant);

impl Slots {
    fn new(elsewhere: usize, per_address: usize, loopback: usize) -> Self {
        let limits = SlotLimits {
            elsewhere,
            per_address,
            loopback,
        };
        Self(bolao_limits::Slots::new(limits), Instant::now())
    }

    /// A slot for the caller of a request, if need be one of an address that has far more, or 503.
    pub(crate) fn take_share(&self, request: &Extensions) -> Result<Slot, Problem> {
        let slot = self.0.take_share(caller(request), self.1.elapsed());
        slot.ok_or_else(Problem::busy)
    }

    /// A slot for the caller of a request, if need be the one that was taken first, of the address that has the most.
    pub(crate) fn take_first(&self, request: &Extensions) -> Result<Slot, Problem> {
        let slot = self
            .0
            .take_or_evict(caller(request), Duration::ZERO, self.1.elapsed());
        slot.ok_or_else(Problem::busy)
    }

    /// A slot for the caller of a request, or 503.
    pub(crate) fn take(&self, request: &Extensions) -> Result<Slot, Problem> {
        self.0.take(caller(request)).ok_or_else(Problem::busy)
    }
}

/// A rate limit of an address elsewhere for what takes long. This machine may ask as often as it likes.
pub(crate) struct Pace(Budget<IpAddr>, Instant);

impl Pace {
    fn new(per_minute: u32, in_a_row: u32) -> Self {
        let bucket = Bucket::new(per_minute, Duration::from_mins(1), in_a_row);
        Self(Budget::new(bucket, ADDRESSES_PACED), Instant::now())
    }

    /// Counts one request, or answers 429.
    pub(crate) fn take(&self, request: &Extensions) -> Result<(), Problem> {
        let caller = caller(request);
        if caller.is_loopback() || self.0.take(address_key(caller), self.1.elapsed()) {
            return Ok(());
        }
        Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "this takes the node a long time, and this address has asked for it often: try again in a few seconds",
        ))
    }
}

/// A place among a bounded number, or 503.
pub(crate) fn place(among: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(among)
        .try_acquire_owned()
        .map_err(|_| Problem::busy())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{net::SocketAddr, sync::mpsc};

    use axum::{extract::ConnectInfo, response::IntoResponse as _};
    use tokio::time::{sleep, timeout};

    use super::*;

    fn from(address: &str) -> Extensions {
        let address: SocketAddr = address.parse().unwrap();
        let mut request = Extensions::new();
        request.insert(ConnectInfo(address));
        request
    }

    /// Begins a dry run that nobody waits for, and which lasts until the other end is dropped.
    async fn begin(runs: &DryRuns, request: &Extensions) -> mpsc::Sender<()> {
        let (end, ended) = mpsc::channel::<()>();
        let run = runs.run(request, move || Ok(ended.recv().is_ok()));
        let answer = timeout(Duration::from_millis(20), run).await;
        assert!(answer.is_err());
        end
    }

    #[tokio::test]
    async fn a_dry_run_counts_until_it_is_done_whoever_waits_for_it() {
        let runs = DryRuns::default();
        let [one, two, three] = ["192.0.2.1:1", "192.0.2.2:1", "192.0.2.3:1"].map(from);
        let refused = async |request| {
            let answer = runs.run(request, || Ok("done")).await.into_response();
            let seconds = answer.headers().get("retry-after").cloned();
            answer.status() == 503 && seconds.is_some_and(|seconds| seconds == "1")
        };
        let running = begin(&runs, &one).await;
        assert!(refused(&one).await, "one from an address");
        assert!(!refused(&two).await);
        let _second = begin(&runs, &two).await;
        assert!(refused(&three).await, "two in all");
        drop(running);
        let free = async {
            while refused(&one).await {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(10), free).await.unwrap();
    }

    #[tokio::test]
    async fn this_machine_waits_for_nobody_elsewhere() {
        let runs = DryRuns::default();
        let mut running = Vec::new();
        for caller in ["192.0.2.1:1", "192.0.2.2:1"] {
            running.push(begin(&runs, &from(caller)).await);
        }
        for own in ["127.0.0.1:1", "[::ffff:127.0.0.1]:1"] {
            let own = from(own);
            let run = runs.run(&own, || Ok(()));
            timeout(Duration::from_secs(10), run)
                .await
                .unwrap()
                .unwrap();
        }
    }
}
