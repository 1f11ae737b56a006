//! The seed server as a whole.

use std::time::Duration;

use bolao_discovery::{Node, SeedConfig, SeedError, SeedServer};
use tokio::sync::oneshot;

use crate::support::{Fake, http, knows};

#[test]
fn defaults_are_the_articles() {
    let config = SeedConfig::default();
    assert_eq!(config.ip.to_string(), "127.0.0.1");
    assert_eq!(config.port, 42020);
    assert_eq!(
        config.dir.join(config.nodes).to_str().unwrap(),
        "./.bolao-seed/nodes.json"
    );
    assert_eq!(config.interval, Duration::from_mins(1));
}

#[tokio::test]
async fn keeps_its_list_and_prunes_on_its_interval() {
    let home = tempfile::tempdir().unwrap();
    let config = SeedConfig {
        port: 0,
        dir: home.path().to_owned(),
        interval: Duration::from_millis(200),
        ..SeedConfig::default()
    };
    let stays = Fake::json("{}").await;
    let leaves = Fake::json("{}").await;

    let server = SeedServer::bind(config.clone()).await.unwrap();
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

    let server = SeedServer::bind(config).await.unwrap();
    let discovery = server.discovery().clone();
    assert_eq!(*discovery.known().list(), [stays.node, leaves.node]);
    tokio::spawn(server.run(std::future::pending()));
    leaves.kill().await;
    knows(discovery.known(), &[stays.node]).await;
}

#[tokio::test]
async fn a_taken_port_is_said() {
    let home = tempfile::tempdir().unwrap();
    let first = SeedServer::bind(SeedConfig {
        port: 0,
        dir: home.path().into(),
        ..SeedConfig::default()
    })
    .await
    .unwrap();
    let second = SeedServer::bind(SeedConfig {
        port: first.local_addr().port(),
        dir: home.path().into(),
        ..SeedConfig::default()
    })
    .await;
    assert!(matches!(second, Err(SeedError::Listen { .. })));
}

/// Its list would be gone with it, and nobody would know why.
#[tokio::test]
async fn a_seed_that_cannot_keep_its_list_does_not_start() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("no-directory");
    std::fs::write(&file, "").unwrap();
    let server = SeedServer::bind(SeedConfig {
        port: 0,
        dir: file.join("x"),
        ..SeedConfig::default()
    })
    .await;
    assert!(matches!(server, Err(SeedError::Discovery(_))));
}
