//! A wire that loses everything in one direction for a while.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bolao_network::{Event, Topic};
use tokio::net::UdpSocket;
use tokio::time::sleep;

use crate::node::{Node, gossip_flows};

/// A wire to a node. Whoever dials its address reaches the node for as long as the wire is up; what the node says always comes back.
struct Wire {
    address: SocketAddr,
    is_up: Arc<AtomicBool>,
}

impl Wire {
    async fn to(node: SocketAddr) -> Self {
        let near = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let far = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        far.connect(node).await.unwrap();
        let wire = Self {
            address: near.local_addr().unwrap(),
            is_up: Arc::new(AtomicBool::new(true)),
        };
        let is_up = Arc::clone(&wire.is_up);
        tokio::spawn(async move {
            let (mut there, mut back) = (vec![0; 65_536], vec![0; 65_536]);
            let mut dialler = None;
            loop {
                tokio::select! {
                    came = near.recv_from(&mut there) => {
                        let (len, from) = came.unwrap();
                        dialler = Some(from);
                        if is_up.load(Ordering::Relaxed) {
                            far.send(&there[..len]).await.unwrap();
                        }
                    }
                    came = far.recv(&mut back) => {
                        let len = came.unwrap();
                        if let Some(dialler) = dialler {
                            near.send_to(&back[..len], dialler).await.unwrap();
                        }
                    }
                }
            }
        });
        wire
    }
}

/// QUIC alone would send it again 3.3 s after it was lost: it waits twice as long each time, and what comes the other way puts off its
/// signs of life.
#[tokio::test]
async fn a_request_that_was_lost_is_heard_soon_after_the_wire_is_back() {
    let (mut a, mut b) = (Node::start(1).await, Node::start(2).await);
    let wire = Wire::to(b.address()).await;
    a.handle.dial(wire.address).unwrap();
    a.connected(b.id()).await;
    b.connected(a.id()).await;
    gossip_flows(&b, &mut a).await;
    wire.is_up.store(false, Ordering::Relaxed);
    a.handle.request(b.id(), 1, b"who?".to_vec()).unwrap();
    for number in 0..14 {
        let text = format!("probe {number} that nobody answers");
        b.handle
            .publish(Topic::Transactions, text.into_bytes())
            .unwrap();
        sleep(Duration::from_millis(150)).await;
    }
    wire.is_up.store(true, Ordering::Relaxed);
    let back = Instant::now();
    let (token, _) = b.request().await;
    let waited = back.elapsed();
    assert!(waited < Duration::from_millis(1100), "{waited:?}");
    b.handle.respond(token, b"b".to_vec()).unwrap();
    let answer = a.wait("a response", |event| match event {
        Event::Response { result, .. } => Some(result),
        _ => None,
    });
    assert_eq!(answer.await, Ok(b"b".to_vec()));
}
