//! What many networks on one port cost while nobody is connected.

use std::fs;
use std::time::Duration;

use bolao_network::Port;
use tokio::time::sleep;

use crate::node::{Node, of_pool, secret};

const NETWORKS: usize = 100;

/// How long it is looked at.
const LOOK: Duration = Duration::from_secs(30);

/// The most that all may use of a core, and each of memory. A build with optimisations and nothing else to do stays far below.
const CORE: f64 = 0.02;
const EACH: usize = 300 * 1024;

/// The time that this process has run, and the bytes that it holds, where the system tells.
fn used() -> Option<(Duration, usize)> {
    let mut ran = Duration::ZERO;
    for thread in fs::read_dir("/proc/self/task").ok()? {
        let times = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        ran += Duration::from_nanos(times.split(' ').next()?.parse().ok()?);
    }
    let sizes = fs::read_to_string("/proc/self/statm").ok()?;
    let pages: usize = sizes.split(' ').nth(1)?.parse().ok()?;
    Some((ran, pages * 4096))
}

#[tokio::test]
async fn a_hundred_networks_without_peers_cost_next_to_nothing_slow() {
    let port = Port::open("127.0.0.1:0".parse().unwrap(), secret(1)).await;
    let port = port.unwrap();
    let _first = Node::on(&port, of_pool([0xff; 32])).unwrap();
    let Some((_, alone)) = used() else {
        eprintln!("SKIPPED: this system does not tell what a process uses");
        return;
    };
    let mut nodes = Vec::new();
    for number in 0..NETWORKS {
        nodes.push(Node::on(&port, of_pool([number as u8; 32])).unwrap());
    }
    sleep(Duration::from_secs(2)).await;
    let (before, bytes) = used().unwrap();
    sleep(LOOK).await;
    let (after, _) = used().unwrap();
    let core = after.saturating_sub(before).div_duration_f64(LOOK);
    let each = bytes.saturating_sub(alone) / NETWORKS;
    eprintln!("{core:.5} of a core, {each} bytes for each network");
    assert!(core < CORE, "{core} of a core");
    assert!(each < EACH, "{each} bytes for each network");
}
