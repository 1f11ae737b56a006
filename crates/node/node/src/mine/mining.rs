//! The node's own miner: takes jobs, has the threads search them, and submits what they find.
//!
//! - `manual`: a block for each call.
//! - `pending`: a block whenever transactions wait, until a kick-off is closed, and when a result becomes final ([`crate::mine::sealing`]).
//! - `always`: one after the other; while nothing waits, not more often than the idle pace.
//!
//! A node that knows others first hears what they have, or waits a few seconds for them: until then it mines for calls only,
//! so that what two laptops mine when they are switched on is one chain.
//!
//! [`Search`] decides what is searched, as for every miner. New jobs come at once on a new block, about once a second
//! while transactions come, and twice a minute where nothing changes, so that a block found late is dated as late
//! ([`Jobs`]).

use std::{
    collections::VecDeque,
    error::Error,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bolao_api::{MiningMode, MiningStatus, NodeError, body::SolutionBody};
use bolao_ledger::{AccountId, BlockHash};
use bolao_work::{Doing, HashRate, Outcome, Pace, Search, Searcher, Solution, StartSearcher, When};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until, timeout},
};

use crate::mine::jobs::Jobs;

/// The most calls of `mine` that may wait.
const DEMANDS: usize = 32;
/// The time that one call of `mine` may take.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The longest wait for the next job in one go.
const NEXT_JOB: Duration = Duration::from_mins(10);
/// The pause after the core was too busy for a job.
const BUSY_PAUSE: Duration = Duration::from_millis(100);

fn when(mode: MiningMode) -> When {
    match mode {
        MiningMode::Manual => When::Asked,
        MiningMode::Pending => When::Wanted,
        MiningMode::Always => When::Always,
    }
}

type Demand = oneshot::Sender<Result<BlockHash, NodeError>>;

/// The way to the mining task. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Mining {
    jobs: Arc<Jobs>,
    demands: mpsc::Sender<Demand>,
    miner: Arc<dyn Searcher>,
    mode: MiningMode,
    active: Arc<AtomicBool>,
}

/// The machine's threads that search, and what they find.
#[derive(Debug)]
pub(crate) struct Threads {
    miner: Arc<dyn Searcher>,
    solutions: mpsc::Receiver<Solution>,
}

/// In place of a searcher where a node has none.
#[derive(Debug)]
struct NoSearcher;

impl Searcher for NoSearcher {
    fn follow(&self, search: &mut Search, origin: std::time::Instant) -> Doing {
        search.decide(origin.elapsed()).0
    }

    fn pause(&self) {}

    fn hash_rate(&self) -> HashRate {
        HashRate::default()
    }

    fn threads(&self) -> usize {
        0
    }
}

impl Threads {
    /// Starts them; they sleep until there is work. Without a way to start any, nobody searches.
    pub(crate) fn start(
        starter: Option<&StartSearcher>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        // Each job is solved once, so that the places do not run out.
        let (found, solutions) = mpsc::channel(4);
        let sink = Box::new(move |solution: Solution| {
            if found.try_send(solution).is_err() {
                tracing::debug!("a solution came when none was asked for");
            }
        });
        let miner = match starter {
            Some(starter) => starter.start(rand::random(), sink)?,
            None => Arc::new(NoSearcher),
        };
        Ok(Self { miner, solutions })
    }
}

impl Mining {
    /// Mines for an account with the threads while the task runs, which ends by itself only when it sees that the core has
    /// stopped.
    pub(crate) fn new(
        jobs: Arc<Jobs>,
        threads: Threads,
        account: AccountId,
        mode: MiningMode,
        idle_pace: Duration,
    ) -> (Self, Task) {
        let (demands, wanted) = mpsc::channel(DEMANDS);
        let mining = Self {
            jobs: Arc::clone(&jobs),
            demands,
            miner: Arc::clone(&threads.miner),
            mode,
            active: Arc::default(),
        };
        let pace = Pace {
            unwanted: idle_pace,
            any: Duration::ZERO,
        };
        let task = Task {
            jobs,
            account,
            threads,
            wanted,
            waiting: VecDeque::new(),
            active: Arc::clone(&mining.active),
            search: Search::new(when(mode), pace, None),
            mode,
            meeting: None,
            started: Instant::now(),
            known: None,
            ask_at: Instant::now(),
        };
        (mining, task)
    }

    /// Finds one block now.
    pub(crate) async fn mine(&self) -> Result<BlockHash, NodeError> {
        self.jobs.may_mine()?;
        if self.miner.threads() == 0 {
            return Err(NodeError::NoMiner);
        }
        let (answer, answered) = oneshot::channel();
        self.demands.try_send(answer).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NodeError::Busy,
            mpsc::error::TrySendError::Closed(_) => NodeError::Stopped,
        })?;
        match timeout(TIMEOUT, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(NodeError::Stopped),
            Err(_) => Err(NodeError::NoBlockFound {
                seconds: TIMEOUT.as_secs(),
            }),
        }
    }

    /// The state of the mining now.
    pub(crate) fn status(&self) -> MiningStatus {
        MiningStatus {
            mode: self.mode,
            active: self.active.load(Ordering::Relaxed),
            hashes_per_second: self.miner.hash_rate().hashes_per_second,
            threads: self.miner.threads(),
        }
    }
}

