//! A home that has voted and lost its chain signs no second history.

use std::{fs, process::Stdio, time::Duration};

use super::{friend_of, host_and_friend, in_home, is_final, joined, new_pool};
use crate::support::{TIMEOUT, bolao, done, eventually, run, run_node, temp};

/// A validator that makes a block of its own accord does it in a moment.
const LONG: Duration = Duration::from_secs(2);
/// A home that does not know what it signed votes within this, once nobody has anything newer.
const QUIET: Duration = Duration::from_secs(100);

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_without_its_chain_follows_until_nobody_has_anything_newer() {
    let dir = temp();
    let ((ana, mut host), (bento, friend)) = host_and_friend(dir.path()).await;
    let tip = host.tip().await;
    eventually("the friend has it all", TIMEOUT, async || {
        (friend.tip().await == tip).then_some(())
    })
    .await;

    host.kill();
    drop(friend);
    fs::remove_file(ana.join("chain.redb")).unwrap();
    host.spawn();
    host.wait().await;
    tokio::time::sleep(LONG).await;
    assert_eq!(host.height().await, Some(0));

    let friend = run_node(&bento, &[]).await;
    eventually("the chain is back", TIMEOUT, async || {
        (host.tip().await == friend.tip().await).then_some(())
    })
    .await;
    // That it has a final block again says nothing of what it signed.
    host.terminate().await;
    host.spawn();
    host.wait().await;
    let before = host.height().await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    tokio::time::sleep(LONG).await;
    assert_eq!(host.height().await, before);
    let shown = done(in_home(&ana, &["status"]));
    assert!(shown.contains("its chain is gone"), "{shown}");
    let audit = run(in_home(&ana, &["audit"]));
    let verdict = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert!(!audit.status.success(), "{verdict}");
    assert!(verdict.contains("incomplete"), "{verdict}");
    is_final(&host, "ana", (2, 1), QUIET).await;
    is_final(&friend, "ana", (2, 1), TIMEOUT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_copy_of_a_lone_validators_home_hears_its_friend_before_it_votes() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let backup = dir.path().join("backup.redb");
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;

    host.terminate().await;
    fs::copy(ana.join("chain.redb"), &backup).unwrap();
    host.spawn();
    host.wait().await;
    for (tip, score) in [("1-0", (1, 0)), ("0-1", (0, 1))] {
        done(in_home(&ana, &["bet", "PtCh", tip]));
        is_final(&friend, "ana", score, TIMEOUT).await;
    }
    host.terminate().await;
    fs::copy(&backup, ana.join("chain.redb")).unwrap();
    fs::remove_file(ana.join("chain.redb.sums")).unwrap();
    host.spawn();
    host.wait().await;
    // What it makes a block of, if it does not know yet that there are others.
    let mut early = bolao();
    early.args(in_home(&ana, &["bet", "PtCh", "3-3"]));
    early.stdout(Stdio::null()).stderr(Stdio::null());
    early.status().unwrap();
    eventually("the chain is back", TIMEOUT, async || {
        (host.tip().await == friend.tip().await).then_some(())
    })
    .await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), TIMEOUT).await;
    is_final(&friend, "ana", (2, 1), TIMEOUT).await;
}
