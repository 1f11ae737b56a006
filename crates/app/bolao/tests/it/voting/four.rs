//! Four validators on loopback: what goes on without one of them, and what waits without two.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{
    in_home,
    pool::{NAMES, Pool, STANDSTILL},
};
use crate::support::{TIMEOUT, eventually, run};

/// How many bets are made without one of four.
const BETS: usize = 12;

/// The names of those whom a node calls away.
async fn away(pool: &Pool, node: usize) -> Vec<String> {
    let (answer, heard) = (pool.validators(node).await, pool.attendance(node).await);
    let heard = heard["validators"].as_array().unwrap();
    let is_away = |one: &&Value| {
        let account = &one["validator"]["account"];
        heard
            .iter()
            .any(|it| it["account"] == *account && it["away"] == true)
    };
    let all = answer["validators"].as_array().unwrap().iter();
    let names = all.filter(is_away).map(|one| &one["validator"]["name"]);
    let mut names: Vec<String> = names.map(|it| it.as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_four_is_not_missed_and_two_are_waited_for() {
    let mut pool = Pool::start(&[]).await;
    // Whoever was appointed votes, though no node was started again.
    let score = pool.bet(3);
    pool.is_final(0, 3, score, TIMEOUT).await;
    eventually("a vote of each", TIMEOUT, async || {
        let score = pool.bet(0);
        pool.is_final(0, 0, score, TIMEOUT).await;
        let answer = pool.attendance(0).await;
        let all = answer["validators"].as_array()?;
        let heard = all.iter().all(|one| one["last_vote"]["height"].is_u64());
        (all.len() == 4 && heard).then_some(())
    })
    .await;

    pool.nodes[3].kill();
    let mut longest = Duration::ZERO;
    for _ in 0..BETS {
        let score = pool.bet(1);
        longest = longest.max(pool.is_final(0, 1, score, TIMEOUT).await);
    }
    println!("without one of four, the bet that waited longest waited {longest:?}");
    assert!(longest < STANDSTILL, "{longest:?}");
    eventually("word that davi is away", TIMEOUT, async || {
        (away(&pool, 0).await == ["davi"]).then_some(())
    })
    .await;
    assert_eq!(pool.nodes[0].status().await["waits"], Value::Null);
    let shown = pool.command(1, &["validators"]);
    let line = shown.lines().find(|line| line.contains("davi")).unwrap();
    assert!(line.contains("offline"), "{shown}");

    pool.nodes[2].kill();
    let score = pool.bet(0);
    eventually("word of whom it waits for", TIMEOUT, async || {
        let status = pool.nodes[1].status().await;
        let away = status["waits"]["away"].as_array()?;
        let names: Vec<&str> = away.iter().filter_map(|it| it["name"].as_str()).collect();
        (names.len() == 2 && names.contains(&NAMES[2]) && names.contains(&NAMES[3])).then_some(())
    })
    .await;
    let shown = pool.command(0, &["status"]);
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("2 of 4 validators are offline"), "{shown}");
    // What waits is on the disk.
    pool.nodes[0].kill();
    pool.nodes[0].spawn();
    pool.nodes[0].wait().await;
    assert_eq!(pool.nodes[0].status().await["pending"], 1);
    // Whoever waits for his own is told for whom, once.
    let bet = ["bet", "PtCh", "4-4", "--wait=9"];
    let waited = run(in_home(&pool.homes[1], &bet));
    assert!(!waited.status.success(), "{waited:?}");
    let told = String::from_utf8(waited.stderr).unwrap();
    let told: Vec<&str> = told
        .lines()
        .filter(|line| line.contains("offline"))
        .collect();
    assert!(
        told.len() == 1 && told[0].contains("2 of 4 validators are offline"),
        "{told:?}"
    );
    pool.nodes[2].spawn();
    pool.nodes[2].wait().await;
    let began = Instant::now();
    pool.is_final(1, 0, score, TIMEOUT).await;
    println!("{:?} from one's return to a final block", began.elapsed());
    pool.nodes[3].spawn();
    pool.nodes[3].wait().await;
    let score = pool.bet(2);
    pool.is_final(3, 2, score, TIMEOUT).await;
    pool.agree(&[0, 1, 2, 3]).await;
    assert_eq!(pool.nodes[0].status().await["waits"], Value::Null);
    pool.end_clean();
}
