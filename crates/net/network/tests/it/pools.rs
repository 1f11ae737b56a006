//! Several pools on one port.

use std::time::Duration;

use bolao_network::{Event, Port, StartError, Topic, Verdict};
use tokio::time::{Instant, timeout};

use crate::hostile::raw::{Raw, hello};
use crate::node::{Node, gossip_flows, link, of_pool, secret};

/// How fast a node without the pool is known for that.
const FAST: Duration = Duration::from_secs(1);

/// A home with a port, and a network for each of its pools.
pub(crate) struct Home {
    pub(crate) port: Port,
    pub(crate) nodes: Vec<Node>,
}

impl Home {
    pub(crate) async fn of(number: u8, pools: &[u8]) -> Self {
        let port = Port::open("127.0.0.1:0".parse().unwrap(), secret(number)).await;
        let port = port.unwrap();
        let nodes = pools.iter().map(|pool| node(&port, *pool)).collect();
        Self { port, nodes }
    }

    /// A home with two pools, and a friend in the first.
    pub(crate) async fn and_friend() -> (Self, Self) {
        let (mut home, mut friend) = (Self::of(1, &[1, 2]).await, Self::of(2, &[1]).await);
        link(&mut friend.nodes[0], &mut home.nodes[0]).await;
        (home, friend)
    }
}

pub(crate) fn node(port: &Port, pool: u8) -> Node {
    Node::on(port, of_pool([pool; 32])).unwrap()
}

fn any(event: &Event) -> bool {
    !matches!(event, Event::Response { .. })
}

/// Asks, and has the answer that belongs to the question.
pub(crate) async fn echo(asker: &mut Node, asked: &mut Node, text: &[u8]) {
    asker.handle.request(asked.id(), 1, text.to_vec()).unwrap();
    let (token, data) = asked.request().await;
    assert_eq!(data, text);
    asked.handle.respond(token, data).unwrap();
    let answer = asker.wait("a response", |event| match event {
        Event::Response { result, .. } => Some(result),
        _ => None,
    });
    assert_eq!(answer.await, Ok(text.to_vec()));
}

#[tokio::test]
async fn what_is_said_in_a_pool_stays_in_it() {
    let (mut a, mut b) = (Home::of(1, &[1, 2]).await, Home::of(2, &[1, 2]).await);
    for (a, b) in a.nodes.iter_mut().zip(&mut b.nodes) {
        assert_eq!((a.id(), a.address()), (a.id(), a.address()));
        link(a, b).await;
        gossip_flows(a, b).await;
        gossip_flows(b, a).await;
    }
    let second = Duration::from_secs(1);
    for speaks in 0..2 {
        let text = format!("of pool {speaks}").into_bytes();
        let block = a.nodes[speaks].handle.publish(Topic::Blocks, text.clone());
        block.unwrap();
        assert_eq!(b.nodes[speaks].judge(Verdict::Accept).await, text);
        echo(&mut b.nodes[speaks], &mut a.nodes[speaks], &text).await;
        b.nodes[1 - speaks].quiet(second, any).await;
        a.nodes[1 - speaks].quiet(second, any).await;
    }
}

#[tokio::test]
async fn who_shares_one_pool_meets_in_that_alone() {
    let (mut a, mut b) = (Home::of(1, &[1, 2]).await, Home::of(2, &[2, 3]).await);
    for node in &b.nodes {
        node.handle.dial(a.port.listen_addr()).unwrap();
    }
    assert!(b.nodes[0].connected(a.nodes[1].id()).await);
    a.nodes[1].connected(b.nodes[0].id()).await;
    let failed = (a.port.listen_addr(), "other pool".to_owned());
    assert_eq!(b.nodes[1].dial_failed().await, failed);
    echo(&mut b.nodes[0], &mut a.nodes[1], b"who?").await;
    a.nodes[0].quiet(FAST, any).await;
    assert!(a.nodes[0].handle.peers().is_empty() && b.nodes[1].handle.peers().is_empty());
}

