//! Mining: asks the core for templates, the miner for solutions, and gives each block to the core.
//!
//! - `manual`: a block for each call.
//! - `pending`: a block whenever transactions wait, until a kick-off is closed, and when a result becomes final ([`crate::sealing`]).
//! - `always`: one after the other; while nothing waits, not more often than the idle pace.
//!
//! On a new tip the search starts over from a fresh template at once. When transactions come while it searches, they
//! are taken in about once a second: a template costs the core as much as all that waits. A search for which nothing
//! changes is renewed twice a minute, so that a block found late is dated as late.

mod pace;
mod searched;

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bolao_api::{MiningMode, MiningStatus, NodeError};
use bolao_chain::{Accepted, Event, Template};
use bolao_ledger::{AccountId, BlockHash, Header, UnixSeconds};
use bolao_miner::{Backoff, Miner, Options, Solution, Work};
use bolao_store::Reader;
use tokio::{
    sync::{broadcast, mpsc, oneshot},
    time::{Instant, sleep_until, timeout},
};

use crate::{
    engine::Engine,
    sealing::{Deadlines, deadlines_now},
};
use pace::{next_refresh, renewal};
use searched::Searched;

/// How many calls of mine may wait.
const DEMANDS: usize = 32;
/// How long one call of mine may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// The longest rest, since clocks are set.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// How long to wait after the core was too busy for a template.
const BUSY_PAUSE: Duration = Duration::from_millis(100);

type Demand = oneshot::Sender<Result<BlockHash, NodeError>>;

/// The way to the mining task. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Mining {
    demands: mpsc::Sender<Demand>,
    miner: Arc<Miner>,
    mode: MiningMode,
    active: Arc<AtomicBool>,
}

impl std::fmt::Debug for Mining {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mining")
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// How to mine.
#[derive(Clone, Debug)]
pub(crate) struct MiningConfig {
    pub(crate) mode: MiningMode,
    pub(crate) miner: Options,
    pub(crate) idle_pace: Duration,
    /// Who is named in the coinbase.
    pub(crate) account: AccountId,
    /// Begins every extra nonce, so that no two nodes repeat each other's hashes.
    pub(crate) salt: [u8; 8],
}

impl Mining {
    /// Starts the threads. The task is the caller's to run; it ends by itself only when it sees
    /// that the core has stopped.
    pub(crate) fn start(
        engine: Engine,
        reader: Reader,
        config: MiningConfig,
    ) -> anyhow::Result<(Self, impl Future<Output = ()> + Send + 'static)> {
        let (mining, task) = Self::prepare(engine, reader, config)?;
        Ok((mining, task.run()))
    }

    fn prepare(
        engine: Engine,
        reader: Reader,
        mut config: MiningConfig,
    ) -> anyhow::Result<(Self, Task)> {
        // Each work is solved once, so that the places do not run out.
        let (found, solutions) = mpsc::channel(4);
        let sink = Box::new(move |solution: Solution| {
            if found.try_send(solution).is_err() {
                tracing::debug!("a solution came when none was wanted");
            }
        });
        let options = std::mem::take(&mut config.miner);
        let miner = Arc::new(Miner::start(options, config.salt, sink)?);
        let (demands, wanted) = mpsc::channel(DEMANDS);
        let mining = Self {
            demands,
            miner: Arc::clone(&miner),
            mode: config.mode,
            active: Arc::new(AtomicBool::new(false)),
        };
        let task = Task {
            events: engine.events(),
            engine,
            config,
            miner,
            solutions,
            wanted,
            waiting: VecDeque::new(),
            active: Arc::clone(&mining.active),
            searched: Searched::new(),
            refreshed: Instant::now(),
            renew_at: Instant::now(),
            last_found: None,
            backoff: Backoff::default(),
            reader,
        };
        Ok((mining, task))
    }

