//! A miner outside the node. One task fetches work ([`feed`]), the threads search it, solutions are handed in beside
//! the search, and what happens is told as it happens ([`report`]).

mod feed;
mod report;
mod work;

use std::{
    collections::BTreeMap,
    num::NonZeroU64,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bolao_miner::{Miner, Options, Solution, Work};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use crate::{
    command::{miner::When, node::stop_signal},
    source::Client,
};
use feed::News;
use report::Report;
use work::{Job, Outcome, hand_in};

/// The least time from one block to an empty one, so that an easy pool's disks do not fill.
const IDLE_PACE: Duration = Duration::from_secs(1);
/// From one look at the hash rate to the next.
const LOOK: Duration = Duration::from_millis(500);
/// Jobs whose solutions may still come from the threads.
const JOBS: usize = 8;
/// How long solutions that are on their way may hold the end up.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// What to mine.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) client: Client,
    /// An account or a player's name.
    pub(crate) account: String,
    pub(crate) options: Options,
    pub(crate) when: When,
    /// How many blocks are enough.
    pub(crate) blocks: Option<NonZeroU64>,
    pub(crate) json: bool,
}

/// Mines until a signal, until there are enough blocks, or until the node says what no waiting mends.
pub(crate) async fn run(plan: Plan) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    tokio::pin!(stop);
    let (found, mut solutions) = mpsc::channel(JOBS);
    let sink = Box::new(move |solution: Solution| {
        // Each job is solved once, so that the places do not run out.
        if found.try_send(solution).is_err() {
            tracing::debug!("a solution came when none was wanted");
        }
    });
    let miner = Miner::start(plan.options, rand::random(), sink)?;
    let mut report = Report::new(plan.json);
    report.started(&miner, plan.client.base(), &plan.account)?;
    let (sender, mut news) = mpsc::channel(1);
    // Ends when it is dropped.
    let mut tasks = JoinSet::new();
    tasks.spawn(feed::follow(
        plan.client.clone(),
        plan.account.clone(),
        sender,
    ));
    let mut session = Session {
        miner,
        when: plan.when,
        current: None,
        jobs: BTreeMap::new(),
        last_id: 0,
        last_block: None,
        rest: None,
    };
    let mut answers = JoinSet::new();
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let rest = session.rest;
        tokio::select! {
            () = &mut stop => break,
            Some(news) = news.recv() => match news {
                News::Job(job) => {
                    report.job(&job)?;
                    session.take(Some(job));
                }
                News::Connected { version } => report.connected(&version)?,
                News::Lost(why) => {
                    report.lost(&why)?;
                    session.take(None);
                }
                News::Hopeless(error) => return Err(error),
            },
            Some(solution) = solutions.recv() => {
                session.last_block = Some(Instant::now());
                if let Some(job) = session.jobs.get(&solution.work_id).cloned() {
                    let client = plan.client.clone();
                    answers.spawn(async move {
                        let outcome = hand_in(&client, &job, &solution).await;
                        (job, outcome)
                    });
                }
            }
            Some(answer) = answers.join_next() => {
                let (job, outcome) = answer?;
                report.outcome(&job, &outcome)?;
                session.answered(&job, &outcome);
                if plan.blocks.is_some_and(|enough| report.accepted() >= enough.get()) {
                    break;
                }
            }
            () = sleep_until(rest.unwrap_or_else(Instant::now)), if rest.is_some() => session.search(),
            _ = look.tick() => report.look(&session.miner)?,
        }
    }
    session.miner.pause();
    // What was found is worth a moment.
    let last = async {
        while let Some(Ok((job, outcome))) = answers.join_next().await {
            report.outcome(&job, &outcome)?;
        }
        anyhow::Ok(())
    };
    if let Ok(told) = tokio::time::timeout(LAST_ANSWERS, last).await {
        told?;
    }
    report.ended(&session.miner)
}

/// What is searched now.
struct Session {
    miner: Miner,
    when: When,
    current: Option<Arc<Job>>,
    jobs: BTreeMap<u64, Arc<Job>>,
    last_id: u64,
    /// When the last solution came.
    last_block: Option<Instant>,
    /// Until when to rest with the current job.
    rest: Option<Instant>,
}

impl Session {
    /// Goes over to another job, or rests without one.
    fn take(&mut self, job: Option<Arc<Job>>) {
        self.current = job;
        self.search();
    }

    /// When a block that nobody has use for may be looked for.
    fn pace(&self, job: &Job) -> Option<Instant> {
        let next = self.last_block? + IDLE_PACE;
        (!job.wanted && next > Instant::now()).then_some(next)
    }

    fn search(&mut self) {
        self.rest = None;
        let wanted = |job: &&Arc<Job>| job.wanted || self.when == When::Always;
        let Some(job) = self.current.as_ref().filter(wanted).cloned() else {
            self.miner.pause();
            return;
        };
        self.rest = self.pace(&job);
        if self.rest.is_some() {
            self.miner.pause();
            return;
        }
        self.last_id += 1;
        self.jobs.insert(self.last_id, Arc::clone(&job));
        while self.jobs.len() > JOBS {
            self.jobs.pop_first();
        }
        let work = Work::new(self.last_id, job.template.clone()).with_clock(Arc::new(clock));
        self.miner.set_work(work);
    }

    fn answered(&mut self, job: &Arc<Job>, outcome: &Outcome) {
        let still = self.current.as_ref().is_some_and(|now| now.id == job.id);
        match outcome {
            // The next one is on its way.
            Outcome::Accepted { .. } | Outcome::Stale(_) if still => self.take(None),
            Outcome::Rejected(_) | Outcome::Lost(_) if still => self.search(),
            _ => {}
        }
    }
}

/// The chain's clock for headers.
fn clock() -> u32 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u32::try_from(since.as_secs()).ok())
        .unwrap_or(u32::MAX)
}
