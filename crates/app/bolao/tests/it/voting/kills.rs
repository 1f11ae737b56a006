//! Validators are killed at random moments, while bets come: no final block is lost, and nobody signs two things.
//!
//! `BOLAO_TEST_KILLS` says how often, `BOLAO_TEST_SEED` from which seed.

use std::{collections::BTreeMap, env, time::Duration};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::Value;

use super::pool::{NAMES, Pool, STANDSTILL};
use crate::{
    faults::row::{Aim, Row},
    support::{Daemon, TIMEOUT, eventually},
};

/// How often a validator is killed where nobody says.
const KILLS: u64 = 5;

fn given(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

/// Notes the hash of each height of a node's chain that is new, and compares the others.
async fn compare(node: &Daemon, known: &mut BTreeMap<u64, String>) -> Option<()> {
    let status = node.http.try_get("/api/v1/status").await?;
    let status: Value = serde_json::from_str(&status.text).ok()?;
    let height = status["final"]["height"].as_u64()?;
    let known_to = known.keys().last().copied().unwrap_or(0);
    // The last one that was known, which must be the same still, and those above.
    for height in known_to.max(1)..=height {
        let block = node
            .http
            .try_get(&format!("/api/v1/blocks/{height}"))
            .await?;
        let block: Value = serde_json::from_str(&block.text).ok()?;
        let hash = block["hash"].as_str()?.to_owned();
        let before = known.entry(height).or_insert_with(|| hash.clone());
        assert_eq!(*before, hash, "two final blocks at height {height}");
    }
    Some(())
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_that_are_killed_sign_nothing_twice() {
    let seed = given("BOLAO_TEST_SEED").unwrap_or_else(rand::random);
    let kills = given("BOLAO_TEST_KILLS").unwrap_or(KILLS);
    println!("BOLAO_TEST_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut pool = Pool::start(&["eva"]).await;
    let observer = NAMES.len();
    let mut known = BTreeMap::new();
    let mut heights = vec![0; NAMES.len()];
    let mut row = Row::new(
        "kills",
        "one of four killed in the midst of votes, and started again; until a bet is final without it",
    );
    for number in 0..kills {
        // Every other time the one killed before may still be on its way back: two are away then, and no time is promised.
        let one_is_away = number % 2 == 0;
        if one_is_away {
            pool.connected().await;
        }
        let victim = random.random_range(0..NAMES.len());
        let bettor = (victim + random.random_range(1..NAMES.len())) % NAMES.len();
        let score = pool.bet(bettor);
        // In the middle of the votes on it, or of those on the next one.
        tokio::time::sleep(Duration::from_millis(random.random_range(0..120))).await;
        let before = pool.nodes[victim].height().await.unwrap_or_default();
        heights[victim] = heights[victim].max(before);
        pool.nodes[victim].kill();
        let wanted = if random.random_bool(0.5) {
            pool.bet(bettor)
        } else {
            score
        };
        let took = pool.is_final(bettor, bettor, wanted, TIMEOUT).await;
        if one_is_away {
            row.took(took);
        }
        compare(&pool.nodes[observer], &mut known).await.unwrap();
        crate::support::assert_audit_is_clean(&pool.homes[victim]);
        pool.nodes[victim].spawn();
        pool.nodes[victim].wait().await;
        // Its last blocks may be gone that others had decided: they give them again.
        let wanted = heights[victim];
        let after = eventually("the blocks that it had", TIMEOUT, async || {
            let height = pool.nodes[victim].height().await?;
            (height >= wanted).then_some(height)
        })
        .await;
        let mut own = known.clone();
        own.retain(|height, _| *height <= after);
        compare(&pool.nodes[victim], &mut own).await.unwrap();
    }
    let all: Vec<usize> = (0..=observer).collect();
    pool.agree(&all).await;
    // Whoever hears two votes of one validator sends the proof.
    let answer = pool.validators(observer).await;
    assert_eq!(answer["guilty"], serde_json::json!([]));
    assert_eq!(answer["validators"].as_array().unwrap().len(), NAMES.len());
    assert!(known.len() as u64 >= kills, "{}", known.len());
    pool.end_clean();
    row.end(Some(Aim {
        p99: STANDSTILL,
        max: STANDSTILL,
    }))
    .check();
}
