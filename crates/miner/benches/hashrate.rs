//! Hashes a second of one thread beside a plain `sha2` loop, and how long the threads take to
//! turn to new work and solve it.
#![allow(missing_docs, clippy::print_stdout, clippy::expect_used)]

use std::{
    cell::Cell,
    hint::black_box,
    num::NonZeroUsize,
    sync::mpsc,
    time::{Duration, Instant},
};

use bolao_miner::{
    Kernel, Miner, SearchHeader, Sha2Kernel, Template, Work, double_sha256, meets_target,
};
use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};

const NONCES: u32 = 4_096;
const NEVER: [u8; 32] = [0; 32];
const ALWAYS: [u8; 32] = [0xff; 32];

/// What was hashed in how much time.
#[derive(Default)]
struct Tally(Cell<(u64, Duration)>);

impl Tally {
    fn add(&self, hashes: u64, elapsed: Duration) {
        let (total, time) = self.0.get();
        self.0.set((total + hashes, time + elapsed));
    }

    fn mega_hashes_per_second(&self) -> f64 {
        let (total, time) = self.0.get();
        f64::from(u32::try_from(total / 1_000).unwrap_or(u32::MAX)) / 1e3 / time.as_secs_f64()
    }
}

fn scan(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, hash: impl Fn() -> bool) -> f64 {
    let tally = Tally::default();
    group.bench_function(name, |bench| {
        bench.iter_custom(|rounds| {
            let start = Instant::now();
            for _ in 0..rounds {
                assert!(!black_box(hash()), "no hash is zero");
            }
            let elapsed = start.elapsed();
            tally.add(rounds * u64::from(NONCES), elapsed);
            elapsed
        });
    });
    tally.mega_hashes_per_second()
}

fn hashes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one thread");
    group.throughput(Throughput::Elements(NONCES.into()));
    let header = [0x5a; 80];

    let plain = scan(&mut group, "plain sha2 loop", || {
        let mut header = black_box(header);
        (0..NONCES).any(|nonce| {
            header[76..].copy_from_slice(&nonce.to_le_bytes());
            meets_target(&double_sha256(&header), &NEVER)
        })
    });
    let search = SearchHeader::new(&header, NEVER);
    let kernel = scan(&mut group, "sha2 kernel", || {
        Sha2Kernel
            .scan(black_box(&search), 0..=NONCES - 1)
            .is_some()
    });
    group.finish();
    println!(
        "one thread: kernel {kernel:.2} MH/s, plain sha2 {plain:.2} MH/s, ratio {:.2}\n",
        kernel / plain
    );
}

fn template(target: [u8; 32]) -> Template {
    Template {
        header: [0; 80],
        target,
        coinbase_prefix: vec![0; 100],
        merkle_branch: vec![[1; 32]; 10],
        max_time: 0,
    }
}

fn switching(criterion: &mut Criterion) {
    let (found, solutions) = mpsc::channel();
    let miner = Miner::start(
        NonZeroUsize::new(2),
        [0; 8],
        Box::new(move |solution| {
            let _ = found.send(solution);
        }),
    )
    .expect("two threads start");
    let mut id = 0;
    criterion.bench_function("from new work to its solution, two busy threads", |bench| {
        bench.iter_custom(|rounds| {
            let mut elapsed = Duration::ZERO;
            for _ in 0..rounds {
                let before = miner.hash_rate().total_hashes;
                miner.set_work(Work::new(id, template(NEVER)));
                while miner.hash_rate().total_hashes < before + 20_000 {
                    std::thread::sleep(Duration::from_micros(200));
                }
                let start = Instant::now();
                miner.set_work(Work::new(id + 1, template(ALWAYS)));
                let solution = solutions.recv().expect("the miner runs");
                elapsed += start.elapsed();
                assert_eq!(solution.work_id, id + 1);
                id += 2;
            }
            elapsed
        });
    });
}

fn main() {
    let mut criterion = Criterion::default()
        .configure_from_args()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    hashes(&mut criterion);
    switching(&mut criterion);
    criterion.final_summary();
}
