//! Nodes that reach a home's node.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    net::UdpSocket,
    time::{sleep, timeout},
};

use crate::world::{PAGE, World};

const ANA: &str = "ana.relay.example";
const SOON: Duration = Duration::from_secs(5);
const MOMENT: Duration = Duration::from_millis(300);

/// The first datagram of a connection of QUIC.
fn first() -> Vec<u8> {
    let mut first = vec![7; 1200];
    first.splice(..5, [0b1100_0000, 0, 0, 0, 1]);
    first
}

struct Node(UdpSocket);

impl Node {
    async fn new(home: SocketAddr) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.connect(home).await.unwrap();
        Self(socket)
    }

    /// Whether a datagram comes back in time.
    async fn is_echoed(&self, datagram: &[u8], patience: Duration) -> bool {
        let mut buffer = [0; 2000];
        let echoed = async {
            self.0.send(datagram).await?;
            self.0.recv(&mut buffer).await
        };
        match timeout(patience, echoed).await {
            Ok(Ok(length)) => buffer[..length] == *datagram,
            // Too late, or nobody listens there any more.
            _ => false,
        }
    }
}

#[tokio::test]
async fn a_node_is_answered_from_the_address_that_it_called() {
    let world = World::new(|_| {}).await;
    let token = world.token("ana");
    let home = world.home(&token, 1, PAGE).await;
    for ip in ["127.0.0.1", "127.0.0.2"] {
        let called = SocketAddr::new(ip.parse().unwrap(), home.node().port());
        let node = Node::new(called).await;
        assert!(node.is_echoed(&first(), SOON).await, "{called}");
    }
}

#[tokio::test]
async fn datagrams_go_there_and_back() {
    let mut world = World::new(|_| {}).await;
    let token = world.token("ana");
    let home = world.home(&token, 1, PAGE).await;
    let node = Node::new(home.node()).await;
    assert!(
        !node.is_echoed(&[1; 100], MOMENT).await,
        "no connection yet"
    );
    assert!(node.is_echoed(&first(), SOON).await);
    for length in [1, 100, 1452] {
        assert!(node.is_echoed(&vec![1; length], SOON).await, "{length}");
    }
    let others = Node::new(home.node()).await;
    assert!(others.is_echoed(&first(), SOON).await);
    assert!(node.is_echoed(&[2; 9], SOON).await);
    // A caller on this machine, or in its network, has no address of its own there.
    let introduced = home.introduced.lock().unwrap().clone();
    assert_eq!(introduced.len(), 2);
    assert!(introduced.iter().all(|caller| caller.ip().is_unspecified()));

    // A tunnel that breaks takes nobody's port.
    let port = home.node();
    world.stop().await;
    world.start().await;
    sleep(MOMENT).await;
    home.reaches(|state| matches!(state, bolao_reach::relay::TunnelState::Up { .. }))
        .await;
    let node = Node::new(home.node()).await;
    assert!(node.is_echoed(&first(), SOON).await, "was at {port}");
}

#[tokio::test]
async fn nodes_are_bounded_and_the_page_stays_open() {
    let world = World::new(|limits| {
        limits.nodes_per_address = 4;
        limits.node_idle = Duration::from_secs(1);
        limits.streams = 8;
    })
    .await;
    let token = world.token("ana");
    let home = world.home(&token, 1, PAGE).await;
    let mut nodes = Vec::new();
    for _ in 0..4 {
        let node = Node::new(home.node()).await;
        assert!(node.is_echoed(&first(), SOON).await);
        // It has heard the home, and says so.
        assert!(node.is_echoed(&[1; 30], SOON).await);
        nodes.push(node);
    }
    let more = Node::new(home.node()).await;
    assert!(!more.is_echoed(&first(), MOMENT).await);
    for _ in 0..100 {
        let flood = Node::new(home.node()).await;
        flood.0.send(&first()).await.unwrap();
    }
    assert!(world.get(ANA, "/").await.unwrap().contains(PAGE));
    for node in &nodes {
        assert!(node.is_echoed(&[3; 30], SOON).await, "it was there first");
    }
    // Who is silent makes room.
    sleep(Duration::from_millis(1500)).await;
    assert!(more.is_echoed(&first(), SOON).await);
}

#[tokio::test]
async fn a_label_that_is_removed_has_no_node() {
    let world = World::new(|_| {}).await;
    let token = world.token("ana");
    let home = world.home(&token, 1, PAGE).await;
    let node = Node::new(home.node()).await;
    assert!(node.is_echoed(&first(), SOON).await);
    world.labels.remove(token.label()).unwrap();
    timeout(SOON, async {
        while node.is_echoed(&first(), MOMENT).await {}
    })
    .await
    .unwrap();

    // Given again.
    drop(home);
    let token = world.token_again("ana");
    let home = world.home(&token, 2, PAGE).await;
    let node = Node::new(home.node()).await;
    assert!(node.is_echoed(&first(), SOON).await);
}

#[tokio::test]
async fn whoever_has_not_heard_the_home_makes_room() {
    let world = World::new(|limits| limits.nodes_per_address = 4).await;
    let token = world.token("ana");
    let home = world.home(&token, 1, PAGE).await;
    // As packets with others' addresses on them do, these never hear an answer.
    for _ in 0..50 {
        let spoofed = Node::new(home.node()).await;
        spoofed.0.send(&first()).await.unwrap();
    }
    let friend = Node::new(home.node()).await;
    assert!(friend.is_echoed(&first(), SOON).await);
    assert!(friend.is_echoed(&[1; 30], SOON).await);
    for _ in 0..50 {
        let spoofed = Node::new(home.node()).await;
        spoofed.0.send(&first()).await.unwrap();
    }
    assert!(friend.is_echoed(&[2; 30], SOON).await);
    // Nor do they use up the traffic.
    let endless = Node::new(home.node()).await;
    for _ in 0..100 {
        endless.0.send(&first()).await.unwrap();
    }
    sleep(MOMENT).await;
    let mut buffer = [0; 2000];
    let mut passed = 0;
    while let Ok(Ok(_)) = timeout(MOMENT, endless.0.recv(&mut buffer)).await {
        passed += 1;
    }
    assert!(passed < 100, "{passed}");
}
