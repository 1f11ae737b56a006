//! Each limit ends the connection that passes it.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::{chain::Server, client::Miner};

/// Waits until the server has hung up.
async fn hung_up(mut stream: TcpStream) {
    let mut sink = vec![0; 64 * 1024];
    let end = async { while !matches!(stream.read(&mut sink).await, Ok(0) | Err(_)) {} };
    timeout(Duration::from_secs(20), end)
        .await
        .expect("a hang-up");
}

#[tokio::test]
async fn a_handshake_has_its_time() {
    let limit = Duration::from_millis(200);
    let server = Server::start(40, |config| config.handshake_timeout = limit).await;
    let start = Instant::now();
    let silent = TcpStream::connect(server.address).await.unwrap();
    let mut subscribed = Miner::connect(server.address).await;
    subscribed.subscribe().await;
    let (mut ready, _) = Miner::ready(server.address, "ana").await;
    hung_up(silent).await;
    assert!(start.elapsed() >= limit);
    assert!(subscribed.receive().await.is_none());
    ready.call("mining.ping", json!([])).await;
}

#[tokio::test]
async fn silence_has_its_time() {
    let limit = Duration::from_millis(200);
    let server = Server::start(40, |config| config.idle_timeout = limit).await;
    let (mut miner, _) = Miner::ready(server.address, "ana").await;
    let start = Instant::now();
    while miner.receive().await.is_some() {}
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn long_lines_and_bytes_that_are_no_text_end_it() {
    let server = Server::start(40, |_| ()).await;
    for bytes in [vec![b'x'; 8 * 1024 + 2], b"\xff\xfe\n".to_vec()] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&bytes).await.unwrap();
        hung_up(stream).await;
    }
    let mut miner = Miner::connect(server.address).await;
    let line = json!({ "id": 1, "method": "mining.ping", "params": ["x".repeat(8_000)] });
    miner.send(&line.to_string()).await;
    assert_eq!(miner.receive().await.unwrap()["result"], "pong");
}

#[tokio::test]
async fn bad_lines_end_it() {
    let server = Server::start(40, |config| config.bad_lines = 3).await;
    let mut miner = Miner::connect(server.address).await;
    for _ in 0..5 {
        miner.send("what?").await;
    }
    let mut answers = 0;
    while let Some(answer) = miner.receive().await {
        assert_eq!(answer["error"][0], 20);
        answers += 1;
    }
    assert_eq!(answers, 2);
}

#[tokio::test]
async fn a_handshake_has_its_lines_and_a_penalty() {
    let penalty = Duration::from_millis(200);
    let server = Server::start(40, |config| {
        config.handshake_lines = 3;
        config.penalty = penalty;
    })
    .await;
    let mut miner = Miner::connect(server.address).await;
    for worker in ["zoe", "zoe", "zoe"] {
        miner.call("mining.authorize", json!([worker])).await;
    }
    let start = Instant::now();
    miner.send(r#"{"id":1,"method":"mining.ping"}"#).await;
    assert!(miner.receive().await.is_none());
    assert!(start.elapsed() >= penalty);
    let (mut ready, _) = Miner::ready(server.address, "ana").await;
    for _ in 0..5 {
        ready.call("mining.ping", json!([])).await;
    }
}

#[tokio::test]
async fn who_does_not_read_is_cut_off() {
    let server = Server::start(40, |config| {
        config.write_timeout = Duration::from_millis(200);
        config.lines_per_second = 1_000_000;
        config.lines_burst = 1_000_000;
        config.handshake_lines = u32::MAX;
    })
    .await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    let pings = "{\"id\":1,\"method\":\"mining.ping\"}\n".repeat(1000);
    let flood = async { while stream.write_all(pings.as_bytes()).await.is_ok() {} };
    timeout(Duration::from_secs(30), flood)
        .await
        .expect("an end");
}

#[tokio::test]
async fn lines_beyond_the_rate_wait() {
    let server = Server::start(40, |config| {
        config.lines_per_second = 20;
        config.lines_burst = 5;
    })
    .await;
    let mut miner = Miner::connect(server.address).await;
    let start = Instant::now();
    for id in 0..15 {
        miner
            .send(&json!({ "id": id, "method": "mining.ping" }).to_string())
            .await;
    }
    for id in 0..15 {
        assert_eq!(miner.receive().await.unwrap()["id"], id);
    }
    assert!(
        start.elapsed() >= Duration::from_millis(450),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn connections_are_counted() {
    let server = Server::start(40, |config| config.connections_loopback = 2).await;
    let (first, _) = Miner::ready(server.address, "ana").await;
    let (mut second, _) = Miner::ready(server.address, "ana").await;
    hung_up(TcpStream::connect(server.address).await.unwrap()).await;
    second.call("mining.ping", json!([])).await;
    drop(first);
    // The place is free once the server has seen it: until then it hangs up.
    let free = async {
        loop {
            let mut miner = Miner::connect(server.address).await;
            miner.send(r#"{"id":1,"method":"mining.ping"}"#).await;
            if miner.receive().await.is_some() {
                break;
            }
        }
    };
    timeout(Duration::from_secs(20), free)
        .await
        .expect("a place");
}
