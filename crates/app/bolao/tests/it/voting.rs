//! A pool in which validators make the blocks, from `bolao new` on, by processes of the command.

mod changes;
mod clocks;
mod copies;
mod damaged;
#[cfg(target_os = "linux")]
mod false_kernel;
mod four;
mod inviting;
mod kills;
mod lost;
mod moving;
mod partition;
mod pool;
mod rolled_back;
mod slips;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{
    Daemon, OPEN, TIMEOUT, assert_audit_is_clean, done, eventually, run, run_node, temp,
};

pub(crate) const FIXTURES: &str = r#"{"name": "Finals", "matches": [
    {"round": "Semi-finals", "num": 1, "code": "PtCh", "date": "2034-06-05", "time": "20:45 UTC+2",
        "team1": "Portugal", "team2": "Switzerland"},
    {"round": "Semi-finals", "num": 2, "code": "NlEn", "date": "2034-06-06", "time": "20:45 UTC+2",
        "team1": "Netherlands", "team2": "England"}
]}"#;
/// From a bet's answer to a final block.
const AT_ONCE: Duration = Duration::from_secs(1);

pub(crate) fn in_home(home: &Path, args: &[&str]) -> Vec<String> {
    let home = home.display().to_string();
    let args = ["--home", &home].into_iter().chain(args.iter().copied());
    args.map(str::to_owned).collect()
}

fn fails(home: &Path, args: &[&str], words: &str) {
    let output = run(in_home(home, args));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{args:?}");
    assert!(text.contains(words), "{args:?}: {text}");
}

/// A home with a new pool, and its fixtures.
pub(crate) fn new_pool(dir: &Path) -> PathBuf {
    new_pool_of(dir, "pos")
}

fn new_pool_of(dir: &Path, kind: &str) -> PathBuf {
    let (home, file) = (dir.join("ana"), dir.join("fixtures.json"));
    fs::write(&file, FIXTURES).unwrap();
    let file = file.display().to_string();
    let new = ["new", "Finals", "--fixtures", &file, "--consensus"];
    let flags = [&new[..], &[kind, "--as", "ana"], &OPEN].concat();
    done(in_home(&home, &flags));
    home
}

/// The home of a friend who has joined the pool of a home, and knows its node.
pub(crate) fn friend_of(host: &Daemon, home: &Path, name: &str) -> PathBuf {
    let friend = home.with_file_name(name);
    let genesis = home.join("genesis.json").display().to_string();
    done(in_home(&friend, &["join", &genesis, "--name", name]));
    fs::write(friend.join("nodes.json"), json!([host.node()]).to_string()).unwrap();
    friend
}

/// A new pool with its host's node, and a friend's home and node; both players have joined.
async fn host_and_friend(dir: &Path) -> ((PathBuf, Daemon), (PathBuf, Daemon)) {
    let ana = new_pool(dir);
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    ((ana, host), (bento, friend))
}

/// Waits until a node has this player's bet in a final block.
pub(crate) async fn is_final(node: &Daemon, player: &str, score: (u8, u8), patience: Duration) {
    let score = json!({"home": score.0, "away": score.1});
    let what = format!("{player}'s bet in a final block");
    eventually(&what, patience, async || {
        let bets = node.http.try_get("/api/v1/bets").await?;
        let bets: Value = serde_json::from_str(&bets.text).ok()?;
        let found = bets["items"].as_array()?.iter().find(|bet| {
            bet["player"]["name"] == player && bet["score"] == score && bet["state"] == "final"
        });
        found.map(|_| ())
    })
    .await;
}

pub(crate) async fn joined(node: &Daemon, player: &str) {
    eventually("the player", TIMEOUT, async || {
        let path = format!("/api/v1/players/{player}");
        let answer = node.http.try_get(&path).await?;
        (answer.status == 200).then_some(())
    })
    .await;
}

