//! The seed server as a whole.

use std::time::Duration;

use bolao_discovery::{Node, SeedError, SeedServer};
use tokio::sync::oneshot;

use crate::support::{Fake, any_port, http, knows};

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn keeps_its_list_and_prunes_on_its_interval() {
    let home = tempfile::tempdir().unwrap();
    let list = home.path().join("nodes.json");
    let bind = |interval| SeedServer::bind(any_port(), list.clone(), interval);
    let stays = Fake::json("{}").await;
    let leaves = Fake::json("{}").await;

    // On a busy machine a node that is asked five times a second may be late with an answer.
    let server = bind(MINUTE).await.unwrap();
    let url = format!("http://{}/nodes/", server.local_addr());
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    for fake in [&stays, &leaves] {
        let answer = http().post(&url).json(&fake.node).send().await.unwrap();
        let listed: Vec<Node> = answer.json().await.unwrap();
        assert!(listed.contains(&fake.node));
    }
    stop.send(()).unwrap();
    running.await.unwrap();
    assert!(http().get(&url).send().await.is_err());

    let server = bind(Duration::from_millis(200)).await.unwrap();
    let discovery = server.discovery().clone();
    assert_eq!(*discovery.known().list(), [stays.node, leaves.node]);
    tokio::spawn(server.run(std::future::pending()));
    leaves.kill().await;
    knows(discovery.known(), &[stays.node]).await;
}

#[tokio::test]
async fn a_taken_port_is_said() {
    let home = tempfile::tempdir().unwrap();
    let bind = |address| SeedServer::bind(address, home.path().join("nodes.json"), MINUTE);
    let first = bind(any_port()).await.unwrap();
    let second = bind(first.local_addr()).await;
    assert!(matches!(second, Err(SeedError::Listen { .. })));
}

/// Its list would be gone with it, and nobody would know why.
#[tokio::test]
async fn a_seed_that_cannot_keep_its_list_does_not_start() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("no-directory");
    std::fs::write(&file, "").unwrap();
    let server = SeedServer::bind(any_port(), file.join("x/nodes.json"), MINUTE).await;
    assert!(matches!(server, Err(SeedError::Discovery(_))));
}
