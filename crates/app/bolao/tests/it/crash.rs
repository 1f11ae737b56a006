//! SIGKILL at random moments: the last whole block is there, and the audit is clean.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use bolao_ledger::{Chips, MatchNo, Name, Nonce, OpenBet, Score, TxId, encode};
use bolao_wallet::{Draft, Key};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    Classic, Daemon, Http, TIMEOUT, assert_audit_is_clean, done, easy_home, easy_pool, eventually,
    grow, quick_temp, run_node, temp,
};

/// Kills while blocks are mined.
const MINING_ROUNDS: u64 = 8;
/// Kills while a chain is caught up with; after that it may end.
const SYNC_ROUNDS: usize = 10;
/// How often a chain is caught up with, until a kill came in the middle.
const CATCHING_UP_TIMES: usize = 6;
/// Kills while transactions are submitted.
const SUBMIT_ROUNDS: usize = 5;
/// Friends who submit at the same time.
const FRIENDS: usize = 64;
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

/// Catches up with `source` and is killed over and over, until the whole chain is there: the kills that came in the middle.
/// A kill comes within `window` of something new, in milliseconds, which grows where nothing was on the disk, and shrinks where
/// everything was: how fast a chain is caught up with depends on the machine.
async fn catch_up_and_be_killed(source: &Daemon, window: &mut u64) -> usize {
    let dir = temp();
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
        // As soon as there is something new, or a moment later. Blocks that are caught up with are not on the disk at once.
        eventually("progress", TIMEOUT, async || {
            node.height().await.filter(|height| *height > least)
        })
        .await;
        tokio::time::sleep(up_to(*window)).await;
        node.kill();
        assert_audit_is_clean(home.dir());
        let height = height_on_disk(home.dir());
        assert!(
            height >= least,
            "{height} blocks are there, {least} were before"
        );
        println!("killed: {height} of {BLOCKS} blocks are there");
        if height == least {
            *window *= 2;
        } else if height == BLOCKS && least == 0 {
            *window = (*window / 2).max(1);
        }
        least = height;
        kills_in_the_middle += usize::from(0 < height && height < BLOCKS);
        node.spawn();
        node.wait().await;
        if height == BLOCKS {
            break;
        }
    }
    eventually("the whole chain", Duration::from_mins(1), async || {
        (node.tip().await == tip).then_some(())
    })
    .await;
    node.kill();
    assert_audit_is_clean(home.dir());
    kills_in_the_middle
}

#[tokio::test]
async fn while_catching_up() {
    let source_dir = quick_temp();
    grow(&easy_home(source_dir.path()), BLOCKS);
    let source = run_node(source_dir.path(), &["--mine", "manual", "--no-join"]).await;
    // A kill that comes before anything is on the disk, or after all of it, shows nothing: once more then.
    let mut window = 60;
    for _ in 0..CATCHING_UP_TIMES {
        if catch_up_and_be_killed(&source, &mut window).await > 0 {
            return;
        }
    }
    panic!("no kill came before the end");
}

/// Joins, and bets until the node is gone; what was acknowledged.
async fn submit_until_killed(http: &Http, friend: usize) -> Vec<TxId> {
    let pool = easy_pool().pool_id();
    let key = Key::generate().unwrap();
    let mut acknowledged = Vec::new();
    // Fewer than may wait of one account.
    for nonce in (0..60).map(Nonce) {
        let mut draft = Draft::new(key.account(), nonce);
        let body = if nonce == Nonce::ZERO {
            draft.join(Name::new(&format!("friend {friend}")).unwrap())
        } else {
            draft.bet(vec![OpenBet {
                match_no: MatchNo(1),
                prediction: (Score::new(nonce.0 % 9, 0).unwrap()).into(),
                stake: Chips::ZERO,
            }])
        };
        let transaction = key.sign(pool, body);
        let request = http
            .request("POST", "/api/v1/transactions")
            .header("content-type", "application/octet-stream")
            .body(encode(&transaction));
        let Some(answer) = http.try_send(request).await else {
            break;
        };
        // A fast machine fills the mempool before the last kill.
        if answer.status == 503 && answer.text.contains("mempool-full") {
            break;
        }
        assert_eq!(answer.status, 202, "{answer:?}");
        acknowledged.push(transaction.id());
    }
    acknowledged
}

#[tokio::test]
async fn while_many_submit() {
    let dir = temp();
    let home = easy_home(dir.path());
    let mut node = run_node(home.dir(), &["--mine", "manual", "--no-join"]).await;
    let mut acknowledged = Vec::new();
    for round in 0..SUBMIT_ROUNDS {
        let http = Http::new(node.url());
        let friends = (0..FRIENDS).map(|friend| round * FRIENDS + friend);
        let submitting = join_all(friends.map(|friend| submit_until_killed(&http, friend)));
        let killing = async {
            tokio::time::sleep(Duration::from_millis(150) + up_to(400)).await;
            node.kill();
        };
        let (submitted, ()) = tokio::join!(submitting, killing);
        let submitted = submitted.concat();
        println!("killed: {} were acknowledged", submitted.len());
        acknowledged.extend(submitted);
        assert_audit_is_clean(home.dir());
        node.spawn();
        node.wait().await;
        for id in &acknowledged {
            let answer = node.http.get(&format!("/api/v1/transactions/{id}")).await;
            assert_eq!(answer.status, 200, "round {round}: {id} is lost");
        }
    }
    assert!(acknowledged.len() > FRIENDS, "{}", acknowledged.len());
}
