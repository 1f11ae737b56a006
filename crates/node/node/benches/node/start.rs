//! What must not grow with the chain: the start, and a player's page.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use bolao_chain::{Core, CoreConfig};
use bolao_node::{Home, Node};
use bolao_store::Store;
use reqwest::Client;
use tokio::runtime::Runtime;

use crate::{
    chain::genesis,
    homes::{Grown, Homes, temp_dir},
    link::now,
    report::{Report, Times, grouped, ms, timed, times_as},
    running::{Running, config, runtime},
};

const SMALL: usize = 1_000;
const LARGE: usize = 100_000;
const STARTS: usize = 9;
const REQUESTS: usize = 1_000;

#[derive(Default)]
struct Starts {
    node: Times,
    store: Times,
    killed: Times,
}

#[derive(Default)]
struct Reads {
    player: Times,
    front: Times,
}

pub(crate) fn run(report: &mut Report, homes: &mut Homes) {
    let runtime = runtime();
    for bets in [SMALL, LARGE] {
        homes.with_bets(bets);
    }
    let mut starts: [Starts; 2] = Default::default();
    for round in 0..=STARTS {
        for (bets, starts) in [SMALL, LARGE].into_iter().zip(&mut starts) {
            // The first start makes wallet and keys.
            let mut ignored = Starts::default();
            let starts = if round == 0 { &mut ignored } else { starts };
            start(&runtime, homes.with_bets(bets), starts);
        }
    }
    let reads = read(
        &runtime,
        [SMALL, LARGE].map(|bets| homes.with_bets(bets).home.clone()),
    );

    let against = format!("that at {} bets", grouped(SMALL as f64));
    let [small, large] = starts;
    report.section("What must not grow with the chain, medians");
    let mut pair = |what: &str, small: &Times, large: &Times| {
        report.row(
            &format!("{what}, {} bets", grouped(SMALL as f64)),
            &ms(small.median()),
            "",
        );
        report.row(
            &format!("{what}, {} bets", grouped(LARGE as f64)),
            &ms(large.median()),
            &times_as(large.median(), small.median(), &against),
        );
    };
    pair("Store::open and Core::new", &small.store, &large.store);
    pair("the same after a kill", &small.killed, &large.killed);
    pair("Node::start", &small.node, &large.node);
    let [small, large] = reads;
    pair("GET /player/NAME over HTTP", &small.player, &large.player);
    pair("GET / over HTTP", &small.front, &large.front);
}

fn start(runtime: &Runtime, grown: &Grown, starts: &mut Starts) {
    let (home, genesis) = (&grown.home, genesis());
    let chain = home.chain_path();
    starts.store.push(open(&chain));
    let (time, node) = timed(|| {
        let node = Node::start(home.clone(), genesis, config(home));
        runtime.block_on(node).unwrap()
    });
    starts.node.push(time);
    // What a kill would leave on the disk.
    let dir = temp_dir();
    let copy = dir.path().join("chain.redb");
    fs::copy(&chain, &copy).unwrap();
    fs::File::open(&copy).unwrap().sync_all().unwrap();
    runtime.block_on(node.run(async {})).unwrap();
    starts.killed.push(open(&copy));
}

pub(crate) fn open(path: &Path) -> Duration {
    let (time, _) = timed(|| {
        let store = Store::open(path).unwrap();
        Core::new(store, CoreConfig::default(), now()).unwrap()
    });
    time
}

/// Both nodes in turn, so that what else the machine does falls on both.
fn read(runtime: &Runtime, homes: [Home; 2]) -> [Reads; 2] {
    let genesis = genesis();
    let nodes = homes.map(|home| Running::start(runtime, &home, &genesis));
    let client = Client::new();
    let mut reads: [Reads; 2] = Default::default();
    runtime.block_on(async {
        for request in 0..=REQUESTS {
            for (node, reads) in nodes.iter().zip(&mut reads) {
                let player = get(&client, format!("{}/player/Player%203", node.url), 1_000).await;
                let front = get(&client, format!("{}/", node.url), 1).await;
                // The first one connects.
                if request > 0 {
                    reads.player.push(player);
                    reads.front.push(front);
                }
            }
        }
    });
    for node in nodes {
        node.stop(runtime);
    }
    reads
}

async fn get(client: &Client, url: String, at_least: usize) -> Duration {
    let began = Instant::now();
    let answer = client.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let bytes = answer.bytes().await.unwrap().len();
    assert!(bytes > at_least, "{bytes} bytes");
    began.elapsed()
}
