//! Links that carry a final block.

use std::{path::Path, time::Duration};

use bolao_ledger::BlockHash;
use bolao_wallet::Invite;
use serde_json::Value;
use tokio::time::sleep;

use super::{AT_ONCE, in_home, is_final, joined, new_pool};
use crate::support::{Daemon, PATIENCE, done, eventually, run_node, temp};

/// A node of somebody who joined by a link.
async fn newcomer(home: &Path, link: &str, name: &str) -> Daemon {
    done(in_home(home, &["join", link, "--name", name]));
    run_node(home, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_names_a_final_block_and_a_newcomer_takes_no_other_history() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), AT_ONCE).await;
    let invited: Value = serde_json::from_str(&done(in_home(&ana, &["invite", "--json"]))).unwrap();
    let status = host.status().await;
    assert_eq!(invited["final"]["height"], status["final"]["height"]);
    assert_eq!(invited["final"]["hash"], status["final"]["hash"]);
    let link = invited["link"].as_str().unwrap();

    let friend = newcomer(&dir.path().join("bento"), link, "bento").await;
    joined(&friend, "bento").await;
    assert_eq!(host.tip().await, friend.tip().await);

    // The same link with the block of another history.
    let (page, text) = link.split_once('#').unwrap();
    let mut other: Invite = text.parse().unwrap();
    other.named.as_mut().unwrap().hash = BlockHash([7; 32]);
    let wrong = format!("{page}#{other}");
    let clara = newcomer(&dir.path().join("clara"), &wrong, "clara").await;
    eventually("the refusal", PATIENCE, async || {
        let said = clara.log();
        said.contains("does not hold the final block that this home's invitation names")
            .then_some(())
    })
    .await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(clara.height().await, Some(0));
    // A better link helps, and so it does where the wrong one had come first.
    drop(clara);
    let mut clara = newcomer(&dir.path().join("clara"), link, "clara").await;
    joined(&clara, "clara").await;
    // What a killed node had just heard of others need not be on its disk.
    clara.terminate().await;
    // A chain that is there and an invitation of another history: the node says so and does not start.
    done(in_home(&dir.path().join("clara"), &["join", &wrong]));
    let output = crate::support::run(in_home(
        &dir.path().join("clara"),
        &["run", "--port", "0", "--no-join"],
    ));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains("another history") && said.contains("chain.redb"),
        "{said}"
    );
}
