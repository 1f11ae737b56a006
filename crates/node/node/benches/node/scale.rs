//! Ten thousand players and a hundred and four matches, a million tips: what a result, a page and a start cost beside
//! smaller pools, and what a tip takes on the disk.

mod bytes;
mod pool;
mod reads;

use std::{path::Path, time::Instant};

use bolao_ledger::Outcome;

use crate::{
    homes::Homes,
    report::{Report, Times, grouped, ms, times_as},
};
use pool::{Pool, Size};

/// The matches of a World Cup.
const MATCHES: u16 = 104;
/// Matches whose results are recorded, corrected and become final.
const RESULTS: u16 = 5;
const STARTS: usize = 9;

const LARGE: Size = Size::open(10_000, MATCHES);
const FEW_PLAYERS: Size = Size::open(1_000, MATCHES);
const FEW_MATCHES: Size = Size::open(10_000, 8);
const SEALED: Size = Size::sealed(1_000, MATCHES);
const EMPTY: Size = Size::open(1, MATCHES);

/// What blocks cost: the core's time with the disk, and how many entries of the state change.
#[derive(Default)]
struct Steps {
    entered: Step,
    corrected: Step,
    settled: Step,
    empty: Step,
}

#[derive(Default)]
struct Step {
    times: Times,
    entries: usize,
}

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    report.section("A pool of 10,000 players and 104 matches: making it");
    let made = [LARGE, FEW_PLAYERS, FEW_MATCHES, SEALED, EMPTY].map(|size| {
        let began = Instant::now();
        let pool = Pool::new(size);
        if size.tips() > 1_000 {
            report.row(
                &format!("{size}: joined and tipped, through one core on disk"),
                &ms(began.elapsed()),
                &format!(
                    "{} blocks, {} tips/s",
                    pool.height(),
                    grouped(size.tips() as f64 / began.elapsed().as_secs_f64())
                ),
            );
        }
        pool
    });
    let [
        mut large,
        mut few_players,
        mut few_matches,
        mut sealed,
        empty,
    ] = made;
    let steps = [&mut large, &mut few_players, &mut few_matches, &mut sealed]
        .map(|pool| (pool.size, play(pool)));
    results(report, &steps);

    let (large, few_players, few_matches) =
        (large.close(), few_players.close(), few_matches.close());
    let (sealed, empty) = (sealed.close(), empty.close());
    report.section("Bytes on disk for each tip, staked, results of five matches included");
    for closed in [&large, &few_players, &few_matches, &sealed] {
        bytes::report(report, closed);
    }
    starts(report, &large.chain_path(), &empty.chain_path());
    reads::run(report, large, empty);
}

fn play(pool: &mut Pool) -> Steps {
    let mut steps = Steps::default();
    for no in 1..=RESULTS {
        pool.pass_kickoff(no);
        let first = pool.result(no, &Outcome::played(pool::score(2, 1)));
        steps.entered.take(pool, 60, vec![first]);
        let corrected = pool.result(no, &Outcome::played(pool::score(1, 1)));
        steps.corrected.take(pool, 60, vec![corrected]);
        steps.settled.take(pool, pool::DISPUTE_S, Vec::new());
        steps.empty.take(pool, 1, Vec::new());
    }
    steps
}

impl Step {
    fn take(&mut self, pool: &mut Pool, later: u64, transactions: Vec<bolao_ledger::Transaction>) {
        let (time, entries) = pool.block(later, transactions);
        self.times.push(time);
        self.entries = entries;
    }
}

type Pick = fn(&Steps) -> &Step;

fn results(report: &mut Report, steps: &[(Size, Steps)]) {
    report
        .section("A result: one block through the core, on disk when it returns, medians of five");
    let rows: [(&str, Pick); 4] = [
        ("it enters, provisional", |steps| &steps.entered),
        ("it is corrected", |steps| &steps.corrected),
        ("it becomes final, the pot is paid", |steps| &steps.settled),
        ("an empty block", |steps| &steps.empty),
    ];
    for (what, step) in rows {
        let Some((_, first)) = steps.first() else {
            continue;
        };
        let against = step(first).times.median();
        for (index, (size, steps)) in steps.iter().enumerate() {
            let step = step(steps);
            let beside = if index == 0 {
                String::new()
            } else {
                format!(
                    "; {}",
                    times_as(step.times.median(), against, "the first's time")
                )
            };
            report.row(
                &format!("{what}: {size}"),
                &ms(step.times.median()),
                &format!("{} entries{beside}", grouped(step.entries as f64)),
            );
        }
    }
}

fn starts(report: &mut Report, large: &Path, empty: &Path) {
    let (mut full, mut bare) = (Times::default(), Times::default());
    for _ in 0..STARTS {
        full.push(crate::start::open(large));
        bare.push(crate::start::open(empty));
    }
    report.section("Start-up and reads with that pool, beside one with a single player, medians");
    let row = |what: &str, time: &Times, beside: &str| {
        (what.to_owned(), ms(time.median()), beside.to_owned())
    };
    for (what, figure, beside) in [
        row("Store::open and Core::new, one player", &bare, ""),
        row(
            "Store::open and Core::new, a million tips",
            &full,
            &times_as(full.median(), bare.median(), "that with one player"),
        ),
    ] {
        report.row(&what, &figure, &beside);
    }
}
