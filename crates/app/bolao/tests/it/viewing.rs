//! A pool that only its players may look at, as its nodes keep it: processes of the command, strangers among them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use bolao_api::body::Viewers;
use bolao_node::Home;
use serde_json::{Value, json};

use crate::{
    support::{Daemon, TIMEOUT, done, eventually, run_node, temp},
    voting::{FIXTURES, in_home, is_final, joined, offered, same_tip},
};

/// Longer than it took a stranger to read all, where nodes told everybody.
const LONG: Duration = Duration::from_secs(8);
/// Within this a friend who opened a link is in.
const SOON: Duration = Duration::from_secs(10);

/// A new pool in the home `ana`, to which one comes by invitation.
fn new_pool(dir: &Path, name: &str, viewers: &str) -> PathBuf {
    let (home, file) = (dir.join("ana"), dir.join("fixtures.json"));
    fs::write(&file, FIXTURES).unwrap();
    let file = file.display().to_string();
    let new = ["new", "Finals", "--fixtures", &file, "--as", name];
    let who = ["--tips", "open", "--viewers", viewers];
    done(in_home(&home, &[&new[..], &who].concat()));
    home
}

fn link(home: &Path) -> String {
    let invited: Value = serde_json::from_str(&done(in_home(home, &["invite", "--json"]))).unwrap();
    invited["link"].as_str().unwrap().to_owned()
}

/// The node of a friend who was invited.
async fn friend(dir: &Path, link: &str, name: &str) -> (PathBuf, Daemon) {
    let home = dir.join(name);
    done(in_home(&home, &["join", link, "--name", name]));
    let node = run_node(&home, &[]).await;
    (home, node)
}

/// The node of somebody who knows another one's address.
async fn stranger(dir: &Path, at: &Daemon, name: &str) -> (PathBuf, Daemon) {
    let home = dir.join(name);
    done(in_home(&home, &["join", &at.url(), "--name", name]));
    let node = run_node(&home, &[]).await;
    eventually("that it is connected", TIMEOUT, async || {
        (node.status().await["peers"].as_u64()? > 0).then_some(())
    })
    .await;
    (home, node)
}

async fn has_viewers(node: &Daemon, who: &str) {
    eventually(who, TIMEOUT, async || {
        (node.status().await["viewers"] == who).then_some(())
    })
    .await;
}

/// Nobody's name stands in what a stranger's node answers or keeps.
async fn knows_nobody(home: &Path, node: &mut Daemon, names: &[&str]) {
    assert_eq!(node.height().await, Some(0));
    let description = node.http.get("/api/v1/openapi.json").await.json();
    let paths = description["paths"].as_object().unwrap().keys();
    let plain = paths.filter(|path| !path.contains('{') && *path != "/api/v1/events");
    let mut read = 0;
    for path in plain.map(String::as_str).chain(["/blockchain"]) {
        let answer = node.http.get(path).await;
        for name in names {
            assert!(!answer.text.contains(name), "{path}: {}", answer.text);
        }
        read += usize::from(answer.status == 200);
    }
    assert!(read > 20, "{read}");
    node.terminate().await;
    for file in fs::read_dir(home).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap_or_default();
        for name in names {
            let is_there = bytes.windows(name.len()).any(|it| it == name.as_bytes());
            assert!(!is_there, "{} has {name}", path.display());
        }
    }
}

/// Names that stand nowhere else.
const NAMES: [&str; 2] = ["Philomena", "Bartholomew"];

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_node_learns_nobody_and_a_friends_all_at_once() {
    let dir = temp();
    let ana = new_pool(dir.path(), NAMES[0], "players");
    let host = run_node(&ana, &[]).await;
    joined(&host, NAMES[0]).await;

    let (eve, mut nosy) = stranger(dir.path(), &host, "eve").await;
    let began = Instant::now();
    let (bento, near) = friend(dir.path(), &link(&ana), NAMES[1]).await;
    joined(&near, NAMES[0]).await;
    joined(&near, NAMES[1]).await;
    println!("{:?} from the link to the pool", began.elapsed());
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    done(in_home(&bento, &["bet", "PtCh", "2-1"]));
    is_final(&host, NAMES[1], (2, 1), TIMEOUT).await;
    is_final(&near, NAMES[1], (2, 1), TIMEOUT).await;

    // A friend's node is no way in, either.
    has_viewers(&near, "players").await;
    let (mallory, mut other) = stranger(dir.path(), &near, "mallory").await;
    tokio::time::sleep(LONG).await;
    assert!(nosy.status().await["peers"].as_u64() > Some(0));
    knows_nobody(&eve, &mut nosy, &NAMES).await;
    knows_nobody(&mallory, &mut other, &NAMES).await;
    // Nobody was blamed for asking.
    for node in [&host, &near] {
        assert!(!node.log().contains("broke the rules"), "{}", node.log());
    }
}

