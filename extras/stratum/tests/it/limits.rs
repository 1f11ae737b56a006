//! Each limit ends the connection that passes it.

use std::time::{Duration, Instant};

use bolao_stratum::Difficulty;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::{
    chain::{Server, meets},
    client::{Miner, code, is_share},
};

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
    let limit = Duration::from_secs(2);
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
    let limit = Duration::from_millis(500);
    let server = Server::start(40, |config| config.idle_timeout = limit).await;
    let start = Instant::now();
    let (mut miner, _) = Miner::ready(server.address, "ana").await;
    let ready = start.elapsed();
    while miner.receive().await.is_some() {}
    let ended = start.elapsed();
    assert!(ended >= limit, "{ended:?}");
    assert!(ended >= ready + limit / 2, "{ended:?} after {ready:?}");
    assert!(ended < Duration::from_secs(20), "{ended:?}");
}

#[tokio::test]
async fn long_lines_and_bytes_that_are_no_text_end_it() {
    let penalty = Duration::from_millis(200);
    let server = Server::start(40, |config| config.penalty = penalty).await;
    for bytes in [vec![b'x'; 8 * 1024 + 2], b"\xff\xfe\n".to_vec()] {
        let start = Instant::now();
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&bytes).await.unwrap();
        hung_up(stream).await;
        assert!(start.elapsed() >= penalty);
    }
    let mut miner = Miner::connect(server.address).await;
    let line = json!({ "id": 1, "method": "mining.ping", "params": ["x".repeat(8_000)] });
    miner.send(&line.to_string()).await;
    assert_eq!(miner.receive().await.unwrap()["result"], "pong");
}

#[tokio::test]
async fn bad_lines_end_it() {
    let server = Server::start(40, |config| config.bad_lines = 3).await;
    let (mut miner, _) = Miner::ready(server.address, "ana").await;
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
async fn a_long_line_counts_for_many() {
    let server = Server::start(40, |config| {
        config.lines_per_second = 100;
        config.lines_burst = 5;
    })
    .await;
    let mut miner = Miner::connect(server.address).await;
    let start = Instant::now();
    let line = json!({ "id": 1, "method": "mining.ping", "params": ["x".repeat(8_000)] });
    for _ in 0..3 {
        miner.send(&line.to_string()).await;
    }
    for _ in 0..3 {
        assert_eq!(miner.receive().await.unwrap()["result"], "pong");
    }
    // 16 for each, and 5 are there.
    assert!(
        start.elapsed() >= Duration::from_millis(250),
        "{:?}",
        start.elapsed()
    );
}

/// Who mines fast sends many before it hears of a new block.
#[tokio::test]
async fn late_shares_do_not_make_the_next_lines_wait() {
    let server = Server::start(40, |config| config.lines_per_second = 1).await;
    let (mut miner, job) = Miner::ready(server.address, "ana").await;
    server.chain.advance();
    miner.clean_job().await;
    let start = Instant::now();
    for nonce in 0..200 {
        assert_eq!(code(&miner.submit(&job, 0, nonce).await), 21);
    }
    miner.call("mining.ping", json!([])).await;
    // 100 lines are there at once; the others would take more than a minute.
    assert!(start.elapsed() < Duration::from_secs(30));
}

/// On an easy pool a fast miner has hundreds a second.
#[tokio::test]
async fn shares_that_count_do_not_make_the_next_lines_wait() {
    let server = Server::start(40, |config| {
        config.lines_per_second = 1;
        config.start_difficulty = Difficulty::from_hashes(10);
        config.min_difficulty = Difficulty::from_hashes(10);
        config.shares_per_minute = 1_000_000;
    })
    .await;
    let (mut miner, job) = Miner::ready(server.address, "ana").await;
    let (difficulty, mut nonce) = (miner.difficulty, 0);
    let mut good = Vec::new();
    while good.len() < 130 {
        nonce = miner.search(&job, 0, nonce + 1, |hash| is_share(hash, difficulty));
        good.push(nonce);
    }
    let start = Instant::now();
    for nonce in good {
        assert_eq!(miner.submit(&job, 0, nonce).await["result"], true);
    }
    // 100 lines are there at once; the others would take half a minute.
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn who_has_no_share_gives_way() {
    let server = Server::start(12, |config| {
        config.connections_loopback = 1;
        config.share_timeout = Duration::ZERO;
    })
    .await;
    let (mut idle, _) = Miner::ready(server.address, "ana").await;
    let (mut miner, _) = Miner::ready(server.address, "ana").await;
    assert!(idle.receive().await.is_none());
    miner.call("mining.ping", json!([])).await;
}

/// A share keeps the place: the newcomer finds none.
#[tokio::test]
async fn who_mines_stays() {
    let server = Server::start(12, |config| {
        config.connections_loopback = 1;
        config.share_timeout = Duration::from_secs(2);
    })
    .await;
    let (mut miner, mut job) = Miner::ready(server.address, "ana").await;
    let target = server.chain.target();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(3) {
        let nonce = miner.search(&job, 7, 0, |hash| meets(hash, &target));
        assert_eq!(miner.submit(&job, 7, nonce).await["result"], true);
        hung_up(TcpStream::connect(server.address).await.unwrap()).await;
        job = miner.clean_job().await;
        sleep(Duration::from_millis(100)).await;
    }
    miner.call("mining.ping", json!([])).await;
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
