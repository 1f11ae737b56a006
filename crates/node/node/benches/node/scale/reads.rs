//! A running node with that pool: how it starts, and its pages over HTTP, kept and after a block that changed points.

use bolao_ledger::{Outcome, encode};
use bolao_node::Node;
use reqwest::{Client, StatusCode};

use super::{
    MATCHES,
    pool::{Closed, result, score},
};
use crate::{
    report::{Report, Times, ms, timed, times_as},
    running::{Running, config, runtime},
};

const STARTS: usize = 5;
const KEPT: usize = 200;
/// Results that are recorded while the node runs, and matches that have one before.
const RESULTS: u16 = 9;

pub(crate) fn run(report: &mut Report, large: Closed, empty: Closed) {
    let runtime = runtime();
    let (mut full, mut bare) = (Times::default(), Times::default());
    for round in 0..=STARTS {
        for (pool, times) in [(&large, &mut full), (&empty, &mut bare)] {
            let (home, genesis) = (&pool.home, pool.genesis.clone());
            let (time, node) = timed(|| {
                let node = Node::start(home.clone(), genesis, config(home));
                runtime.block_on(node).unwrap()
            });
            // The first start makes wallet and keys.
            if round > 0 {
                times.push(time);
            }
            runtime.block_on(node.run(async {})).unwrap();
        }
    }
    report.row("Node::start, one player", &ms(bare.median()), "");
    report.row(
        "Node::start, a million tips",
        &ms(full.median()),
        &times_as(full.median(), bare.median(), "that with one player"),
    );
    pages(report, large);
}

struct Page {
    what: &'static str,
    path: &'static str,
    first: Times,
    kept: Times,
}

fn pages(report: &mut Report, mut pool: Closed) {
    let runtime = runtime();
    let node = Running::start(&runtime, &pool.home, &pool.genesis);
    let client = Client::new();
    let page = |what, path| Page {
        what,
        path,
        first: Times::default(),
        kept: Times::default(),
    };
    let mut pages = [
        page("standings", "standings"),
        page("standings, 500 rows", "standings?limit=500"),
        page("standings of a stage", "standings?stage=Matchday%201"),
        page("standings from the first match on", "standings?from=M1"),
        page("standings from the sixth match on", "standings?from=M6"),
        page("a round's matrix", "rounds/Matchday%201/matrix"),
        page("tips of a match", "matches/M1/tips"),
        page("a player", "players/Player%20777"),
    ];
    runtime.block_on(async {
        let id = pool.genesis.pool_id();
        for no in 0..RESULTS {
            let outcome = Outcome::played(score(u64::from(no % 4), 1));
            let transaction = result(&mut pool.organiser, id, super::RESULTS + 1 + no, &outcome);
            let answer = client
                .post(format!("{}/api/v1/transactions", node.url))
                .header("content-type", "application/octet-stream")
                .body(encode(&transaction))
                .send();
            let answer = answer.await.unwrap();
            assert!(
                answer.status().is_success(),
                "{}",
                answer.text().await.unwrap()
            );
            get(&client, format!("{}/mine", node.url)).await;
            for page in &mut pages {
                let url = format!("{}/api/v1/{}", node.url, page.path);
                page.first.push(get(&client, url.clone()).await);
                for _ in 0..KEPT / usize::from(RESULTS) {
                    page.kept.push(get(&client, url.clone()).await);
                }
            }
        }
    });
    node.stop(&runtime);
    report.section(&format!(
        "Pages over HTTP, 10,000 × {MATCHES}, the first after a block with a result, and the next, median / p99"
    ));
    for page in &pages {
        report.row(
            &format!("{}: first after a result", page.what),
            &page.first.both(),
            "",
        );
        report.row(&format!("{}: again", page.what), &page.kept.both(), "");
    }
}

async fn get(client: &Client, url: String) -> std::time::Duration {
    let began = std::time::Instant::now();
    let answer = client.get(&url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{url}");
    assert!(!answer.bytes().await.unwrap().is_empty(), "{url}");
    began.elapsed()
}