/// What an organiser chooses later, friends' nodes go by, and for good.
#[tokio::test(flavor = "multi_thread")]
async fn friends_nodes_go_by_what_the_organiser_chose_last() {
    let dir = temp();
    let ana = new_pool(dir.path(), "ana", "everybody");
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let (bento, mut near) = friend(dir.path(), &link(&ana), "bento").await;
    joined(&near, "bento").await;
    let (_, nosy) = stranger(dir.path(), &near, "eve").await;
    joined(&nosy, "bento").await;
    assert_eq!(near.status().await["viewers"], "everybody");

    Home::open(&ana)
        .unwrap()
        .set_viewers(Viewers::Players)
        .unwrap();
    has_viewers(&near, "players").await;
    let seen = nosy.height().await;
    done(in_home(&bento, &["bet", "PtCh", "2-1"]));
    is_final(&host, "bento", (2, 1), TIMEOUT).await;
    is_final(&near, "bento", (2, 1), TIMEOUT).await;
    tokio::time::sleep(LONG).await;
    assert!(nosy.height().await <= seen.map(|it| it + 1));
    let bets = nosy.http.get("/api/v1/bets").await.json();
    assert_eq!(bets["items"].as_array().unwrap().len(), 0, "{bets}");

    // With the organiser away, and by no friend's own choice.
    host.terminate().await;
    near.terminate().await;
    Home::open(&bento)
        .unwrap()
        .set_viewers(Viewers::Everybody)
        .unwrap();
    near.spawn();
    near.wait().await;
    assert_eq!(near.status().await["viewers"], "players");

    host.spawn();
    host.wait().await;
    Home::open(&ana)
        .unwrap()
        .set_viewers(Viewers::Everybody)
        .unwrap();
    has_viewers(&near, "everybody").await;
    is_final(&nosy, "bento", (2, 1), TIMEOUT).await;
}

/// Whoever knows too little of the chain to know its friends learns it from them.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_home_and_a_second_machine_are_let_in() {
    let dir = temp();
    let ana = new_pool(dir.path(), "ana", "players");
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let backup = dir.path().join("backup");
    done(in_home(&ana, &["backup", &backup.display().to_string()]));
    let (bento, near) = friend(dir.path(), &link(&ana), "bento").await;
    joined(&near, "bento").await;
    done(in_home(&bento, &["bet", "PtCh", "2-1"]));
    is_final(&near, "bento", (2, 1), TIMEOUT).await;

    // Another machine of the organiser's, with a key of its own.
    let words = done(in_home(&ana, &["wallet", "words", "--yes"]));
    let second = dir.path().join("second");
    done(in_home(&second, &["join", &host.url()]));
    restore_wallet(&second, &words);
    let other = run_node(&second, &[]).await;
    is_final(&other, "bento", (2, 1), SOON).await;

    // The host's disk is lost, and the backup is of before bento came.
    host.kill();
    let restored = dir.path().join("restored");
    done(in_home(
        &restored,
        &["restore", &backup.display().to_string()],
    ));
    fs::write(
        restored.join("nodes.json"),
        json!([near.node()]).to_string(),
    )
    .unwrap();
    let again = run_node(&restored, &[]).await;
    is_final(&again, "bento", (2, 1), TIMEOUT).await;
    same_tip(&again, &near).await;
}

fn restore_wallet(home: &Path, words: &str) {
    let _ = fs::remove_file(home.join("wallet.json"));
    let mut command = crate::support::bolao();
    command.args(in_home(home, &["wallet", "restore"]));
    let output = crate::support::feed(command, words);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Two validators that start at once need one another: each takes the other for a stranger at first.
#[tokio::test(flavor = "multi_thread")]
async fn validators_that_start_at_once_go_on() {
    let dir = temp();
    let ana = new_pool(dir.path(), "ana", "players");
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let (bento, mut near) = friend(dir.path(), &link(&ana), "bento").await;
    joined(&near, "bento").await;
    offered(&host, "bento").await;
    done(in_home(
        &ana,
        &["validators", "appoint", "bento", "--yes", "--wait"],
    ));
    let stopped = host.height().await;
    for node in [&mut host, &mut near] {
        node.terminate().await;
    }
    for node in [&mut host, &mut near] {
        node.spawn();
    }
    for node in [&mut host, &mut near] {
        node.wait().await;
    }
    let began = Instant::now();
    done(in_home(&bento, &["bet", "PtCh", "2-1"]));
    is_final(&host, "bento", (2, 1), TIMEOUT).await;
    println!("{:?} from the start to a final block", began.elapsed());
    assert!(host.height().await > stopped);
}
