//! Stock miners' way through the protocol: `tests/data/minerd.py` follows minerd's code, and a
//! real `minerd` is used where one is installed.

use std::{process::Stdio, sync::atomic::Ordering, time::Duration};

use bolao_stratum::Difficulty;
use serde_json::Value;
use tokio::{process::Command, time::timeout};

use crate::chain::Server;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/minerd.py");

async fn mine(server: &Server, accepted: u32) -> Value {
    let run = Command::new("python3")
        .arg(SCRIPT)
        .arg(server.address.ip().to_string())
        .arg(server.address.port().to_string())
        .args(["ana.rig-1", &accepted.to_string()])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(Duration::from_mins(2), run)
        .await
        .expect("in time")
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn its_blocks_are_the_chain_s() {
    let server = Server::start(16, |_| ()).await;
    let result = mine(&server, 3).await;
    assert_eq!(server.chain.miners(), ["ana.rig-1"; 3], "{result}");
    assert_eq!(server.chain.refused.load(Ordering::Relaxed), 0);
    assert!(result["jobs"].as_u64() >= Some(3), "{result}");
}

#[tokio::test(flavor = "multi_thread")]
async fn its_shares_are_counted_while_the_difficulty_moves() {
    let server = Server::start(60, |config| {
        config.start_difficulty = Difficulty::from_hashes(10);
    })
    .await;
    let result = mine(&server, 24).await;
    assert_eq!(server.chain.shares.load(Ordering::Relaxed), 24, "{result}");
    assert!(
        result["jobs"].as_u64() >= Some(2),
        "no new difficulty: {result}"
    );
    assert_eq!(server.chain.height(), 0);
}

/// Runs only where a `minerd` is installed, which the Debian packages do not have.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_minerd_finds_blocks_slow() {
    let server = Server::start(18, |_| ()).await;
    let url = format!("stratum+tcp://{}", server.address);
    let spawned = Command::new("minerd")
        .args([
            "-a", "sha256d", "-t", "1", "-o", &url, "-u", "ana", "-p", "x",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let Ok(_minerd) = spawned else {
        eprintln!("skipped: there is no minerd here");
        return;
    };
    timeout(Duration::from_mins(2), server.chain.height_reached(3))
        .await
        .expect("three blocks in time");
    assert_eq!(server.chain.refused.load(Ordering::Relaxed), 0);
}
