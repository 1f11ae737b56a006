//! A new node with an empty disk joins a long chain.

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{
    assert_audit_is_clean, done, easy_home, eventually, grow, quick_temp, run_node, temp,
};

/// As long as the chain of a pool that has been played for years.
const BLOCKS: u32 = 10_000;

#[tokio::test]
async fn a_new_node_catches_up_slow() {
    let source_dir = quick_temp();
    let making = Instant::now();
    grow(&easy_home(source_dir.path()), BLOCKS.into());
    println!("{BLOCKS} blocks made in {:?}", making.elapsed());
    let source = run_node(source_dir.path(), &["--mine", "manual", "--no-join"]).await;
    let tip = source.tip().await;

    let dir = temp();
    let home = easy_home(dir.path());
    fs::write(
        home.dir().join("nodes.json"),
        json!([source.node()]).to_string(),
    )
    .unwrap();
    let started = Instant::now();
    let mut node = run_node(home.dir(), &["--mine", "manual", "--no-join"]).await;
    eventually("the whole chain", Duration::from_mins(2), async || {
        (node.height().await == Some(BLOCKS.into())).then_some(())
    })
    .await;
    let took = started.elapsed();
    assert_eq!(node.tip().await, tip);
    println!(
        "caught up with {BLOCKS} blocks in {took:?}, the start included: {:.0} blocks/s",
        f64::from(BLOCKS) / took.as_secs_f64()
    );
    // Over the API while it runs, and on the disk.
    done(["--home", &home.dir().display().to_string(), "audit"]);
    node.kill();
    assert_audit_is_clean(home.dir());
}
