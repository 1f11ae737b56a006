//! What miners and server say to one another.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use bolao_stratum::Difficulty;
use serde_json::json;

use crate::{
    chain::{Server, TIME, meets},
    client::{Miner, code, is_share},
};

#[tokio::test]
async fn a_miner_finds_blocks() {
    let server = Server::start(12, |_| ()).await;
    let (mut miner, mut job) = Miner::ready(server.address, "ana").await;
    assert!(job.clean);
    for height in 1..=5 {
        let target = server.chain.target();
        let nonce = miner.search(&job, 7, 0, |hash| meets(hash, &target));
        let answer = miner.submit(&job, 7, nonce).await;
        assert_eq!(answer["result"], true, "{answer}");
        assert_eq!(server.chain.height(), height);
        job = miner.clean_job().await;
    }
    assert_eq!(server.chain.miners(), ["ana"; 5]);
    assert_eq!(server.chain.refused.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn shares_are_counted_and_refused_by_the_book() {
    let server = Server::start(40, |config| {
        config.start_difficulty = Difficulty::from_hashes(12);
    })
    .await;
    let mut other = Miner::connect(server.address).await;
    let early = json!([
        "ana",
        "00000001",
        "0000000000000000",
        "00000000",
        "00000000"
    ]);
    assert_eq!(code(&other.call("mining.submit", early.clone()).await), 25);
    other.subscribe().await;
    assert_eq!(code(&other.call("mining.submit", early).await), 24);
    let turned_away = other.call("mining.authorize", json!(["zoe", ""])).await;
    assert_eq!(code(&turned_away), 24);
    let why = turned_away["error"][1].as_str().unwrap();
    assert!(why.ends_with("zoe is no player of this pool"), "{why}");

    let (mut miner, job) = Miner::ready(server.address, "ana").await;
    assert_ne!(miner.extranonce1, other.extranonce1);
    let difficulty = miner.difficulty;
    let good = miner.search(&job, 0, 0, |hash| is_share(hash, difficulty));
    let low = miner.search(&job, 0, 0, |hash| !is_share(hash, difficulty / 2.0));
    assert_eq!(miner.submit(&job, 0, good).await["result"], true);
    assert_eq!(code(&miner.submit(&job, 0, good).await), 22);
    assert_eq!(code(&miner.submit(&job, 0, low).await), 23);
    assert_eq!(
        code(&miner.submit(&job, 1, good).await),
        23,
        "another coinbase"
    );
    let at = |time: u32| {
        json!([
            "ana",
            job.id,
            "0000000000000000",
            format!("{time:08x}"),
            format!("{good:08x}")
        ])
    };
    for wrong in [TIME - 61, TIME + 200, 0, u32::MAX] {
        assert_eq!(code(&miner.call("mining.submit", at(wrong)).await), 20);
    }
    assert_eq!(code(&miner.call("mining.submit", at(TIME + 1)).await), 23);
    server.chain.advance();
    miner.clean_job().await;
    assert_eq!(code(&miner.submit(&job, 0, good).await), 21);
    assert_eq!(server.chain.shares.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_fast_miner_gets_harder_shares() {
    let server = Server::start(40, |config| {
        config.start_difficulty = Difficulty::from_hashes(8);
        config.min_difficulty = Difficulty::from_hashes(8);
    })
    .await;
    let (mut miner, mut job) = Miner::ready(server.address, "ana").await;
    let first = miner.difficulty;
    let mut nonce = 0;
    for share in 0.. {
        assert!(share < 20, "no new difficulty");
        let difficulty = miner.difficulty;
        nonce = miner.search(&job, 0, nonce + 1, |hash| is_share(hash, difficulty));
        assert_eq!(miner.submit(&job, 0, nonce).await["result"], true);
        if share == 15 {
            job = miner.job().await;
            break;
        }
    }
    assert!(!job.clean);
    assert!(
        miner.difficulty >= 2.0 * first,
        "{} after {first}",
        miner.difficulty
    );
    // What a miner takes for the job's difficulty holds, and no less does.
    let harder = miner.difficulty;
    let good = miner.search(&job, 0, 0, |hash| is_share(hash, harder));
    assert_eq!(miner.submit(&job, 0, good).await["result"], true);
    let low = miner.search(&job, 0, 0, |hash| {
        is_share(hash, first) && !is_share(hash, harder / 2.0)
    });
    assert_eq!(code(&miner.submit(&job, 0, low).await), 23);
}

#[tokio::test]
async fn a_suggested_difficulty_is_taken() {
    let server = Server::start(40, |_| ()).await;
    let (mut miner, _) = Miner::ready(server.address, "ana").await;
    let wish = 0.5;
    miner.call("mining.suggest_difficulty", json!([wish])).await;
    miner.job().await;
    assert!((miner.difficulty - wish).abs() < f64::EPSILON);
}

/// Miners wish before or after they say for whom they work.
#[tokio::test]
async fn an_early_wish_is_kept() {
    let server = Server::start(40, |_| ()).await;
    let mut miner = Miner::connect(server.address).await;
    miner.subscribe().await;
    let wish = 0.5;
    miner.call("mining.suggest_difficulty", json!([wish])).await;
    miner.call("mining.authorize", json!(["ana", "x"])).await;
    miner.job().await;
    assert!((miner.difficulty - wish).abs() < f64::EPSILON);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_tip_is_announced_at_once() {
    let server = Server::start(40, |_| ()).await;
    let mut miners = Vec::new();
    for _ in 0..20 {
        miners.push(Miner::ready(server.address, "ana").await.0);
    }
    let mut latencies = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        let tip = server.chain.advance();
        for miner in &mut miners {
            let job = miner.clean_job().await;
            assert_eq!(job.previous, tip);
        }
        latencies.push(start.elapsed());
    }
    latencies.sort_unstable();
    println!(
        "to all of 20 miners: median {:?}, worst {:?}",
        latencies[10], latencies[19]
    );
    // Far from the seconds after which jobs are renewed anyhow; the figures are printed.
    assert!(latencies[10] < Duration::from_secs(1), "{latencies:?}");
}

#[tokio::test]
async fn new_transactions_are_announced_in_their_time() {
    let server = Server::start(40, |config| {
        config.refresh_min = Duration::from_millis(300);
        config.refresh = Duration::from_hours(1);
    })
    .await;
    let start = Instant::now();
    let (mut miner, job) = Miner::ready(server.address, "ana").await;
    (0..50).for_each(|_| server.chain.transact());
    let next = miner.job().await;
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert!(!next.clean);
    assert_ne!(
        miner.header(&next, 0, None)[36..68],
        miner.header(&job, 0, None)[36..68]
    );
    // The old job is still good.
    let difficulty = miner.difficulty;
    assert!(difficulty > 0.0);
    let answer = miner.submit(&job, 0, 0).await;
    assert!(answer["result"] == true || code(&answer) == 23, "{answer}");
}

#[tokio::test]
async fn a_job_is_renewed_for_its_time() {
    let server = Server::start(40, |config| config.refresh = Duration::from_millis(50)).await;
    let (mut miner, first) = Miner::ready(server.address, "ana").await;
    for _ in 0..3 {
        let next = miner.job().await;
        assert!(!next.clean && next.id != first.id);
    }
}

#[tokio::test]
async fn rolled_versions_make_blocks() {
    let server = Server::start(10, |_| ()).await;
    let (mut miner, job) = Miner::ready(server.address, "ana").await;
    let wish = json!([["version-rolling"], { "version-rolling.mask": "ffffffff" }]);
    let granted = miner.call("mining.configure", wish).await;
    assert_eq!(granted["result"]["version-rolling.mask"], "1fffe000");
    let rolled = 0x0a00_2000_u32;
    let target = server.chain.target();
    let mut header = miner.header(&job, 3, Some(rolled | 1));
    let nonce = (0..=u32::MAX)
        .find(|nonce| {
            header[76..].copy_from_slice(&nonce.to_le_bytes());
            meets(&crate::chain::sha256d(&header), &target)
        })
        .unwrap();
    let params = json!([
        "ana",
        job.id,
        format!("{:016x}", 3),
        format!("{TIME:08x}"),
        format!("{nonce:08x}"),
        format!("{rolled:08x}")
    ]);
    let answer = miner.call("mining.submit", params).await;
    assert_eq!(answer["result"], true, "{answer}");
    assert_eq!(server.chain.height(), 1);
}

/// A miner that comes again keeps its last job, and takes another of that id for the same.
#[tokio::test]
async fn no_two_connections_have_a_job_of_one_id() {
    let server = Server::start(20, |_| ()).await;
    let (_, first) = Miner::ready(server.address, "ana").await;
    let (_, second) = Miner::ready(server.address, "ana").await;
    assert_ne!(first.id, second.id);
}
