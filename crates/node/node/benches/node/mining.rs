//! How soon a node answers its API while it mines on all cores.

use std::time::{Duration, Instant};

use bolao_ledger::{Genesis, TargetRule};
use bolao_miner::{Miner, Options};
use bolao_node::{Home, MiningMode};
use reqwest::Client;

use crate::{
    homes::{Homes, temp_dir},
    report::{Report, Times, ms, times_as},
    running::{Running, config, runtime},
};

const REQUESTS: usize = 1_000;
/// From one request to the next: a page that is looked at, not a flood.
const PAUSE: Duration = Duration::from_millis(5);
const PATHS: [&str; 3] = ["/", "/api/v1/status", "/api/v1/matches"];

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    // So hard that nothing is found meanwhile.
    let genesis = Genesis {
        target: TargetRule::Fixed { zero_bits: 60 },
        ..Genesis::article()
    };
    let cores = std::thread::available_parallelism().unwrap();
    report.section(&format!(
        "A node answers over HTTP, median / p99 of {REQUESTS} requests ({cores} cores)"
    ));
    let idle = PATHS.map(|path| measure(&genesis, MiningMode::Manual, path));
    let busy = PATHS.map(|path| measure(&genesis, MiningMode::Always, path));
    for ((path, idle), busy) in PATHS.iter().zip(&idle).zip(&busy) {
        report.row(&format!("GET {path}: at rest"), &idle.both(), "");
        report.row(
            &format!("GET {path}: mining on all cores"),
            &busy.both(),
            &times_as(busy.p99(), idle.p99(), "p99 at rest"),
        );
        let met = if busy.p99() < Duration::from_millis(20) {
            "met"
        } else {
            "missed"
        };
        report.row(
            &format!("GET {path}: p99 while mining, wanted under 20 ms"),
            &ms(busy.p99()),
            met,
        );
    }
}

fn measure(genesis: &Genesis, mode: MiningMode, path: &str) -> Times {
    let runtime = runtime();
    let dir = temp_dir();
    let home = Home::open(dir.path()).unwrap();
    let mut settings = config(&home);
    settings.mining = mode;
    settings.searcher = Some(Miner::starter(Options::default()));
    let node = Running::start_as(&runtime, &home, genesis, settings);
    let client = Client::new();
    let url = format!("{}{path}", node.url);
    let times = runtime.block_on(async {
        let mut times = Times::default();
        for request in 0..REQUESTS + 20 {
            let began = Instant::now();
            let answer = client.get(&url).send().await.unwrap();
            assert_eq!(answer.status(), 200);
            answer.bytes().await.unwrap();
            // The first ones open the connection and warm what is kept.
            if request >= 20 {
                times.push(began.elapsed());
            }
            tokio::time::sleep(PAUSE).await;
        }
        times
    });
    node.stop(&runtime);
    times
}
