//! `bolao simulate`.

use bolao_ledger::Makers;
use std::{
    ops::Range,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context as _, bail};
use bolao_terminal::{
    log::Progress,
    output::{self, count},
};
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser},
};

use crate::{
    case::Case,
    measure::Summary,
    plan::Plan,
    report::{self, Results},
    runs,
    scenarios::{SCENARIOS, Scenario},
    show,
};

/// Seeds of one scenario, and of each where all are run.
const SEEDS: [u64; 2] = [100, 5];
/// The status of a program that was interrupted.
const INTERRUPTED: u8 = 130;
/// The choice of all kinds of consensus.
const ALL: &str = "all";

fn kinds() -> PossibleValuesParser {
    let all = PossibleValue::new(ALL).help("All that this program plays, one after the other");
    let kinds = Makers::ALL.map(|kind| {
        PossibleValue::new(kind.name()).help(match kind {
            Makers::Pow => "Proof of work",
            Makers::Pos => "Validators",
            Makers::Hybrid => "Proof of work, made final by validators",
        })
    });
    PossibleValuesParser::new([all].into_iter().chain(kinds))
}

/// Attacks simulated pools, and measures the outcome
///
/// Whole pools of real nodes' code run under a virtual clock; all randomness comes from seeds, and the same seed gives
/// the same run.
#[derive(Args, Clone, Debug)]
pub struct SimulateArgs {
    /// The attack; all of them, with few seeds, if none is named
    #[arg(value_parser = PossibleValuesParser::new(SCENARIOS.map(|it| it.name)))]
    pub scenario: Option<String>,
    /// In which pools
    #[arg(long, value_parser = kinds(), default_value = ALL, value_name = "KIND")]
    pub consensus: String,
    /// Nodes of a pool
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(4..=100))]
    pub nodes: u8,
    /// Nodes that vote, where nodes do
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub validators: u8,
    /// Runs of each case, each with a seed of its own [default: 100; 5 where all scenarios are run]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub seeds: Option<u64>,
    /// The first seed; without --seeds, the only one
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// The attacker's share of the hash power, in percent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u64).range(1..=99))]
    pub share: Option<u64>,
    /// Validators of the attacker
    #[arg(long, value_name = "COUNT")]
    pub guilty: Option<u8>,
    /// The longest time that the attacker mines, or the network is parted
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_440))]
    pub minutes: Option<u64>,
    /// The time by which the attacker dates blocks ahead
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=7_200))]
    pub ahead: Option<u64>,
    /// Computers that are on day and night, where the others are laptops
    #[arg(long, value_name = "COUNT")]
    pub always_on: Option<u8>,
    /// Messages of a hundred that are lost, where faults are mixed
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u64).range(0..=50))]
    pub loss: Option<u64>,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
    /// Writes a page with plots, and the JSON, into this directory
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
}

/// Runs what is asked for; failure if something came out otherwise than it must.
pub async fn run(args: SimulateArgs) -> anyhow::Result<ExitCode> {
    let plan = args.plan()?;
    let kinds = args.kinds(&plan)?;
    let scenarios = args.scenarios();
    let cases: Vec<Case> = scenarios
        .iter()
        .flat_map(|scenario| kinds.iter().flat_map(|kind| (scenario.cases)(&plan, *kind)))
        .collect();
    if cases.is_empty() {
        bail!("this scenario has no attacker in such a pool: name another scenario or --consensus");
    }
    let first = args.seed.unwrap_or(1);
    let all = SEEDS[usize::from(args.scenario.is_none())];
    let seeds = args
        .seeds
        .unwrap_or(if args.seed.is_some() { 1 } else { all });
    let last = first.checked_add(seeds).context("--seed is too large")?;
    let (summaries, interrupted) = simulate(cases, first..last).await?;
    let ok = summaries.iter().all(|it| it.ok);
    let results = Results {
        nodes: args.nodes,
        validators: args.validators,
        first_seed: first,
        seeds,
        interrupted,
        ok,
        cases: &summaries,
    };
    if let Some(directory) = &args.report {
        let page = report::write(directory, &results)?;
        output::hint(format_args!("The report is {}", page.display()));
    }
    if args.json {
        output::json(&results)?;
    } else {
        show::show(&summaries)?;
        let runs: u64 = summaries.iter().map(|it| it.runs).sum();
        output::line(format_args!(
            "{} of {} nodes, the first seed {first}.",
            count(runs, "run", "runs"),
            args.nodes
        ))?;
    }
    Ok(match (interrupted, ok) {
        (true, _) => ExitCode::from(INTERRUPTED),
        (false, true) => ExitCode::SUCCESS,
        (false, false) => bail!(
            "a guarantee did not hold: see the marked rows, and run their seeds again with --seed"
        ),
    })
}

/// Runs the cases, until Ctrl-C: what was run so far, and whether it was interrupted.
async fn simulate(cases: Vec<Case>, seeds: Range<u64>) -> anyhow::Result<(Vec<Summary>, bool)> {
    let stop = Arc::new(AtomicBool::new(false));
    let stopping = Arc::clone(&stop);
    let mut work = tokio::task::spawn_blocking(move || {
        let count = u64::try_from(cases.len()).unwrap_or(u64::MAX);
        let all = count.saturating_mul(seeds.end.saturating_sub(seeds.start));
        let mut progress = Progress::of("simulated", "runs");
        runs::run(&cases, seeds, &stopping, |done| {
            progress.at(u64::try_from(done).unwrap_or(u64::MAX), all);
        })
    });
    let summaries = tokio::select! {
        done = &mut work => done,
        _ = tokio::signal::ctrl_c() => {
            output::hint("Stopping after the current runs. Press Ctrl-C again to stop now.");
            stop.store(true, Ordering::Relaxed);
            tokio::select! {
                done = &mut work => done,
                _ = tokio::signal::ctrl_c() => std::process::exit(INTERRUPTED.into()),
            }
        }
    };
    let summaries = summaries.context("the simulation ended early")?;
    Ok((summaries, stop.load(Ordering::Relaxed)))
}

impl SimulateArgs {
    fn plan(&self) -> anyhow::Result<Plan> {
        if self.validators > self.nodes - 2 {
            bail!(
                "{} validators do not fit into {} nodes, of which two never vote: use --nodes {}",
                self.validators,
                self.nodes,
                u16::from(self.validators) + 2
            );
        }
        if self.guilty.is_some_and(|guilty| guilty > self.validators) {
            bail!(
                "--guilty is more than --validators, which is {}",
                self.validators
            );
        }
        if self.always_on.is_some_and(|on| on > self.nodes) {
            bail!("--always-on is more than --nodes, which is {}", self.nodes);
        }
        Ok(Plan {
            nodes: self.nodes.into(),
            validators: self.validators.into(),
            share: self.share,
            guilty: self.guilty.map(usize::from),
            minutes: self.minutes,
            ahead_s: self.ahead,
            always_on: self.always_on.map(usize::from),
            loss_percent: self.loss,
        })
    }

    fn kinds(&self, plan: &Plan) -> anyhow::Result<Vec<Makers>> {
        let played = plan.played();
        let Ok(one) = self.consensus.parse() else {
            return Ok(played);
        };
        if !played.contains(&one) {
            bail!(
                "this program cannot play `{one}` yet: leave out --consensus for all that it plays"
            );
        }
        Ok(vec![one])
    }

    fn scenarios(&self) -> Vec<Scenario> {
        let wanted = |it: &Scenario| self.scenario.as_ref().is_none_or(|name| name == it.name);
        SCENARIOS.into_iter().filter(wanted).collect()
    }
}
