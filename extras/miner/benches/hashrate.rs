//! Hashes a second of every kernel beside plain `sha2` loops, of one thread and of all cores, and
//! how long the threads take to turn to new work and solve it. Every contender is measured in
//! every round, so that what else the machine does falls on all of them; medians are printed.
#![allow(missing_docs, clippy::print_stdout, clippy::indexing_slicing)]

use std::{
    env,
    hint::black_box,
    num::NonZeroUsize,
    ops::RangeInclusive,
    process::{Command, Stdio},
    sync::{Arc, Barrier, mpsc},
    thread,
    time::{Duration, Instant},
};

use bolao_miner::{Kernel, Miner, Options, Scan, SearchHeader, Work, by_name, fastest, kernels};
use bolao_work::{Job, meets_target, sha256d};
use sha2::block_api::compress256;

const NEVER: [u8; 32] = [0; 32];
const ALWAYS: [u8; 32] = [0xff; 32];
const HEADER: [u8; 80] = [0x5a; 80];

const INITIAL_STATE: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Eighty bytes through `sha2`, twice.
#[derive(Debug)]
struct PlainLoop;

impl Kernel for PlainLoop {
    fn name(&self) -> &'static str {
        "plain sha2 loop"
    }

    fn scan(&self, header: &SearchHeader, mut nonces: RangeInclusive<u32>) -> Scan {
        let mut bytes = black_box(HEADER);
        Ok(nonces.find(|nonce| {
            bytes[76..].copy_from_slice(&nonce.to_le_bytes());
            meets_target(&sha256d(&bytes), header.target())
        }))
    }
}

/// One nonce after the other from the midstate, through `sha2`'s compression.
#[derive(Debug)]
struct MidstateLoop;

impl Kernel for MidstateLoop {
    fn name(&self) -> &'static str {
        "sha2 midstate loop"
    }

    fn scan(&self, header: &SearchHeader, mut nonces: RangeInclusive<u32>) -> Scan {
        let mut end = [0; 64];
        end[..12].copy_from_slice(header.tail());
        end[16] = 0x80;
        end[62..].copy_from_slice(&640_u16.to_be_bytes());
        let mut digest = [0; 64];
        digest[32] = 0x80;
        digest[62..].copy_from_slice(&256_u16.to_be_bytes());
        Ok(nonces.find(|nonce| {
            end[12..16].copy_from_slice(&nonce.to_le_bytes());
            let mut state = *header.midstate();
            compress256(&mut state, &[end]);
            put_state(&mut digest, &state);
            state = INITIAL_STATE;
            compress256(&mut state, &[digest]);
            let mut hash = [0; 32];
            put_state(&mut hash, &state);
            meets_target(&hash, header.target())
        }))
    }
}

fn put_state(bytes: &mut [u8], state: &[u32; 8]) {
    for (bytes, word) in bytes.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
}

/// Hashes a second, in millions.
fn rate(kernel: &dyn Kernel, time: Duration) -> f64 {
    let search = SearchHeader::new(&HEADER, NEVER);
    let chunk = kernel.chunk();
    let start = Instant::now();
    let mut chunks = 0_u32;
    while start.elapsed() < time {
        let found = kernel.scan(black_box(&search), 0..=chunk - 1);
        assert_eq!(found, Ok(None), "no hash is zero");
        chunks += 1;
    }
    f64::from(chunk) * f64::from(chunks) / start.elapsed().as_secs_f64() / 1e6
}

