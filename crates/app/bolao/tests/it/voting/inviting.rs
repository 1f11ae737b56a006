//! Links that carry a final block.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use bolao_client::{Client, Link};
use bolao_ledger::BlockHash;
use bolao_wallet::Invite;
use serde_json::Value;

use super::{AT_ONCE, in_home, is_final, joined, new_pool, same_tip};
use crate::support::{Daemon, TIMEOUT, done, eventually, run, run_node, temp};

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
    same_tip(&host, &friend).await;

    // The same link with the block of another history.
    let wrong = changed(link, 0).await;
    let clara = dir.path().join("clara");
    let node = newcomer(&clara, &wrong, "clara").await;
    let sync = async |state: &str| {
        eventually(state, TIMEOUT, async || {
            (node.status().await["sync"]["state"] == state).then_some(())
        })
        .await;
    };
    sync("named_elsewhere").await;
    let said = done(in_home(&clara, &["status"]));
    let height = &status["final"]["height"];
    let told = format!("block {height}, which your invitation names, is not in the others' chain");
    assert!(unwrapped(&said).contains(&told), "{said}");
    for wrong in ["alone", "is offline", "are offline"] {
        assert!(!said.contains(wrong), "{said}");
    }
    assert!(!node.log().contains("broke the rules"), "{}", node.log());
    assert_eq!(node.height().await, Some(0));
    // A better link helps while it runs.
    let began = Instant::now();
    done(in_home(&clara, &["join", link]));
    joined(&node, "clara").await;
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    sync("synced").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_link_changes_nothing_in_a_home_with_final_blocks() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let invited = done(in_home(&ana, &["invite", "--json"]));
    let invited: Value = serde_json::from_str(&invited).unwrap();
    let link = invited["link"].as_str().unwrap();
    let bento = dir.path().join("bento");
    let mut friend = newcomer(&bento, link, "bento").await;
    joined(&friend, "bento").await;

    let height = &invited["final"]["height"];
    let (wrong, future) = (changed(link, 0).await, changed(link, 50).await);
    for home in [&ana, &bento] {
        // Its node runs.
        refused(home, &wrong, height);
        let output = run(in_home(home, &["join", &future]));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert!(said.contains("relies on its own final blocks"), "{said}");
    }
    // Its node does not.
    friend.terminate().await;
    refused(&bento, &wrong, height);
    let invitation = fs::read_to_string(bento.join("invitation")).unwrap();
    assert_eq!(invitation, whole(link).await.to_string());
    // One that an older program kept does not stop the node, nor keep it from following.
    let (_, text) = wrong.split_once('#').unwrap();
    fs::write(bento.join("invitation"), text).unwrap();
    let friend = run_node(&bento, &[]).await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&friend, "ana", (2, 1), TIMEOUT).await;
    same_tip(&host, &friend).await;
}

/// Soon enough for whoever has just typed a link.
const SOON: Duration = Duration::from_secs(8);

/// All that a link's node has for it.
async fn whole(link: &str) -> Invite {
    let link = Link::parse(link).unwrap();
    let client = Client::new(link.node()).unwrap();
    link.complete(&client).await.unwrap()
}

/// A link with another hash, and so many blocks further on.
async fn changed(link: &str, by: u64) -> String {
    let (page, _) = link.split_once('#').unwrap();
    let mut other = whole(link).await;
    let named = other.named.as_mut().unwrap();
    named.hash = BlockHash([7; 32]);
    named.height.0 += by;
    format!("{page}#{other}")
}

/// The link contradicts the home's chain, and the command says so.
fn refused(home: &Path, link: &str, height: &Value) {
    let output = run(in_home(home, &["join", link]));
    let said = String::from_utf8_lossy(&output.stderr);
    let block = BlockHash([7; 32]);
    let names = format!("the link names block {block} at height {height}");
    assert!(!output.status.success(), "{said}");
    let said = unwrapped(&said);
    assert!(
        said.contains(&names) && said.contains("nothing was changed"),
        "{said}"
    );
}

/// A sentence that may go over several lines.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
