use std::time::Duration;

use bolao_network::{Event, Port, StartError};

use crate::node::{Node, Setup, config, gossip_flows, link};

fn any_connection(event: &Event) -> bool {
    matches!(
        event,
        Event::Connected { .. } | Event::Disconnected { .. } | Event::DialFailed { .. }
    )
}

#[tokio::test]
async fn a_connection_is_told_once_on_each_side() {
    let (mut a, mut b) = (Node::start(1).await, Node::start(2).await);
    link(&mut a, &mut b).await;
    a.dial(&b);
    b.dial(&a);
    let second = Duration::from_secs(1);
    tokio::join!(
        a.quiet(second, any_connection),
        b.quiet(second, any_connection)
    );

    let peers = a.handle.peers();
    assert_eq!(peers.len(), 1);
    assert_eq!((peers[0].peer, peers[0].address), (b.id(), b.address()));
    assert!(peers[0].outbound);
    assert!(peers[0].agent.starts_with("bolao/"));
    assert_eq!(b.handle.peers()[0].address, a.address());
}

#[tokio::test]
async fn what_peers_say_is_no_news_of_who_is_connected() {
    let (mut a, mut b) = (Node::start(1).await, Node::start(2).await);
    link(&mut a, &mut b).await;
    gossip_flows(&b, &mut a).await;
    let mut peers = a.handle.watch_peers();
    peers.mark_unchanged();
    for number in 0..20 {
        b.handle.request(a.id(), number, vec![1]).unwrap();
        drop(a.request().await);
    }
    assert!(!peers.has_changed().unwrap());
    b.handle.shutdown().await;
    a.disconnected(b.id()).await;
    assert!(peers.has_changed().unwrap());
}

#[tokio::test]
async fn a_shutdown_is_noticed_at_once() {
    let (mut a, mut b) = (Node::start(1).await, Node::start(2).await);
    link(&mut a, &mut b).await;
    let start = std::time::Instant::now();
    a.handle.shutdown().await;
    b.disconnected(a.id()).await;
    assert!(start.elapsed() < Duration::from_secs(1), "{start:?}");
    assert!(b.handle.peers().is_empty());
    assert!(a.handle.dial(b.address()).is_err());
}

#[tokio::test]
async fn a_disconnected_peer_may_come_back_and_a_discouraged_one_may_not() {
    let (mut a, mut b) = (Node::start(1).await, Node::start(2).await);
    link(&mut a, &mut b).await;
    a.handle.disconnect(b.id()).unwrap();
    a.disconnected(b.id()).await;
    b.disconnected(a.id()).await;

    link(&mut b, &mut a).await;
    a.handle.discourage(b.id()).unwrap();
    b.disconnected(a.id()).await;
    b.dial(&a);
    assert_eq!(b.dial_failed().await.0, a.address());
    assert!(a.handle.peers().is_empty());

    let mut c = Node::start(3).await;
    link(&mut c, &mut a).await;
}

/// The packets of a dial without an answer go out after one second and after three; whoever dials again does not wait for those.
#[tokio::test]
async fn a_node_that_comes_late_is_found_by_the_next_dial() {
    let gone = Node::start(2).await;
    let address = gone.address();
    gone.handle.shutdown().await;
    let mut a = Node::start(1).await;
    a.handle.dial(address).unwrap();
    tokio::time::sleep(Duration::from_millis(1300)).await;
    let listen = address;
    let mut b = Node::with(Setup {
        listen,
        ..config(2)
    })
    .await;
    let start = std::time::Instant::now();
    a.dial(&b);
    a.connected(b.id()).await;
    b.connected(a.id()).await;
    assert!(start.elapsed() < Duration::from_secs(1), "{start:?}");
    // The first dial ends without a word.
    let longest = Duration::from_secs(4);
    tokio::join!(
        a.quiet(longest, any_connection),
        b.quiet(longest, any_connection)
    );
    assert_eq!(a.handle.peers().len(), 1);
}

#[tokio::test]
async fn another_pool_is_dropped() {
    let mut a = Node::start(1).await;
    let mut stranger = config(2);
    stranger.protocol.pool = [0xee; 32];
    let mut b = Node::with(stranger).await;
    a.dial(&b);
    assert_eq!(
        a.dial_failed().await,
        (b.address(), "other pool".to_owned())
    );
    b.quiet(Duration::from_secs(1), any_connection).await;
    assert!(a.handle.peers().is_empty() && b.handle.peers().is_empty());
}

#[tokio::test]
async fn nobody_there_and_oneself() {
    let mut a = Node::start(1).await;
    let gone = Node::start(2).await;
    let address = gone.address();
    gone.handle.shutdown().await;
    a.handle.dial(address).unwrap();
    assert_eq!(a.dial_failed().await.0, address);

    a.dial(&Node::start(3).await);
    a.handle.dial(a.address()).unwrap();
    assert_eq!(
        a.dial_failed().await,
        (a.address(), "that is this node".to_owned())
    );
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let a = Node::start(1).await;
    assert!(matches!(
        Port::open(a.address(), [2; 32]).await,
        Err(StartError::Listen { .. })
    ));
}

#[tokio::test]
async fn a_full_node_takes_no_more() {
    let mut small = config(1);
    small.max_peers = 1;
    small.reserved_outbound = 0;
    let mut a = Node::with(small).await;
    let (mut b, mut c) = (Node::start(2).await, Node::start(3).await);
    link(&mut b, &mut a).await;
    c.dial(&a);
    assert_eq!(c.dial_failed().await.0, a.address());
    assert_eq!(a.handle.peers().len(), 1);
}

#[tokio::test]
async fn two_dials_at_once_end_in_one_connection_slow() {
    for round in 0..5 {
        let (mut a, mut b) = (Node::start(1 + round).await, Node::start(101 + round).await);
        a.dial(&b);
        b.dial(&a);
        a.connected(b.id()).await;
        b.connected(a.id()).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        gossip_flows(&a, &mut b).await;
        gossip_flows(&b, &mut a).await;
        let (of_a, of_b) = (a.handle.peers(), b.handle.peers());
        assert_eq!((of_a.len(), of_b.len()), (1, 1));
        assert_ne!(of_a[0].outbound, of_b[0].outbound, "it is the same one");
        if round == 0 {
            let time = Duration::from_secs(6);
            tokio::join!(a.quiet(time, any_connection), b.quiet(time, any_connection));
        }
    }
}
