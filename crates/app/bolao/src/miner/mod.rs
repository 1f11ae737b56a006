//! A miner outside the node. One task fetches jobs ([`feed`]), it is decided what to search ([`Search`]), the threads
//! search it, solutions are submitted beside the search, and what happens is reported as it happens ([`report`]).

mod feed;
mod report;
mod work;

use std::{num::NonZeroU64, sync::Arc, time::Duration};

use bolao_miner::{Miner, Options, Solution};
use bolao_work::{JOBS, Job, Pace, Search, When};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};

use crate::{command::node::stop_signal, source::Client};
use feed::News;
use report::Report;
use work::{Outcome, submit};

/// From one look at the hash rate to the next.
const LOOK: Duration = Duration::from_millis(500);
/// The least times from one block to the next: an easy pool's disks must not fill with empty blocks, and a node whose target
/// is nothing must not keep the cores busy.
const PACE: Pace = Pace {
    unwanted: Duration::from_secs(1),
    any: Duration::from_millis(50),
};
/// The longest answer, in bytes: a template is some thousands.
const MAX_ANSWER: usize = 64 << 10;
/// The most time that solutions on their way may hold the end up.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// The plan of a miner.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) client: Client,
    /// An account or a player's name.
    pub(crate) account: String,
    pub(crate) options: Options,
    pub(crate) when: When,
    /// The number of blocks that are enough.
    pub(crate) blocks: Option<NonZeroU64>,
    pub(crate) json: bool,
}

/// Mines until a signal, until there are enough blocks, or until the node says what no waiting can mend.
pub(crate) async fn run(plan: Plan) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    tokio::pin!(stop);
    let (found, mut solutions) = mpsc::channel(JOBS);
    let sink = Box::new(move |solution: Solution| {
        // Each job is solved once, so that the places do not run out.
        if found.try_send(solution).is_err() {
            tracing::debug!("a solution came when none was asked for");
        }
    });
    let miner = Miner::start(plan.options, rand::random(), sink)?;
    let mut report = Report::new(plan.json);
    report.started(&miner, plan.client.base(), &plan.account)?;
    let (sender, mut news) = mpsc::channel(1);
    // Ends when it is dropped.
    let mut tasks = JoinSet::new();
    let client = plan.client.with_max_answer(MAX_ANSWER);
    tasks.spawn(feed::follow(client.clone(), plan.account, sender));
    let mut search = Search::new(plan.when, PACE, plan.blocks);
    let started = Instant::now();
    let mut answers = Answers {
        client,
        started,
        tasks: JoinSet::new(),
    };
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut fatal = None;
    loop {
        let doing = miner.follow(&mut search, started.into_std());
        report.doing(doing);
        let rest = doing.ends().map(|end| started + end);
        tokio::select! {
            () = &mut stop => break,
            Some(news) = news.recv() => match news {
                News::Job(job) => {
                    report.job(&job)?;
                    search.receive(started.elapsed(), Some(job));
                }
                News::Connected { version, pool } => report.connected(&version, &pool)?,
                News::Lost(why) => {
                    report.lost(&why)?;
                    search.receive(started.elapsed(), None);
                }
                News::Fatal(error) => {
                    report.failed(&error)?;
                    fatal = Some(error);
                    break;
                }
            },
            Some(solution) = solutions.recv() => answers.submit(&mut search, solution),
            Some(answer) = answers.tasks.join_next() => {
                let Answer { job, number, outcome: (outcome, text) } = answer?;
                report.outcome(&job, outcome, &text)?;
                search.answered(started.elapsed(), number, outcome.verdict());
                if search.is_done() {
                    break;
                }
            }
            () = sleep_until(rest.unwrap_or_else(Instant::now)), if rest.is_some() => {}
            _ = look.tick() => report.look(&miner)?,
        }
    }
    miner.pause();
    while let Ok(solution) = solutions.try_recv() {
        answers.submit(&mut search, solution);
    }
    answers.finish(&mut report).await?;
    report.ended(&miner)?;
    fatal.map_or(Ok(()), Err)
}

/// The solutions on their way to the node.
struct Answers {
    client: Client,
    started: Instant,
    tasks: JoinSet<Answer>,
}

struct Answer {
    job: Arc<Job>,
    number: u64,
    outcome: (Outcome, String),
}

impl Answers {
    fn submit(&mut self, search: &mut Search, solution: Solution) {
        let number = solution.work_id;
        let Some(job) = search.found(self.started.elapsed(), number) else {
            return;
        };
        let client = self.client.clone();
        self.tasks.spawn(async move {
            let outcome = submit(&client, &job, &solution).await;
            Answer {
                job,
                number,
                outcome,
            }
        });
    }

    /// Waits a moment for the last answers: what was found is worth it.
    async fn finish(&mut self, report: &mut Report) -> anyhow::Result<()> {
        let last = async {
            while let Some(Ok(Answer { job, outcome, .. })) = self.tasks.join_next().await {
                report.outcome(&job, outcome.0, &outcome.1)?;
            }
            anyhow::Ok(())
        };
        timeout(LAST_ANSWERS, last).await.unwrap_or(Ok(()))
    }
}