/// Waits until a player has offered to vote, which his node does by itself.
pub(crate) async fn offered(node: &Daemon, player: &str) {
    eventually("the offer", TIMEOUT, async || {
        let answer = node.http.try_get("/api/v1/validators").await?;
        let answer: Value = serde_json::from_str(&answer.text).ok()?;
        let mut offers = answer["offers"].as_array()?.iter();
        offers
            .find(|offer| offer["player"]["name"] == player)
            .map(|_| ())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_of_one_validator_is_final_at_once_and_goes_on_after_a_kill() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let key = fs::metadata(ana.join("validator.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);

    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), AT_ONCE).await;
    let status = host.status().await;
    assert_eq!(status["final"]["height"], status["tip"]["height"]);
    assert_eq!(status["final"]["hash"], status["tip"]["hash"]);
    fails(&ana, &["mine"], "nobody mines");
    fails(&ana, &["miner", "--account", "ana"], "nobody mines");
    let shown = done(in_home(&ana, &["status"]));
    assert!(
        shown.contains("Final") && shown.contains("validators make"),
        "{shown}"
    );
    let bets = done(in_home(&ana, &["bets"]));
    assert!(bets.contains("1 bet, all final"), "{bets}");

    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    done(in_home(&bento, &["bet", "NlEn", "0-3"]));
    is_final(&friend, "bento", (0, 3), AT_ONCE).await;
    is_final(&host, "bento", (0, 3), AT_ONCE).await;
    for home in [&ana, &bento] {
        let audit = done(in_home(home, &["audit"]));
        assert!(audit.contains("clean"), "{audit}");
    }

    offered(&friend, "bento").await;
    let before = host.height().await.unwrap();
    host.kill();
    assert_audit_is_clean(&ana);
    // It waits for the only validator.
    done(in_home(&bento, &["bet", "PtCh", "1-1"]));
    assert_eq!(friend.status().await["pending"], 1);
    host.spawn();
    host.wait().await;
    let began = Instant::now();
    is_final(&friend, "bento", (1, 1), TIMEOUT).await;
    println!(
        "{:?} from the validator's return to a final block",
        began.elapsed()
    );
    assert!(host.height().await.unwrap() > before);
    assert_eq!(host.tip().await, friend.tip().await);
    done(in_home(&ana, &["bet", "NlEn", "4-4"]));
    is_final(&host, "ana", (4, 4), AT_ONCE).await;
    drop((host, friend));
    assert_audit_is_clean(&ana);
    assert_audit_is_clean(&bento);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_hybrid_pool_whoever_is_on_mines_and_the_validator_makes_it_final() {
    let dir = temp();
    let ana = new_pool_of(dir.path(), "hybrid");
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), TIMEOUT).await;
    let rules = done(in_home(&ana, &["rules"]));
    assert!(rules.contains("Validators make them final"), "{rules}");

    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    done(in_home(&bento, &["bet", "NlEn", "0-3"]));
    is_final(&friend, "bento", (0, 3), TIMEOUT).await;
    is_final(&host, "bento", (0, 3), TIMEOUT).await;

    // Without the only validator blocks go on, and are final when it is back.
    let before = friend.status().await["final"]["height"].as_u64();
    host.kill();
    done(in_home(&bento, &["bet", "PtCh", "1-1"]));
    eventually("bento's bet in a block", TIMEOUT, async || {
        let status = friend.status().await;
        let tip = status["tip"]["height"].as_u64();
        (status["pending"] == 0 && tip > before).then_some(())
    })
    .await;
    assert_eq!(friend.status().await["final"]["height"].as_u64(), before);
    host.spawn();
    host.wait().await;
    is_final(&friend, "bento", (1, 1), TIMEOUT).await;
    is_final(&host, "bento", (1, 1), TIMEOUT).await;
    assert_eq!(host.tip().await, friend.tip().await);
    drop((host, friend));
    assert_audit_is_clean(&ana);
    assert_audit_is_clean(&bento);
}

/// Waits until two nodes have one tip.
pub(crate) async fn same_tip(one: &Daemon, other: &Daemon) {
    eventually("the same tip", TIMEOUT, async || {
        let tip = one.http.try_get("/api/v1/status").await?.text;
        let tip: Value = serde_json::from_str(&tip).ok()?;
        (tip["tip"]["hash"] == other.tip().await.as_str()).then_some(())
    })
    .await;
}