/// The sum over `threads` threads that start together.
fn rate_of(kernel: &Arc<dyn Kernel>, threads: usize, time: Duration) -> f64 {
    if threads == 1 {
        return rate(kernel.as_ref(), time);
    }
    let barrier = Barrier::new(threads);
    thread::scope(|scope| {
        let hash = || {
            barrier.wait();
            rate(kernel.as_ref(), time)
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(hash)).collect();
        let rates = threads.into_iter().map(thread::ScopedJoinHandle::join);
        rates.map(|rate| rate.expect("no kernel panics")).sum()
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The median of each contender, and of each round's ratio to the first and to the second.
fn compare(contenders: &[Arc<dyn Kernel>], threads: usize, rounds: usize, time: Duration) {
    println!(
        "\n## SHA-256d of headers, {threads} thread(s)\n\n\
         | kernel             |   MH/s | x plain loop | x midstate loop |\n\
         | ------------------ | -----: | -----------: | --------------: |"
    );
    let rounds: Vec<Vec<f64>> = (0..rounds)
        .map(|_| {
            let rates = contenders.iter();
            rates.map(|kernel| rate_of(kernel, threads, time)).collect()
        })
        .collect();
    for (i, kernel) in contenders.iter().enumerate() {
        let of = |value: &dyn Fn(&[f64]) -> f64| {
            median(rounds.iter().map(|round| value(round)).collect())
        };
        println!(
            "| {:<18} | {:>6.2} | {:>12.2} | {:>15.2} |",
            kernel.name(),
            of(&|round| round[i]),
            of(&|round| round[i] / round[0]),
            of(&|round| round[i] / round[1]),
        );
    }
}

fn template(target: [u8; 32]) -> Job {
    Job {
        header: [0; 80],
        target,
        coinbase_prefix: vec![0; 100],
        merkle_branch: vec![[1; 32]; 10],
        max_time: 0,
        ..Job::new([0; 80], [0; 32])
    }
}

fn switching(rounds: u64) {
    let (found, solutions) = mpsc::channel();
    let miner = Miner::start(
        Options::with_threads(NonZeroUsize::new(2)),
        [0; 8],
        Box::new(move |solution| {
            let _ = found.send(solution);
        }),
    )
    .expect("two threads start");
    let times = (0..rounds).map(|round| {
        let before = miner.hash_rate().total_hashes;
        miner.set_work(Work::new(2 * round, template(NEVER)));
        while miner.hash_rate().total_hashes < before + 20_000 {
            thread::sleep(Duration::from_micros(200));
        }
        let start = Instant::now();
        miner.set_work(Work::new(2 * round + 1, template(ALWAYS)));
        let solution = solutions.recv().expect("the miner runs");
        assert_eq!(solution.work_id, 2 * round + 1);
        start.elapsed().as_secs_f64() * 1e3
    });
    println!(
        "\n| from new work to its solution, two busy threads | {:.3} ms |",
        median(times.collect())
    );
}

/// Miners of others on this machine, one thread in turns with ours: `BOLAO_MINERS`, paths parted by colons, else what the
/// search path has. They tell wall time, and some of them give way to all other programs.
fn other_miners() {
    let given = env::var("BOLAO_MINERS").unwrap_or_else(|_| "minerd:cpuminer".into());
    for program in given.split(':') {
        let ours = fastest();
        let turns: Option<Vec<[f64; 2]>> = (0..3)
            .map(|_| {
                Some([
                    rate(ours.as_ref(), Duration::from_secs(1)),
                    benchmark(program)?,
                ])
            })
            .collect();
        let Some(turns) = turns else {
            println!("\nno rate of {program}: not there, or it tells none that is known");
            continue;
        };
        let of = |value: fn(&[f64; 2]) -> f64| median(turns.iter().map(value).collect());
        println!(
            "\n| {program}, one thread | {:.2} MH/s |\n| {} beside it | {:.2} MH/s |\n| ratio | {:.2} |",
            of(|[_, theirs]| *theirs),
            ours.name(),
            of(|[ours, _]| *ours),
            of(|[ours, theirs]| ours / theirs),
        );
    }
}

/// What a program with cpuminer's flags tells in its first seconds, in millions a second.
fn benchmark(program: &str) -> Option<f64> {
    let mut child = Command::new(program)
        .args(["--benchmark", "-a", "sha256d", "-t", "1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    thread::sleep(Duration::from_secs(8));
    let _ = child.kill();
    let output = child.wait_with_output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&text)
        .lines()
        .rev()
        .find_map(printed_rate)
}

/// The rate at the end of a line such as `Total: 4664 khash/s`.
fn printed_rate(line: &str) -> Option<f64> {
    let mut words = line.split_whitespace().rev();
    let (unit, number) = (words.next()?.to_lowercase(), words.next()?);
    let hashes = unit
        .strip_suffix("hash/s")
        .or_else(|| unit.strip_suffix("h/s"))?;
    let millions = match hashes {
        "" => 1e-6,
        "k" => 1e-3,
        "m" => 1.0,
        "g" => 1e3,
        _ => return None,
    };
    number.parse::<f64>().ok().map(|number| number * millions)
}

fn main() {
    if env::args().any(|argument| argument == "--list") {
        return;
    }
    // Run as a test, it only shows that it runs.
    let full = env::args().any(|argument| argument == "--bench");
    let (rounds, time) = if full { (21, 60) } else { (1, 1) };
    let time = Duration::from_millis(time);

    let mut contenders: Vec<Arc<dyn Kernel>> = vec![Arc::new(PlainLoop), Arc::new(MidstateLoop)];
    for info in kernels() {
        match by_name(info.name) {
            Ok(kernel) => contenders.push(kernel),
            Err(error) => println!("left out: {error}"),
        }
    }
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    compare(&contenders, 1, rounds, time);
    compare(&contenders, cores, rounds, time);
    println!("\nchosen on this machine: {}", fastest().name());
    switching(if full { 101 } else { 1 });
    if full {
        other_miners();
    }
}