    /// Finds one block now.
    pub(crate) async fn mine(&self) -> Result<BlockHash, NodeError> {
        let (answer, answered) = oneshot::channel();
        self.demands.try_send(answer).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NodeError::Busy,
            mpsc::error::TrySendError::Closed(_) => NodeError::Stopped,
        })?;
        match timeout(PATIENCE, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(NodeError::Stopped),
            Err(_) => Err(NodeError::NoBlockFound {
                seconds: PATIENCE.as_secs(),
            }),
        }
    }

    /// What is going on.
    pub(crate) fn status(&self) -> MiningStatus {
        MiningStatus {
            mode: self.mode,
            active: self.active.load(Ordering::Relaxed),
            hashes_per_second: self.miner.hash_rate().hashes_per_second,
            threads: self.miner.threads(),
        }
    }
}

/// The chain's clock for headers: the system's, as the core reads it too.
pub(crate) fn clock() -> u32 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u32::try_from(since.as_secs()).ok())
        .unwrap_or(u32::MAX)
}

struct Task {
    engine: Engine,
    events: broadcast::Receiver<Event>,
    config: MiningConfig,
    miner: Arc<Miner>,
    solutions: mpsc::Receiver<Solution>,
    wanted: mpsc::Receiver<Demand>,
    waiting: VecDeque<Demand>,
    active: Arc<AtomicBool>,
    searched: Searched<Template>,
    /// When the last template came.
    refreshed: Instant,
    /// When the search goes on with fresh times.
    renew_at: Instant,
    last_found: Option<Instant>,
    /// Blocks of our own that the core refused.
    backoff: Backoff,
    reader: Reader,
}

/// The core has stopped.
#[derive(Debug)]
struct Stopped;

impl Task {
    async fn run(mut self) {
        loop {
            let Ok(rest) = self.refresh().await else {
                tracing::debug!("the core has stopped, and mining with it");
                return;
            };
            if !self.wait(rest).await {
                return;
            }
            // What happened meanwhile is seen in the next template anyhow.
            while let Ok(_) | Err(broadcast::error::TryRecvError::Lagged(_)) =
                self.events.try_recv()
            {}
        }
    }

    /// Waits until a look at a fresh template is worth it; false when the node stops.
    async fn wait(&mut self, mut rest: Option<Instant>) -> bool {
        loop {
            tokio::select! {
                demand = self.wanted.recv() => {
                    let Some(demand) = demand else { return false };
                    self.waiting.push_back(demand);
                    return true;
                }
                () = given_up(&mut self.waiting) => return true,
                Some(solution) = self.solutions.recv() => {
                    self.submit(solution).await;
                    return true;
                }
                event = self.events.recv() => match event {
                    // What was missed may have been a new tip.
                    Ok(Event::TipChanged { .. }) | Err(_) => return true,
                    Ok(Event::TemplateStale) => {
                        let holds_some = self.searched.now().is_some_and(|template| !template.transactions.is_empty());
                        let next = next_refresh(Instant::now(), holds_some, self.refreshed);
                        rest = Some(rest.map_or(next, |rest| rest.min(next)));
                    }
                    Ok(_) => {}
                },
                () = sleep_until(rest.unwrap_or_else(Instant::now)), if rest.is_some() => return true,
            }
        }
    }

