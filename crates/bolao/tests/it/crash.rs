//! SIGKILL at random moments: the last whole block is there, and the audit is clean.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{
    Classic, PATIENCE, assert_audit_is_clean, done, easy_home, eventually, grow, quick_temp,
    run_node, temp,
};

/// Kills while blocks are mined.
const MINING_ROUNDS: u64 = 8;
/// Kills while a chain is caught up with; after that it may end.
const SYNC_ROUNDS: usize = 10;
/// The chain to catch up with.
const BLOCKS: u64 = 3_000;

/// The height of a stopped home's tip.
fn height_on_disk(home: &Path) -> u64 {
    let status = done(["--home", &home.display().to_string(), "status", "--json"]);
    let status: Value = serde_json::from_str(&status).unwrap();
    status["tip"]["height"].as_u64().unwrap()
}

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
    let mut kills_in_the_middle = 0;
    let mut least = 0;
    for _ in 0..SYNC_ROUNDS {
        // As soon as there is something new, or a moment later.
        eventually("progress", PATIENCE, async || {
            node.height()
                .await
                .filter(|height| *height > least || *height == BLOCKS)
        })
        .await;
        tokio::time::sleep(up_to(60)).await;
        node.kill();
        assert_audit_is_clean(home.dir());
        let height = height_on_disk(home.dir());
        assert!(
            height >= least,
            "{height} blocks are there, {least} were before"
        );
        println!("killed: {height} of {BLOCKS} blocks are there");
        least = height;
        kills_in_the_middle += usize::from(0 < height && height < BLOCKS);
        node.spawn();
        node.wait().await;
    }
    assert!(kills_in_the_middle > 0, "no kill came before the end");
    eventually("the whole chain", Duration::from_mins(1), async || {
        (node.tip().await == tip).then_some(())
    })
    .await;
    node.kill();
    assert_audit_is_clean(home.dir());
}
