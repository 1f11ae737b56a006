//! A validator's home that runs twice, which nobody should do: what it signs twice is found out, and the proof ends in a block.
//! So the tests in which nothing may be signed twice can fail.

use std::{fs, path::Path, process::Stdio, time::Duration};

use super::{in_home, pool::Pool};
use crate::support::{bolao, eventually, run_node};

/// How long the two may take until they sign two different things.
const TIMEOUT: Duration = Duration::from_mins(1);

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    // With a name of its own on the network, as a machine made from a backup may have.
    for name in [
        "genesis.json",
        "wallet.json",
        "profile.json",
        "validator.key",
        "nodes.json",
        "chain.redb",
    ] {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_runs_twice_is_found_out_and_proven() {
    let mut pool = Pool::start(&[]).await;
    let twin_home = pool.homes[3].with_file_name("davi-again");
    pool.nodes[3].kill();
    copy(&pool.homes[3], &twin_home);
    pool.nodes[3].spawn();
    pool.nodes[3].wait().await;
    let twin = run_node(&twin_home, &[]).await;
    pool.connected().await;
    let mut bets = 0_u32;
    let guilty = eventually("a proof in a block", TIMEOUT, async || {
        // At once and in several places, so that the two have different bets when they make a block.
        let score = format!("{}-{}", bets / 10 % 10, bets % 10);
        let homes = pool.homes.iter().chain([&twin_home]);
        let betting = homes.map(|home| {
            let mut command = bolao();
            command.args(in_home(home, &["bet", "PtCh", &score]));
            command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        });
        for mut child in betting.collect::<Vec<_>>() {
            child.wait().unwrap();
        }
        bets += 1;
        let answer = pool.validators(0).await;
        answer["guilty"].as_array()?.first().cloned()
    })
    .await;
    println!("proven after {bets} rounds of bets: {guilty}");
    assert_eq!(guilty["player"]["name"], "davi");
    let shown = pool.command(1, &["validators"]);
    assert!(shown.contains("Proven: davi voted twice"), "{shown}");
    let shown = pool.command(1, &["status"]);
    assert!(
        shown.contains("there is proof that a validator voted twice"),
        "{shown}"
    );
    // Three honest ones of four keep one history.
    pool.agree(&[0, 1, 2]).await;
    // The engine would log every double vote, each time that it comes. The whole takes less than two minutes.
    for node in pool.nodes.iter().chain([&twin]) {
        let lines = node.log().matches("Received equivocating vote").count();
        assert!(lines <= 2, "{lines}: {}", node.log());
    }
    drop(twin);
}
