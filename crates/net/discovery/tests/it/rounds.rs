//! The three steps.

use std::{fs, time::Duration};

use bolao_discovery::{Discovery, DiscoveryConfig, Node, Refused, Seed, SeedServer};
use serde_json::json;
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::oneshot,
};

use crate::support::{Fake, Running, any_port, http, knows, ok};

async fn seed() -> (Node, Discovery, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let list = home.path().join("seed/nodes.json");
    let server = SeedServer::bind(any_port(), list, Duration::from_mins(1))
        .await
        .unwrap();
    let node = server.local_addr().try_into().unwrap();
    let discovery = server.discovery().clone();
    tokio::spawn(server.run(std::future::pending()));
    (node, discovery, home)
}

#[tokio::test]
async fn four_nodes_find_each_other_through_a_seed() {
    let (seed, at_seed, _home) = seed().await;
    let mut nodes = Vec::new();
    for _ in 0..4 {
        nodes.push(Running::with_seed(&seed).await);
    }
    for node in &nodes {
        let report = node.discovery.round().await;
        assert_eq!((report.last_step, report.seeds), (3, 1), "{report:?}");
    }
    let all: Vec<Node> = nodes.iter().map(|running| running.node).collect();
    knows(at_seed.known(), &all).await;
    for running in &nodes {
        let others: Vec<Node> = all
            .iter()
            .filter(|node| **node != running.node)
            .copied()
            .collect();
        knows(running.known(), &others).await;
    }

    let gone = nodes.remove(1).kill().await;
    assert_eq!(at_seed.round().await.dropped, 1);
    assert!(!at_seed.known().contains(&gone));
    for running in &nodes {
        let report = running.discovery.round().await;
        assert_eq!((report.dropped, report.known), (1, 2), "{report:?}");
        assert!(!running.known().contains(&gone));
    }
}

#[tokio::test]
async fn the_second_step_asks_the_known_ones() {
    let third = Running::start(|_| ()).await;
    let second = Running::start(|_| ()).await;
    let first = Running::start(|_| ()).await;
    second.known().add_verified(third.node).unwrap();
    first.known().add_verified(second.node).unwrap();
    let report = first.discovery.round().await;
    assert_eq!((report.last_step, report.asked, report.added), (2, 1, 1));
    knows(first.known(), &[second.node, third.node]).await;
    knows(third.known(), &[first.node]).await;
}

#[tokio::test]
async fn later_steps_are_left_out_at_the_limit() {
    let friends = [Fake::json("[]").await, Fake::json("[]").await];
    let named = serde_json::to_string(&[friends[0].node, friends[1].node]).unwrap();
    let friend = Fake::json(&named).await;
    let seed = Fake::json("[]").await;
    let node = Running::start(|config| {
        config.kn_limit = 3;
        config.seeds = vec![Seed::new("127.0.0.1", seed.node.port()).unwrap()];
    })
    .await;

    node.known().add_verified(friend.node).unwrap();
    let report = node.discovery.round().await;
    assert_eq!((report.last_step, report.known), (2, 3), "{report:?}");
    assert_eq!(seed.requests(), 0);

    let before = friend.requests();
    let report = node.discovery.round().await;
    assert_eq!((report.last_step, report.known), (1, 3), "{report:?}");
    assert_eq!(friend.requests(), before + 1, "the check of step 1");
    assert_eq!(seed.requests(), 0);

    let [gone, _] = friends;
    gone.kill().await;
    let report = node.discovery.round().await;
    assert_eq!((report.dropped, report.last_step, report.seeds), (1, 3, 1));
    assert_eq!(seed.requests(), 1);
}

#[tokio::test]
async fn a_plain_client_joins_is_listed_and_pruned() {
    let (seed, at_seed, _home) = seed().await;
    let node = Running::start(|_| ()).await;
    let fake = Fake::json("[]").await;
    for (place, discovery) in [(seed, &at_seed), (node.node, &node.discovery)] {
        let url = format!("{}/nodes/", place.url());
        let answer = http().post(&url).json(&fake.node).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.json::<Vec<Node>>().await.unwrap(), [fake.node]);
        let listed = http().get(&url).send().await.unwrap();
        assert_eq!(listed.json::<Vec<Node>>().await.unwrap(), [fake.node]);
        assert_eq!(discovery.round().await.dropped, 0);
    }
    fake.kill().await;
    for (place, discovery) in [(seed, &at_seed), (node.node, &node.discovery)] {
        assert_eq!(discovery.round().await.dropped, 1);
        let listed = http().get(format!("{}/nodes/", place.url())).send().await;
        assert_eq!(listed.unwrap().text().await.unwrap(), "[]");
    }
}

/// The article's program of today, as its node and its seed server call each other.
#[tokio::test]
async fn the_program_of_today_registers_by_asking_for_the_list() {
    let (seed, _at_seed, _home) = seed().await;
    let node = Running::start(|_| ()).await;
    let fake = Fake::start(
        &b"HTTP/1.0 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: 2\r\n\r\n[]"[..],
    )
    .await;
    for place in [seed, node.node] {
        let url = format!("{}/nodes/", place.url());
        for body in [json!({}), json!(7)] {
            let answer = http().get(&url).json(&body).send().await.unwrap();
            assert_eq!(answer.text().await.unwrap(), "[]");
        }
        let answer = http().get(&url).json(&fake.node).send().await.unwrap();
        assert_eq!(answer.json::<Vec<Node>>().await.unwrap(), [fake.node]);
    }
}

