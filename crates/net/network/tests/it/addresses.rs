//! Nodes on machines whose addresses change.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use bolao_network::{Event, Port};
use tokio::time::{Instant, sleep};

use crate::node::{Node, POOL, Setup, config, link, of_pool, secret};

const TIMEOUT: Duration = Duration::from_secs(10);

async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + TIMEOUT;
    while !is_so() {
        assert!(Instant::now() < end, "waited in vain for: {what}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// The addresses of which the only peer has told.
fn told(node: &Node) -> Vec<SocketAddr> {
    let peers = node.handle.peers();
    peers
        .into_iter()
        .next()
        .map(|it| it.others)
        .unwrap_or_default()
}

async fn everywhere(number: u8) -> Node {
    let listen = (Ipv4Addr::UNSPECIFIED, 0).into();
    let setup = Setup {
        listen,
        ..config(number)
    };
    Node::with(setup).await
}

#[tokio::test]
async fn every_address_is_of_both_families() {
    let mut all = everywhere(1).await;
    let port = all.address().port();
    for (number, at) in [
        (2, (Ipv4Addr::LOCALHOST, port).into()),
        (3, SocketAddr::from((Ipv6Addr::LOCALHOST, port))),
    ] {
        let mut other = everywhere(number).await;
        other.handle.dial(at).unwrap();
        other.connected(all.id()).await;
        all.connected(other.id()).await;
    }
}

#[tokio::test]
async fn peers_are_told_of_other_addresses() {
    let (mut a, mut b) = (Node::start(1).await, Node::start(2).await);
    let addresses: Vec<SocketAddr> = (1..=9)
        .map(|last| (Ipv4Addr::new(203, 0, 113, last), 9000).into())
        .collect();
    let first = addresses[0];
    a.handle.tell(vec![first, a.address()]).unwrap();
    link(&mut a, &mut b).await;
    eventually("what is told", || told(&b) == [first]).await;
    // No more are taken than a peer keeps.
    a.handle.disconnect(b.id()).unwrap();
    a.disconnected(b.id()).await;
    b.disconnected(a.id()).await;
    a.handle.tell(addresses.clone()).unwrap();
    link(&mut a, &mut b).await;
    eventually("what is told anew", || told(&b).len() == 4).await;
    assert!(told(&b).iter().all(|it| addresses.contains(it)));
}

#[tokio::test]
async fn listening_follows_the_addresses() {
    let port = Port::open("127.0.0.1:0".parse().unwrap(), secret(1)).await;
    let port = port.unwrap();
    let mut a = Node::on(&port, of_pool(POOL)).unwrap();
    let mut b = Node::start(2).await;
    link(&mut b, &mut a).await;
    // Without an address of its own it dials.
    port.listen(Vec::new());
    b.disconnected(a.id()).await;
    a.disconnected(b.id()).await;
    a.dial(&b);
    assert!(a.connected(b.id()).await);
    b.connected(a.id()).await;
    // An address that is not there yet is tried again.
    let taken = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let other = taken.local_addr().unwrap();
    port.listen(vec![other]);
    sleep(Duration::from_millis(200)).await;
    drop(taken);
    let mut c = Node::start(3).await;
    c.handle.dial(other).unwrap();
    // A dial gives up after about three seconds, and may have begun before the address was there.
    let again = c.handle.clone();
    c.wait("a connection", |event| match event {
        Event::Connected { peer, .. } if peer == a.id() => Some(()),
        Event::DialFailed { address, .. } => {
            again.dial(address).unwrap();
            None
        }
        _ => None,
    })
    .await;
}
