use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bolao_network::{Event, MAX_REQUEST_BYTES, PeerId, RequestError};

use crate::node::{Node, config, link};

async fn response(node: &mut Node) -> (u64, PeerId, Result<Vec<u8>, RequestError>) {
    node.wait("a response", |event| match event {
        Event::Response { id, from, result } => Some((id, from, result)),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn requests_are_answered_both_ways() {
    let (mut a, mut b) = (Node::start(1).await, Node::start(2).await);
    link(&mut a, &mut b).await;
    let big = vec![5; 4 * 1024 * 1024];
    a.handle.request(b.id(), 11, b"who?".to_vec()).unwrap();
    let (token, data) = b.request().await;
    assert_eq!(data, b"who?");
    b.handle.respond(token, big.clone()).unwrap();
    assert!(response(&mut a).await == (11, b.id(), Ok(big)));

    b.handle.request(a.id(), 12, Vec::new()).unwrap();
    let (token, data) = a.request().await;
    assert!(data.is_empty());
    a.handle.respond(token, Vec::new()).unwrap();
    assert_eq!(response(&mut b).await, (12, a.id(), Ok(Vec::new())));
}

#[tokio::test]
async fn no_answer_is_an_error() {
    let (mut a, mut b) = (Node::start(1).await, Node::start(2).await);
    a.handle.request(b.id(), 1, Vec::new()).unwrap();
    assert_eq!(
        response(&mut a).await,
        (1, b.id(), Err(RequestError::NotConnected))
    );

    link(&mut a, &mut b).await;
    a.handle.request(b.id(), 2, b"drop it".to_vec()).unwrap();
    drop(b.request().await);
    let (id, _, result) = response(&mut a).await;
    assert_eq!(id, 2);
    assert!(
        matches!(result, Err(RequestError::Refused(_))),
        "{result:?}"
    );

    let start = Instant::now();
    a.handle.request(b.id(), 3, b"keep it".to_vec()).unwrap();
    let (token, _) = b.request().await;
    let (id, _, result) = response(&mut a).await;
    assert_eq!(id, 3);
    // Both ends give up after five seconds; on a busy machine either may be first.
    assert!(
        matches!(
            result,
            Err(RequestError::Timeout(5) | RequestError::Refused(_))
        ),
        "{result:?}"
    );
    let waited = start.elapsed();
    assert!(
        waited > Duration::from_secs(4) && waited < Duration::from_secs(7),
        "{waited:?}"
    );
    drop(token);

    a.handle.request(b.id(), 4, Vec::new()).unwrap();
    b.handle.shutdown().await;
    let (id, _, result) = response(&mut a).await;
    assert_eq!(id, 4);
    assert!(result.is_err());
}

#[tokio::test]
async fn oversize_is_refused_both_ways() {
    let mut small = config(1);
    small.protocol.max_response_bytes = 1000;
    let mut a = Node::with(small).await;
    let mut b = Node::start(2).await;
    link(&mut a, &mut b).await;

    let long = vec![0; MAX_REQUEST_BYTES + 1];
    a.handle.request(b.id(), 1, long).unwrap();
    let (_, _, result) = response(&mut a).await;
    assert!(matches!(result, Err(RequestError::TooLong { .. })));

    a.handle
        .request(b.id(), 2, vec![0; MAX_REQUEST_BYTES])
        .unwrap();
    let (token, _) = b.request().await;
    b.handle.respond(token, vec![0; 1001]).unwrap();
    let (_, _, result) = response(&mut a).await;
    assert!(
        matches!(result, Err(RequestError::Refused(_))),
        "{result:?}"
    );

    b.handle.request(a.id(), 3, Vec::new()).unwrap();
    let (token, _) = a.request().await;
    a.handle.respond(token, vec![0; 1001]).unwrap();
    let (_, _, result) = response(&mut b).await;
    assert!(result.is_err(), "a sends no more than its own limit");
}

#[tokio::test]
async fn one_peer_gets_eight_requests_at_once() {
    let (mut a, mut b) = (Node::start(1).await, Node::start(2).await);
    link(&mut a, &mut b).await;
    for id in 0..9 {
        a.handle.request(b.id(), id, Vec::new()).unwrap();
    }
    let (id, _, result) = response(&mut a).await;
    let (waiting, limit) = (8, 8);
    assert_eq!(
        (id, result),
        (8, Err(RequestError::TooMany { waiting, limit }))
    );
    let mut answers = BTreeMap::new();
    for _ in 0..8 {
        let (token, _) = b.request().await;
        b.handle.respond(token, b"yes".to_vec()).unwrap();
        let (id, _, result) = response(&mut a).await;
        answers.insert(id, result.unwrap());
    }
    assert_eq!(answers.len(), 8);
    a.handle.request(b.id(), 99, Vec::new()).unwrap();
    drop(b.request().await);
}
