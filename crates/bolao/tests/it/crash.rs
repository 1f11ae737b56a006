//! SIGKILL at random moments: the last whole block is there, and the audit is clean.

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{Classic, assert_audit_is_clean, easy_home, grow, quick_temp, run_node, temp};

/// Kills while blocks are mined.
const MINING_ROUNDS: u64 = 8;
/// Kills while a chain is caught up with; after that it may end.
const SYNC_ROUNDS: u64 = 8;
/// The chain to catch up with.
const BLOCKS: u64 = 600;

fn up_to(milliseconds: u64) -> Duration {
    Duration::from_millis(rand::random::<u64>() % milliseconds)
}

#[tokio::test]
async fn while_mining() {
    let mut node = Classic::start().await;
    for round in 0..MINING_ROUNDS {
        let end = Instant::now() + Duration::from_millis(30) + up_to(500);
        let mut told = node.daemon.height().await.unwrap();
        let mut game = 0;
        // Killed in the middle of a call, most likely.
        let working = async {
            loop {
                game += 1;
                let bet = json!({
                    "playername": format!("player {}", game % 5), "matchid": "PtCh",
                    "teamonescore": game % 9, "teamtwoscore": round,
                });
                let bet = node.http().request("POST", "/bet").body(bet.to_string());
                let mine = node.http().request("GET", "/mine");
                if node.http().try_send(bet).await.is_none()
                    || node
                        .http()
                        .try_send(mine)
                        .await
                        .is_none_or(|mined| mined.status != 200)
                {
                    return;
                }
                // What was answered is on the disk.
                told += 1;
            }
        };
        let _ = tokio::time::timeout_at(end.into(), working).await;
        node.daemon.kill();
        assert_audit_is_clean(node.home.path());
        node.daemon.spawn();
        node.daemon.wait().await;
        let height = node.daemon.height().await.unwrap();
        assert!(
            (told..=told + 1).contains(&height),
            "round {round}: {told} blocks were acknowledged, {height} are there"
        );
    }
    node.bet("last", "NlEn", 1, 0).await;
    node.mine().await;
}

#[tokio::test]
async fn while_catching_up() {
    let (source_dir, dir) = (quick_temp(), temp());
    grow(&easy_home(source_dir.path()), BLOCKS);
    let source = run_node(source_dir.path(), &["--mine", "manual", "--no-join"]).await;
    let tip = source.tip().await;

    let home = easy_home(dir.path());
    fs::write(
        home.dir().join("nodes.json"),
        json!([source.node()]).to_string(),
    )
    .unwrap();
    let mut node = run_node(home.dir(), &["--mine", "manual", "--no-join"]).await;
    let mut least = 0;
    for _ in 0..SYNC_ROUNDS {
        tokio::time::sleep(up_to(600)).await;
        let seen = node.height().await.unwrap_or(least);
        node.kill();
        assert_audit_is_clean(home.dir());
        node.spawn();
        node.wait().await;
        let height = node.height().await.unwrap();
        assert!(
            height >= least,
            "{height} blocks are there, {least} were durable before"
        );
        println!("killed at {seen} of {BLOCKS} blocks, {height} are there");
        least = height;
    }
    crate::support::eventually("the whole chain", Duration::from_secs(60), async || {
        (node.tip().await == tip).then_some(())
    })
    .await;
    node.kill();
    assert_audit_is_clean(home.dir());
}