#[tokio::test]
async fn a_node_without_the_pool_says_so_at_once() {
    let (mut a, nobody) = (Home::of(1, &[1]).await, Home::of(2, &[]).await);
    for round in 0..3 {
        let begun = Instant::now();
        let to = nobody.port.listen_addr();
        a.nodes[0].handle.dial(to).unwrap();
        let failed = a.nodes[0].dial_failed().await;
        assert_eq!(failed, (to, "other pool".to_owned()));
        assert!(begun.elapsed() < FAST, "{round}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_pool_comes_and_goes_while_the_other_stays() {
    let (mut a, mut b) = (Home::of(1, &[1, 2]).await, Home::of(2, &[1, 2]).await);
    for (a, b) in a.nodes.iter_mut().zip(&mut b.nodes) {
        link(a, b).await;
    }
    let twice = Node::on(&a.port, of_pool([2; 32]));
    assert!(matches!(twice, Err(StartError::Twice)));
    for _ in 0..3 {
        a.nodes[1].handle.shutdown().await;
        b.nodes[1].disconnected(a.nodes[0].id()).await;
        b.nodes[1].handle.dial(a.port.listen_addr()).unwrap();
        let reason = b.nodes[1].dial_failed().await.1;
        assert_eq!(reason, "other pool");

        a.nodes[1] = node(&a.port, 2);
        link(&mut b.nodes[1], &mut a.nodes[1]).await;
        gossip_flows(&a.nodes[1], &mut b.nodes[1]).await;
        echo(&mut a.nodes[0], &mut b.nodes[0], b"still there?").await;
    }
    let gone = |event: &Event| matches!(event, Event::Disconnected { .. });
    a.nodes[0].quiet(Duration::from_millis(500), gone).await;
    b.nodes[0].quiet(Duration::from_millis(500), gone).await;
}

#[tokio::test]
async fn discouraged_in_one_pool_one_is_welcome_in_the_other() {
    let (mut a, mut b) = (Home::of(1, &[1, 2]).await, Home::of(2, &[1, 2]).await);
    for (a, b) in a.nodes.iter_mut().zip(&mut b.nodes) {
        link(a, b).await;
    }
    let bad = b.nodes[0].id();
    a.nodes[0].handle.discourage(bad).unwrap();
    b.nodes[0].disconnected(a.nodes[0].id()).await;
    b.nodes[0].handle.dial(a.port.listen_addr()).unwrap();
    b.nodes[0].dial_failed().await;
    assert!(a.nodes[0].handle.peers().is_empty());

    echo(&mut a.nodes[1], &mut b.nodes[1], b"still there?").await;
    a.nodes[1].handle.disconnect(bad).unwrap();
    b.nodes[1].disconnected(a.nodes[1].id()).await;
    a.nodes[1].disconnected(bad).await;
    link(&mut b.nodes[1], &mut a.nodes[1]).await;
}

#[tokio::test]
async fn two_dials_at_once_in_each_of_two_pools_end_in_one_connection_each() {
    for round in 0..5 {
        let mut a = Home::of(1 + round, &[1, 2]).await;
        let mut b = Home::of(101 + round, &[1, 2]).await;
        for (a, b) in a.nodes.iter().zip(&b.nodes) {
            a.dial(b);
            b.dial(a);
        }
        for (a, b) in a.nodes.iter_mut().zip(&mut b.nodes) {
            a.connected(b.id()).await;
            b.connected(a.id()).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        for (a, b) in a.nodes.iter_mut().zip(&mut b.nodes) {
            gossip_flows(a, b).await;
            gossip_flows(b, a).await;
            let (of_a, of_b) = (a.handle.peers(), b.handle.peers());
            assert_eq!((of_a.len(), of_b.len()), (1, 1));
            assert_ne!(of_a[0].outbound, of_b[0].outbound, "it is the same one");
        }
    }
}

/// Its queue is bounded, and what does not fit is closed; the other pool has the port's whole attention.
#[tokio::test]
async fn a_pool_that_is_stuck_holds_up_no_other() {
    let mut home = Home::of(1, &[1, 2]).await;
    let mut friend = Home::of(2, &[2]).await;
    link(&mut friend.nodes[0], &mut home.nodes[1]).await;
    let to = home.port.listen_addr();
    // Nobody reads its events, and each of these makes one.
    for id in 0..3_000 {
        let unknown = friend.nodes[0].id();
        home.nodes[0].handle.request(unknown, id, vec![]).unwrap();
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let (mut welcome, mut busy, mut open) = (0, 0, Vec::new());
    for number in 20..60 {
        let raw = Raw::connect(number, to).await.unwrap();
        match raw.greet(&hello(raw.peers, [1; 32])).await.unwrap() {
            0 => welcome += 1,
            2 => busy += 1,
            other => panic!("answered {other}"),
        }
        open.push(raw);
    }
    assert_eq!((welcome, busy), (16, 24));
    echo(&mut friend.nodes[0], &mut home.nodes[1], b"still there?").await;
}

/// The last network closes the port with it, and its number is free.
#[tokio::test]
async fn a_port_closes_with_the_last_that_has_it() {
    let home = Home::of(1, &[1]).await;
    let address = home.port.listen_addr();
    let Home { port, nodes } = home;
    drop(port);
    assert!(Port::open(address, secret(1)).await.is_err());
    nodes[0].handle.shutdown().await;
    let again = Port::open(address, secret(1)).await.unwrap();

    // Or at once, whoever still has it.
    let node = node(&again, 1);
    again.shutdown().await;
    Port::open(address, secret(2)).await.unwrap();
    // What is on it stops.
    timeout(FAST, node.handle.stopped()).await.unwrap();
}