#[tokio::test]
async fn a_seed_server_asks_what_is_no_node_once_and_does_not_list_it() {
    let (seed, at_seed, _home) = seed().await;
    let page = "<html>a page</html>";
    for answer in [
        &b"HTTP/1.0 501 Not Implemented\r\n\r\n"[..],
        &ok(page),
        &ok("[1, 2]"),
        &ok("\"text\""),
    ] {
        let fake = Fake::start(answer).await;
        let url = format!("{}/nodes/", seed.url());
        let listed = http().post(&url).json(&fake.node).send().await.unwrap();
        assert_eq!(listed.text().await.unwrap(), "[]");
        assert_eq!(fake.requests(), 1);
        assert_eq!(at_seed.known().candidates(), []);
    }
}

#[tokio::test]
async fn a_seed_server_contacts_nobody_whom_a_stranger_names_and_no_well_known_port() {
    let (_seed, at_seed, _home) = seed().await;
    let wait = Duration::ZERO;
    let node = |ip: [u8; 4], port| Node::new(ip.into(), port).unwrap();
    let (stranger, third) = ([203, 0, 113, 7], node([198, 51, 100, 9], 9000));
    let refused = at_seed.register(third, stranger.into(), wait).await;
    assert!(
        matches!(refused, Err(Refused::SomebodyElse(..))),
        "{refused:?}"
    );
    for caller in [stranger, [127, 0, 0, 1]] {
        let refused = at_seed
            .register(node(caller, 443), caller.into(), wait)
            .await;
        assert!(
            matches!(refused, Err(Refused::WellKnownPort(_))),
            "{refused:?}"
        );
    }
    assert_eq!(at_seed.known().candidates(), []);
    assert_eq!(
        at_seed
            .register(node(stranger, 9000), stranger.into(), wait)
            .await,
        Ok(())
    );
    assert_eq!(at_seed.known().candidates(), [node(stranger, 9000)]);
}

#[tokio::test]
async fn who_registers_before_listening_is_asked_again() {
    let node = Running::start(|_| ()).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let fake: Node = socket.local_addr().unwrap().try_into().unwrap();
    let answer = http()
        .post(format!("{}/", node.node.url()))
        .json(&fake)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.json::<Node>().await.unwrap(), fake);
    assert_eq!(*node.known().list(), [], "nobody listens at {fake}");
    let _fake = Fake::on(socket.listen(8).unwrap(), fake, ok("{}"));
    knows(node.known(), &[fake]).await;
}

#[tokio::test]
async fn a_candidate_that_never_answers_is_forgotten() {
    let node = Running::start(|_| ()).await;
    let dead = Fake::json("{}").await.kill().await;
    node.known()
        .add_candidate(dead, [127, 0, 0, 1].into())
        .unwrap();
    let report = node.discovery.round().await;
    assert_eq!((report.added, report.known), (0, 0));
    assert_eq!(node.known().candidates(), []);
}

#[tokio::test]
async fn the_file_follows_the_list_and_survives_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("data/nodes.json");
    let fake = Fake::json("[]").await;
    let mut config = DiscoveryConfig::new(None);
    config.interval = Duration::from_hours(1);
    config.nodes_file = Some(path.clone());
    let discovery = Discovery::open(config.clone()).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn({
        let discovery = discovery.clone();
        async move {
            discovery
                .run(async {
                    let _ = stopped.await;
                })
                .await;
        }
    });
    discovery.known().add_verified(fake.node).unwrap();
    stop.send(()).unwrap();
    running.await.unwrap();

    let text = fs::read_to_string(&path).unwrap();
    let port = fake.node.port();
    let wanted = format!("[{{\"ip_address\":\"127.0.0.1\",\"port\":{port}}}]\n");
    assert_eq!(text, wanted);
    let again = Discovery::open(config.clone()).unwrap();
    assert_eq!(*again.known().list(), [fake.node]);

    fs::write(&path, "no array").unwrap();
    let again = Discovery::open(config).unwrap();
    assert!(again.known().is_empty());
    assert!(home.path().join("data/nodes.json.bad").exists());
}

#[tokio::test]
async fn who_is_alone_tries_those_it_knew() {
    let node = Running::start(|_| ()).await;
    let fake = Fake::json("[]").await;
    node.known().add_verified(fake.node).unwrap();
    let gone = fake.kill().await;
    let report = node.discovery.round().await;
    assert_eq!(report.dropped, 1, "{gone}: {report:?}");
    assert_eq!(node.discovery.round().await.added, 0);

    let listener = TcpListener::bind(gone.socket_addr()).await.unwrap();
    let _back = Fake::on(listener, gone, ok("[]"));
    assert_eq!(node.discovery.round().await.added, 1);
    knows(node.known(), &[gone]).await;
}

#[tokio::test]
async fn nodes_started_together_do_not_wait_for_the_interval() {
    let (seed, _at_seed, _home) = seed().await;
    let first = Running::with_seed(&seed).await;
    let second = Running::with_seed(&seed).await;
    for running in [&first, &second] {
        let discovery = running.discovery.clone();
        tokio::spawn(async move { discovery.run(std::future::pending()).await });
    }
    knows(first.known(), &[second.node]).await;
    knows(second.known(), &[first.node]).await;
}
