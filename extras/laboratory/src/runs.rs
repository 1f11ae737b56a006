//! Many seeds on all of the machine's cores. Each run is single-threaded.

use std::{
    collections::BTreeMap,
    num::NonZero,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use crate::{case::Case, measure::Summary, outcome::Outcome};

/// Runs all cases with all seeds, until `stop` is set; `progress` hears how many runs are done. Gives the cases of which
/// at least one run ended.
pub fn run(
    cases: &[Case],
    seeds: Range<u64>,
    stop: &AtomicBool,
    mut progress: impl FnMut(usize),
) -> Vec<Summary> {
    let jobs: Vec<(usize, u64)> = (0..cases.len())
        .flat_map(|case| seeds.clone().map(move |seed| (case, seed)))
        .collect();
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let mut outcomes: BTreeMap<(usize, u64), Outcome> = BTreeMap::new();
    thread::scope(|scope| {
        let (done, results) = mpsc::channel();
        for _ in 0..workers.min(jobs.len()) {
            let (done, jobs, next) = (done.clone(), &jobs, &next);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed)
                    && let Some((at, seed)) = jobs.get(next.fetch_add(1, Ordering::Relaxed))
                    && let Some(case) = cases.get(*at)
                {
                    // Nobody listens any more: the caller is gone.
                    let _ = done.send(((*at, *seed), run_one(case, *seed)));
                }
            });
        }
        drop(done);
        for (key, outcome) in results {
            outcomes.insert(key, outcome);
            progress(outcomes.len());
        }
    });
    let of_case = |at: usize| -> Vec<Outcome> {
        let of_case = outcomes.range((at, 0)..=(at, u64::MAX));
        of_case.map(|(_, outcome)| outcome.clone()).collect()
    };
    cases
        .iter()
        .enumerate()
        .map(|(at, case)| (case, of_case(at)))
        .filter(|(_, outcomes)| !outcomes.is_empty())
        .map(|(case, outcomes)| Summary::of(case, &outcomes))
        .collect()
}

/// A run that panics has found a fault, and the others go on.
fn run_one(case: &Case, seed: u64) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| case.run(seed))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Outcome {
            seed,
            broken: vec![format!("panic: {}", text.unwrap_or("no text"))],
            ..Outcome::default()
        }
    })
}
