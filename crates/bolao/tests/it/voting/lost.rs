//! A home that has voted and lost its chain signs no second history.

use std::{fs, time::Duration};

use super::{friend_of, in_home, is_final, joined, new_pool};
use crate::support::{PATIENCE, done, eventually, run_node, temp};

/// A validator that makes a block of its own accord does it in a moment.
const LONG: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_without_its_chain_follows_until_it_is_started_again() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    let tip = host.tip().await;
    eventually("the friend has it all", PATIENCE, async || {
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
    eventually("the chain is back", PATIENCE, async || {
        (host.tip().await == friend.tip().await).then_some(())
    })
    .await;
    host.terminate().await;
    host.spawn();
    host.wait().await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), PATIENCE).await;
    is_final(&friend, "ana", (2, 1), PATIENCE).await;
}