pub(crate) struct Task {
    jobs: Arc<Jobs>,
    account: AccountId,
    threads: Threads,
    wanted: mpsc::Receiver<Demand>,
    waiting: VecDeque<Demand>,
    active: Arc<AtomicBool>,
    search: Search,
    mode: MiningMode,
    /// Ends when the others have been heard.
    meeting: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// The origin of the search's times.
    started: Instant,
    /// The last job that came.
    known: Option<String>,
    /// No job is asked for before.
    ask_at: Instant,
}

/// The node stops.
#[derive(Debug)]
struct Stopped;

impl Task {
    /// Mines for calls only until `meeting` is over.
    pub(crate) fn after(mut self, meeting: impl Future<Output = ()> + Send + 'static) -> Self {
        self.search.set_when(When::Asked);
        self.meeting = Some(Box::pin(meeting));
        self
    }

    pub(crate) async fn run(mut self) {
        while self.step().await.is_ok() {}
        self.threads.miner.pause();
        tracing::debug!("the core has stopped, and mining with it");
    }

    /// Waits for the next thing that happens and acts on it.
    async fn step(&mut self) -> Result<(), Stopped> {
        let doing = self.decide();
        let wants_jobs = self.search.wants_jobs();
        if !wants_jobs {
            self.known = None;
            self.search.receive(self.started.elapsed(), None);
        }
        let known = self.known.as_deref();
        let next_job = async {
            sleep_until(self.ask_at).await;
            self.jobs.job(self.account, known, NEXT_JOB).await
        };
        let meeting = async {
            match &mut self.meeting {
                Some(meeting) => meeting.await,
                None => std::future::pending().await,
            }
        };
        let rest = doing.ends().map(|end| self.started + end);
        tokio::select! {
            demand = self.wanted.recv() => self.waiting.push_back(demand.ok_or(Stopped)?),
            () = given_up(&mut self.waiting) => {}
            () = meeting => {
                self.meeting = None;
                self.search.set_when(when(self.mode));
            }
            Some(solution) = self.threads.solutions.recv() => self.submit(solution).await,
            job = next_job, if wants_jobs => match job {
                Ok(job) => {
                    self.known = Some(job.id.clone());
                    self.search.receive(self.started.elapsed(), Some(job));
                }
                Err(NodeError::Busy) => {
                    self.search.receive(self.started.elapsed(), None);
                    self.known = None;
                    self.ask_at = Instant::now() + BUSY_PAUSE;
                    self.answer(Err(NodeError::Busy));
                }
                Err(_) => return Err(Stopped),
            },
            () = sleep_until(rest.unwrap_or_else(Instant::now)), if rest.is_some() => {}
        }
        Ok(())
    }

    /// Has the threads do what is to be done now.
    fn decide(&mut self) -> Doing {
        self.waiting.retain(|demand| !demand.is_closed());
        self.search.ask(!self.waiting.is_empty());
        let doing = self
            .threads
            .miner
            .follow(&mut self.search, self.started.into_std());
        let is_searching = matches!(doing, Doing::Search(_));
        self.active.store(is_searching, Ordering::Relaxed);
        doing
    }

    async fn submit(&mut self, solution: Solution) {
        let number = solution.work_id;
        let Some(job) = self.search.found(self.started.elapsed(), number) else {
            return;
        };
        // The threads may have gone on with a newer job on the same tip.
        self.decide();
        let found = SolutionBody {
            template: job.id.clone(),
            extra_nonce: solution.extra_nonce,
            time: solution.time(),
            nonce: solution.nonce(),
        };
        let height = job.height;
        let result = self.jobs.submit(&found, true).await;
        let outcome = match &result {
            Ok(hash) => {
                let rate = self.threads.miner.hash_rate();
                tracing::info!(height, %hash, transactions = job.transactions, %rate, "found a block");
                Outcome::Taken
            }
            // Somebody else was first: the next job builds on their block.
            Err(NodeError::Stale | NodeError::NoTemplate | NodeError::BadTime { .. }) => {
                tracing::debug!(height, "a found block came too late");
                Outcome::Stale
            }
            Err(NodeError::Rejected(rejection)) => {
                tracing::warn!(height, code = %rejection.reason, %rejection, "a found block was not taken");
                Outcome::Refused
            }
            Err(_) => Outcome::Refused,
        };
        self.search
            .answered(self.started.elapsed(), number, outcome);
        if outcome != Outcome::Stale {
            self.answer(result);
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

#[cfg(test)]
mod tests;