    /// Gives the miner what is to be searched now, if anything; when to look again if nothing happens before.
    async fn refresh(&mut self) -> Result<Option<Instant>, Stopped> {
        self.waiting.retain(|demand| !demand.is_closed());
        if self.waiting.is_empty() {
            if self.config.mode == MiningMode::Manual {
                self.pause();
                return Ok(None);
            }
            if let Some(end) = self.backoff.rests_until(Instant::now().into_std()) {
                self.pause();
                return Ok(Some(end.into()));
            }
        }
        let template = match self.engine.template(self.config.account).await {
            Ok(template) => {
                self.refreshed = Instant::now();
                template
            }
            Err(NodeError::Busy) => {
                self.pause();
                self.answer(Err(NodeError::Busy));
                return Ok(Some(Instant::now() + BUSY_PAUSE));
            }
            Err(_) => {
                self.pause();
                return Err(Stopped);
            }
        };
        if self.waiting.is_empty() && template.transactions.is_empty() {
            if self.config.mode == MiningMode::Pending {
                let now = UnixSeconds(clock().into());
                match deadlines_now(&self.reader, template.min_time, now) {
                    Deadlines::Open => {}
                    Deadlines::ClosedUntil(next) => {
                        self.pause();
                        let wait = next.0.saturating_sub(clock().into());
                        let rest = Duration::from_secs(wait).min(LONGEST_REST);
                        return Ok(Some(Instant::now() + rest));
                    }
                    Deadlines::Closed => {
                        self.pause();
                        return Ok(None);
                    }
                }
            }
            let next = self.last_found.map(|found| found + self.config.idle_pace);
            if let Some(next) = next.filter(|next| *next > Instant::now()) {
                self.pause();
                return Ok(Some(next));
            }
        }
        let searched = self.searched.now();
        if searched.is_some_and(|searched| same_block(searched, &template))
            && Instant::now() < self.renew_at
        {
            return Ok(Some(self.renew_at));
        }
        self.renew_at = Instant::now() + renewal(template.changes_at, clock());
        let wanted = miner_template(&template);
        let work = Work::new(self.searched.set(template), wanted).with_clock(Arc::new(clock));
        self.active.store(true, Ordering::Relaxed);
        self.miner.set_work(work);
        Ok(Some(self.renew_at))
    }

    fn pause(&mut self) {
        self.searched.clear();
        self.active.store(false, Ordering::Relaxed);
        self.miner.pause();
    }

    async fn submit(&mut self, solution: Solution) {
        let Some(template) = self.searched.solved(solution.work_id) else {
            return;
        };
        // The search may have gone on with a newer template.
        self.miner.pause();
        let block = template.block(Header::from_bytes(&solution.header), solution.extra_nonce);
        let (hash, height) = (block.hash(), block.coinbase.height);
        let transactions = block.transactions.len();
        match self.engine.mined(block).await {
            Ok(Accepted::Block { tip: true, .. }) => {
                let rate = self.miner.hash_rate();
                tracing::info!(%height, %hash, transactions, %rate, "found a block");
                self.last_found = Some(Instant::now());
                self.backoff.taken();
                self.answer(Ok(hash));
            }
            // Somebody else was first: the next template builds on their block.
            Ok(_) => tracing::debug!(%height, %hash, "a found block came too late"),
            Err(NodeError::Rejected(rejection)) => {
                tracing::warn!(%height, %hash, code = %rejection.reason, %rejection, "a found block was not taken");
                self.backoff.refused(Instant::now().into_std());
                self.answer(Err(rejection.into()));
            }
            Err(error) => self.answer(Err(error)),
        }
    }

    /// Answers the first call that somebody still waits for.
    fn answer(&mut self, mut result: Result<BlockHash, NodeError>) {
        while let Some(demand) = self.waiting.pop_front() {
            match demand.send(result) {
                Ok(()) => return,
                Err(unheard) => result = unheard,
            }
        }
    }
}

/// Returns when nobody waits for the first call's answer any more.
async fn given_up(waiting: &mut VecDeque<Demand>) {
    match waiting.front_mut() {
        Some(demand) => demand.closed().await,
        None => std::future::pending().await,
    }
}

/// Whether two templates are for the same block but for its time.
fn same_block(a: &Template, b: &Template) -> bool {
    a.header.previous() == b.header.previous()
        && a.header.merkle_root() == b.header.merkle_root()
        && a.header.bits() == b.header.bits()
}

pub(crate) fn miner_template(template: &Template) -> bolao_miner::Template {
    bolao_miner::Template {
        header: template.header.to_bytes(),
        target: template.target,
        coinbase_prefix: template.coinbase_prefix(),
        merkle_branch: template.merkle_branch.clone(),
        max_time: u32::try_from(template.max_time.0).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests;
