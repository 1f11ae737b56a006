//! How often processes wait for their disk while bets come to all of them: a number for each height.
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]

use std::{
    fs,
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    pool::{NODES, PORT, Pool, status},
    row::Row,
};
use crate::{
    networks::lab::Lab,
    support::{Http, temp},
};

/// The time in which bets come.
const BURST: Duration = Duration::from_secs(15);
/// Bets by one name before another bets: a pool takes only so many of one.
const BETS: usize = 40;
/// The most that a process may do for each height.
const MOST: f64 = 3.0;

const COUNTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/faults/syncs.c");

/// The file of all syncs of a machine's node, a byte each.
fn syncs_file(lab: &Lab, machine: usize) -> PathBuf {
    lab.dir().join(format!("{machine}.syncs"))
}

/// The syncs of a machine's node since its start.
fn syncs(pool: &Pool, machine: usize) -> usize {
    fs::metadata(syncs_file(&pool.lab, machine)).map_or(0, |it| it.len() as usize)
}

/// Bets by the articles' `POST /bet` at a machine until a moment; how many were taken.
fn bet_until(pool: &Pool, machine: usize, end: Instant) -> thread::JoinHandle<usize> {
    let place = pool.lab.place(machine);
    thread::spawn(move || {
        place.enter();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let http = Http::new(format!("http://localhost:{PORT}"));
            let matches = http.get("/api/v1/matches").await.json();
            let code = matches["items"][0]["code"].clone();
            let mut taken = 0;
            while Instant::now() < end {
                let bet = json!({
                    "playername": format!("player {machine} {}", taken / BETS), "matchid": code,
                    "teamonescore": taken % 10, "teamtwoscore": taken / 10 % 10,
                });
                let bet = http.request("POST", "/bet").body(bet.to_string());
                match http.try_send(bet).await {
                    Some(answer) if answer.status == 200 => taken += 1,
                    other => {
                        println!("{machine}: {other:?}");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                }
            }
            taken
        })
    })
}

async fn burst(processes: usize) {
    let kind = format!("syncs, {processes} processes");
    let mut row = Row::new(&kind, "the articles' bets to all of them for 15 s");
    let dir = temp();
    let counter = dir.path().join("syncs.so").display().to_string();
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o", &counter, COUNTER, "-ldl"])
        .status();
    if !built.is_ok_and(|it| it.success()) {
        row.skip("no C compiler");
        return;
    }
    let pool = Pool::on_a_switch(processes, " --classic", |lab, machine| {
        let file = syncs_file(lab, machine).display().to_string();
        let counted = format!("env LD_PRELOAD={counter} SYNCS={file}");
        counted.split(' ').map(str::to_owned).collect()
    })
    .await;
    pool.settled().await;
    let height = |pool: &Pool| {
        status(&pool.lab, 0).unwrap()["final"]["height"]
            .as_u64()
            .unwrap()
    };
    let before: Vec<usize> = (0..processes).map(|it| syncs(&pool, it)).collect();
    let (from, end) = (height(&pool), Instant::now() + BURST);
    let bettors: Vec<_> = (0..processes).map(|it| bet_until(&pool, it, end)).collect();
    tokio::time::sleep(BURST).await;
    let taken: usize = bettors.into_iter().map(|it| it.join().unwrap()).sum();
    pool.settled().await;
    let heights = (height(&pool) - from) as f64;
    let of = |machine: usize| (syncs(&pool, machine) - before[machine]) as f64;
    let mut each: Vec<f64> = (0..processes).map(|it| of(it) / heights).collect();
    let per_bet = each.iter().sum::<f64>() * heights / (processes * taken) as f64;
    println!(
        "{taken} bets in {heights} blocks; syncs a height: {each:.2?}, the first {NODES} vote"
    );
    each.sort_by(f64::total_cmp);
    let (middle, most) = (each[processes / 2], each[processes - 1]);
    row.note(format!(
        "{taken} bets, {heights} blocks; syncs a height: median {middle:.2}, most {most:.2}, a bet: {per_bet:.2}"
    ));
    if heights == 0.0 || most > MOST {
        row.broke(format!("{most:.2} syncs a height, not {MOST}"));
    }
    drop(pool);
    row.end(None).check();
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn of_4_processes() {
    burst(4).await;
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn of_10_processes() {
    burst(10).await;
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn of_20_processes() {
    burst(20).await;
}
