//! A miner that works as pooler's minerd does finds blocks for a node.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::Command,
};

use bolao_ledger::{AccountId, Genesis, TargetRule};
use bolao_node::{Home, Node, NodeConfig};
use tokio::sync::oneshot;

const MINERD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/minerd.py");

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
}

async fn mine(address: SocketAddr, user: String, shares: &'static str) -> std::process::Output {
    tokio::task::spawn_blocking(move || {
        Command::new("python3")
            .args([
                MINERD,
                "127.0.0.1",
                &address.port().to_string(),
                &user,
                shares,
            ])
            .output()
            .expect("python3 is installed by scripts/setup.sh")
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standard_miner_finds_blocks_for_its_account() {
    let mut genesis = Genesis::article();
    // As easy as the lowest share difficulty, so that each share is a block.
    genesis.target = TargetRule::Fixed { zero_bits: 12 };
    let address = free_address();
    let dir = tempfile::tempdir().unwrap();
    let nodes = dir.path().join("nodes.json");
    let mut config = NodeConfig::new(Ipv4Addr::LOCALHOST.into(), 0, nodes);
    config.stratum = Some((address, bolao_stratum::server()));
    let node = Node::start(Home::open(dir.path()).unwrap(), genesis, config);
    let node = node.await.unwrap();
    let reader = node.reader().clone();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(node.run(async {
        let _ = stopped.await;
    }));

    let account = AccountId([7; 32]);
    // The machine's name after a dot is the miner's own affair.
    let output = mine(address, format!("{account}.attic"), "3").await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let snapshot = reader.snapshot().unwrap();
    let tip = snapshot.tip().unwrap();
    assert!(tip.height.0 >= 1, "no share became a block: {said}");
    let block = snapshot.block(&tip.hash).unwrap().unwrap();
    assert_eq!(block.coinbase.miner, account);

    let stranger = mine(address, "nobody".into(), "1").await;
    assert!(!stranger.status.success(), "a name of no player was taken");
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}
