//! From a friend's program to the other friend's node.

use std::time::Instant;

use bolao_ledger::{Transaction, encode};
use bolao_node::Home;
use bolao_store::Store;
use reqwest::Client;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    chain::{Maker, fill},
    homes::{Homes, temp_dir},
    report::{Report, Times, times_as},
    running::{Running, runtime, wait_until},
};

const PLAYERS: usize = 50;
const BETS: usize = 300;
const BLOCKS: usize = 100;
const BETS_PER_BLOCK: usize = 5;

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    let runtime = runtime();
    let client = Client::new();
    let mut maker = Maker::new(PLAYERS);
    let dirs = [temp_dir(), temp_dir()];
    let [one, two] = dirs.each_ref().map(|dir| {
        let home = Home::open(dir.path()).unwrap();
        let mut store = Store::create(&home.chain_path(), &maker.genesis).unwrap();
        fill(&mut store, &maker, 16);
        drop(store);
        Running::start(&runtime, &home, &maker.genesis)
    });
    runtime.block_on(Running::register(&client, &one.url, &two.url));

    let (mut front, mut answered, mut pending) = <(Times, Times, Times)>::default();
    for transaction in maker.bets(BETS, 1) {
        let began = Instant::now();
        let request = client.get(format!("{}/", one.url)).send();
        assert_eq!(runtime.block_on(request).unwrap().status(), 200);
        front.push(began.elapsed());
        let (here, there) = submit(&runtime, &client, &one, &two, &transaction);
        answered.push(here);
        pending.push(there);
    }

    let (mut mined, mut arrived) = <(Times, Times)>::default();
    for block in 0..BLOCKS {
        for transaction in maker.bets(BETS_PER_BLOCK, 1) {
            submit(&runtime, &client, &one, &two, &transaction);
        }
        let before = one.height();
        let url = format!("{}/mine", one.url);
        let began = Instant::now();
        let answer = runtime.spawn(client.get(url).send());
        wait_until("the block here", || one.height() > before);
        mined.push(began.elapsed());
        wait_until("the block there", || two.height() > before);
        arrived.push(began.elapsed());
        let answer = runtime.block_on(answer).unwrap().unwrap();
        assert_eq!(answer.status(), 200, "block {block}");
    }

    let beside = |times: &Times, of: &str| times_as(times.median(), front.median(), of);
    let of = "GET /";
    report.section("From one node to another over QUIC on loopback, median / p99");
    report.row("GET / over HTTP", &front.both(), "");
    report.row(
        "POST a bet: on disk here and answered",
        &answered.both(),
        &beside(&answered, of),
    );
    report.row(
        "POST a bet: pending there",
        &pending.both(),
        &beside(&pending, of),
    );
    report.row(
        "GET /mine: the block is the tip here",
        &mined.both(),
        &beside(&mined, of),
    );
    report.row(
        "GET /mine: the block is the tip there",
        &arrived.both(),
        &beside(&arrived, of),
    );
    for node in [one, two] {
        node.stop(&runtime);
    }
}

/// The time until the node answers, and until the transaction waits at the other one.
fn submit(
    runtime: &Runtime,
    client: &Client,
    at: &Running,
    other: &Running,
    transaction: &Transaction,
) -> (std::time::Duration, std::time::Duration) {
    let id = transaction.id();
    let body = json!({ "transaction": hex::encode(encode(transaction)) });
    let request = client
        .post(format!("{}/api/v1/transactions", at.url))
        .json(&body);
    let began = Instant::now();
    let answer = runtime.spawn(async move {
        let answer = request.send().await.unwrap();
        let time = began.elapsed();
        (time, answer.status(), answer.text().await.unwrap())
    });
    wait_until("the bet", || {
        let snapshot = other.reader.snapshot().unwrap();
        snapshot.pending_transaction(&id).unwrap().is_some()
    });
    let there = began.elapsed();
    let (here, status, text) = runtime.block_on(answer).unwrap();
    assert_eq!(status, 202, "{text}");
    (here, there)
}
