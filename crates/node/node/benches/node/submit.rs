//! Signed transactions that friends' programs submit over HTTP: on the disk when answered.

use std::{path::Path, time::Instant};

use axum::body::Bytes;
use bolao_ledger::encode;
use bolao_node::Home;
use bolao_store::Store;
use redb::{Database, TableDefinition};

use crate::{
    chain::{Maker, fill},
    homes::{Homes, temp_dir},
    load::{Bare, Load, Requests, load, median, on_first_core, request, row},
    report::{Report, Times, per_second, ratio},
    running::{Running, runtime},
};

const PATH: &str = "/api/v1/transactions";
/// Connections, and the transactions that each sends.
const LOADS: [(usize, usize); 2] = [(1, 1_000), (64, 100)];
const REPEATS: usize = 5;
/// Fewer than may wait of one account.
const PER_PLAYER: usize = 50;
const COMMITS: u64 = 300;
/// What could be written together if everybody who waits were answered by one commit.
const GROUP: u64 = 64;

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    report.section("Signed transactions over HTTP, on disk when answered, server on one core: rate and processor time of each");
    on_first_core(|| {
        let rows = LOADS.map(|(connections, each)| {
            let what = format!("POST {PATH}, connections: {connections}");
            let (ours, bare) = posts(connections, each);
            row(report, &what, ours, bare);
            ours.rate
        });
        for rows_each in [1, GROUP] {
            let mut times = Times::default();
            (0..REPEATS).for_each(|_| times.push(commits(temp_dir().path(), rows_each)));
            let rate = times.rate((COMMITS * rows_each) as usize);
            report.row(
                &format!("bare redb, rows of a durable commit: {rows_each}"),
                &per_second(rate),
                &ratio(rate, rows[1], "64 connections' rate"),
            );
        }
    });
}

/// The node's rate and a bare server's.
fn posts(connections: usize, each: usize) -> (Load, Load) {
    let runtime = runtime();
    let mut maker = Maker::new((connections * each).div_ceil(PER_PLAYER));
    let transactions = maker.bets(connections * each, 1);
    let players = transactions.len().div_ceil(PER_PLAYER);
    // A player's transactions must come in order: they all take the same connection.
    let mut bodies = vec![Vec::new(); connections];
    for (number, transaction) in transactions.iter().enumerate() {
        bodies[(number % players) % connections].push(encode(transaction));
    }
    let requests = |path: &str| -> Vec<Requests> {
        let of = |bodies: &Vec<Vec<u8>>| -> Requests {
            let requests = bodies.iter().map(|body| request("POST", path, body));
            let requests: Vec<Bytes> = requests.collect();
            Box::new(requests.into_iter())
        };
        bodies.iter().map(of).collect()
    };
    let answer = format!(r#"{{"id":"{}"}}"#, transactions[0].id());
    let echo = Bare::start(&runtime, vec![(202, answer.into())]);
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..REPEATS {
        let dir = temp_dir();
        let home = Home::open(dir.path()).unwrap();
        let mut store = Store::create(&home.chain_path(), &maker.genesis).unwrap();
        fill(&mut store, &maker, 16);
        drop(store);
        let node = Running::start(&runtime, &home, &maker.genesis);
        let address = node.url.trim_start_matches("http://").parse().unwrap();
        ours.push(load(address, 202, requests(PATH)));
        node.stop(&runtime);
        bare.push(load(echo.address, 202, requests("/0")));
    }
    echo.stop();
    (median(ours), median(bare))
}

/// The time for [`COMMITS`] durable commits of some rows, each as long as a small transaction.
fn commits(dir: &Path, rows: u64) -> std::time::Duration {
    const TABLE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("rows");
    let database = Database::create(dir.join("bare.redb")).unwrap();
    let began = Instant::now();
    for commit in 0..COMMITS {
        let write = database.begin_write().unwrap();
        {
            let mut table = write.open_table(TABLE).unwrap();
            for row in 0..rows {
                table
                    .insert(commit * rows + row, [5; 140].as_slice())
                    .unwrap();
            }
        }
        write.commit().unwrap();
    }
    began.elapsed()
}
