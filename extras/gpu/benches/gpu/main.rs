//! The rate of every GPU, beside the fastest kernel of all cores, and beside what the
//! device does of a hash's instructions when they are no hash.
#![allow(missing_docs, clippy::print_stdout, clippy::cast_precision_loss)]

mod integers;

use std::{
    env,
    hint::black_box,
    num::NonZeroUsize,
    thread,
    time::{Duration, Instant},
};

use bolao_gpu::{Gpu, devices, invocations_per_second};
use bolao_miner::{SearchHeader, fastest};

use crate::integers::{INTEGERS, integers};

/// Integer instructions a second, in thousands of millions: processors, instructions that each
/// begins in a cycle, and the highest clock in MHz, as the makers publish them.
const KNOWN: &[(&str, f64, f64, f64)] = &[
    ("A100-SXM4", 108.0, 64.0, 1410.0),
    ("H100 80GB HBM3", 132.0, 64.0, 1980.0),
    ("H200", 132.0, 64.0, 1980.0),
    ("RTX 3090", 82.0, 64.0, 1695.0),
    ("RTX 4090", 128.0, 64.0, 2520.0),
];

fn published(name: &str) -> Option<f64> {
    let known = KNOWN.iter().find(|(part, ..)| {
        // "RTX 3090" is not "RTX 3090 Ti".
        name.ends_with(part) || (part.contains('-') && name.contains(part))
    });
    known.map(|(_, processors, each, mhz)| processors * each * mhz * 1e6)
}

/// Of the CPU's fastest kernel on all cores.
fn cpu(time: Duration) -> f64 {
    let kernel = fastest();
    let header = SearchHeader::new(&[0x5a; 80], [0; 32]);
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let hash = || {
            let start = Instant::now();
            let mut hashes = 0.0;
            while start.elapsed() < time {
                drop(black_box(
                    kernel.scan(black_box(&header), 0..=kernel.chunk() - 1),
                ));
                hashes += f64::from(kernel.chunk());
            }
            hashes / start.elapsed().as_secs_f64()
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(hash)).collect();
        let rates = threads.into_iter().map(thread::ScopedJoinHandle::join);
        rates.map(|rate| rate.expect("no kernel panics")).sum()
    })
}

fn main() {
    if env::args().any(|argument| argument == "--list") {
        return;
    }
    // Run as a test, it only shows that it runs.
    let full = env::args().any(|argument| argument == "--bench");
    let (rounds, time) = if full { (7, 1_000) } else { (1, 20) };
    let time = Duration::from_millis(time);
    let per_hash = Gpu::instructions_per_hash() as f64;
    println!("\n## SHA-256d of headers on GPUs, {per_hash} instructions a hash\n");
    if devices().is_empty() {
        println!("no GPU with a Vulkan driver");
    }
    for device in devices() {
        println!("{}, {}, {}", device.name, device.kind, device.driver);
        let gpu = match Gpu::open(device.index) {
            Ok(gpu) => gpu,
            Err(error) => {
                println!("left out: {error}");
                continue;
            }
        };
        // Each round measures all, so that what else the machine does falls on all.
        let mut measured: Vec<[f64; 3]> = (0..rounds)
            .map(|_| {
                let invocations = invocations_per_second(device.index, &integers());
                let limit = invocations.map_or(f64::NAN, |rate| rate * INTEGERS as f64 / per_hash);
                [
                    gpu.hashes_per_second(time)
                        .map_or(f64::NAN, |rate| rate as f64),
                    limit,
                    cpu(time / 4),
                ]
            })
            .collect();
        let mut median = |of: &dyn Fn(&[f64; 3]) -> f64| {
            measured.sort_by(|a, b| of(a).total_cmp(&of(b)));
            measured.get(measured.len() / 2).map_or(f64::NAN, of)
        };
        let rate = median(&|[rate, ..]| *rate);
        println!(
            "| hashes                                     | {:>10.2} MH/s |",
            rate / 1e6
        );
        println!(
            "| by the measured integer instructions       | {:>10.2} MH/s |",
            median(&|[_, limit, _]| *limit) / 1e6
        );
        println!(
            "| hashes by that, ratio                      | {:>10.3}      |",
            median(&|[rate, limit, _]| rate / limit)
        );
        if let Some(published) = published(&device.name) {
            println!(
                "| limit of the published integer rate        | {:>10.2} MH/s |\n\
                 | hashes by that limit, ratio                | {:>10.3}      |",
                published / per_hash / 1e6,
                rate * per_hash / published
            );
        }
        println!(
            "| hashes by the CPU's ({}, all cores), ratio | {:>10.3} |",
            fastest().name(),
            median(&|[rate, _, cpu]| rate / cpu)
        );
    }
}
