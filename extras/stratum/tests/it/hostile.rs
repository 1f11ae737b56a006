//! Two hundred clients who mean no good, and one who wants to mine.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::{Builder, Runtime},
    task::JoinSet,
    time::sleep,
};

use crate::{
    chain::{Server, meets, target},
    client::{Job, Miner, code},
};

#[derive(Debug, Default)]
struct Front {
    stop: AtomicBool,
    /// Connections that got through to the server.
    attacks: AtomicU64,
    /// Shares that the server hashed, and refused for too little work.
    low: AtomicU64,
}

const KINDS: usize = 7;

impl Front {
    /// Attacks over and over; whatever goes wrong is the attacker's own.
    async fn attack(self: Arc<Self>, address: SocketAddr, kind: usize) {
        while !self.stop.load(Ordering::Relaxed) {
            if kind % KINDS == 5 {
                self.attacks.fetch_add(1, Ordering::Relaxed);
                // Where it fails, as the server may hang up, it comes again.
                let _ = tokio::spawn(Arc::clone(&self).low_shares(address)).await;
            } else if let Ok(stream) = TcpStream::connect(address).await {
                self.attacks.fetch_add(1, Ordering::Relaxed);
                let _ = self.connected(stream, kind).await;
            }
            // A turned-away attacker comes back, but as one from outside: not within the microsecond.
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Shares that cost the server a hash each, for each job anew, and are worth nothing.
    async fn low_shares(self: Arc<Self>, address: SocketAddr) {
        let (mut miner, mut job) = Miner::ready(address, "ana").await;
        let easy = target(4);
        while !self.stop.load(Ordering::Relaxed) {
            let nonce = miner.search(&job, 0, 0, |hash| !meets(hash, &easy));
            while code(&miner.submit(&job, 0, nonce).await) == 23 {
                self.low.fetch_add(1, Ordering::Relaxed);
            }
            job = miner.clean_job().await;
        }
    }

    async fn connected(&self, stream: TcpStream, kind: usize) -> std::io::Result<()> {
        let (mut reader, mut writer) = stream.into_split();
        let flood = match kind % KINDS {
            // One byte now and then, and never a line.
            0 => {
                while !self.stop.load(Ordering::Relaxed) {
                    writer.write_all(b"{").await?;
                    sleep(Duration::from_millis(50)).await;
                }
                return Ok(());
            }
            // Silence.
            1 => {
                return reader.read_exact(&mut [0]).await.map(drop);
            }
            2 => "\u{1}garbage [[[[ }\n".repeat(100),
            3 => "x".repeat(64 * 1024),
            // Requests whose answers nobody reads.
            4 => "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n".repeat(100),
            // A worker of its own, and lines as long as may be that take long to read.
            _ => {
                let enter = "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n\
                             {\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"ana\",\"\"]}\n";
                writer.write_all(enter.as_bytes()).await?;
                let submit =
                    json!({ "id": 3, "method": "mining.submit", "params": vec![[0; 0]; 2_700] });
                assert!((8_000..8 * 1024).contains(&submit.to_string().len()));
                format!("{submit}\n").repeat(10)
            }
        };
        let read = tokio::spawn(async move {
            let mut sink = [0; 4096];
            if kind % KINDS == 4 {
                sleep(Duration::from_mins(1)).await;
            } else {
                while !matches!(reader.read(&mut sink).await, Ok(0) | Err(_)) {}
            }
        });
        let result = async {
            while !self.stop.load(Ordering::Relaxed) {
                writer.write_all(flood.as_bytes()).await?;
            }
            Ok(())
        }
        .await;
        read.abort();
        result
    }
}

fn runtime(threads: usize) -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .unwrap()
}

/// Server, attackers and miner have threads of their own, as they would have machines.
#[test]
fn two_hundred_hostile_clients_do_not_slow_an_honest_one() {
    let (defence, offence, honest) = (runtime(2), runtime(1), runtime(1));
    let server = defence.block_on(Server::start(8, |config| {
        config.handshake_timeout = Duration::from_secs(1);
        config.write_timeout = Duration::from_millis(500);
    }));
    let front = Arc::new(Front::default());
    let (miner, job) = honest.block_on(Miner::ready(server.address, "ana"));
    let mut attackers = JoinSet::new();
    for kind in 0..200 {
        let attack = Arc::clone(&front).attack(server.address, kind);
        attackers.spawn_on(attack, offence.handle());
    }
    let mut latencies = honest.block_on(mine(&server, &front, miner, job));
    front.stop.store(true, Ordering::Relaxed);
    attackers.abort_all();
    latencies.sort_unstable();
    let at = |share: usize| latencies[(latencies.len() - 1) * share / 100];
    println!(
        "{} attacks, {} low shares, {} blocks, {} calls: median {:?}, 95 % {:?}, worst {:?}",
        front.attacks.load(Ordering::Relaxed),
        front.low.load(Ordering::Relaxed),
        server.chain.height(),
        latencies.len(),
        at(50),
        at(95),
        at(100),
    );
    assert_eq!(server.chain.refused.load(Ordering::Relaxed), 0);
    assert!(latencies.len() > 50, "{latencies:?}");
    assert!(
        front.low.load(Ordering::Relaxed) > 100,
        "hardly a hash was asked for"
    );
    assert!(at(95) < Duration::from_millis(50), "{:?}", at(95));
}

/// Mines for some seconds under attack; gives how long each answer took.
async fn mine(server: &Server, front: &Front, mut miner: Miner, mut job: Job) -> Vec<Duration> {
    while front.attacks.load(Ordering::Relaxed) < 200 {
        sleep(Duration::from_millis(5)).await;
    }
    let mut latencies = Vec::new();
    let target = server.chain.target();
    let begin = Instant::now();
    for extranonce2 in 0.. {
        if begin.elapsed() > Duration::from_secs(4) {
            break;
        }
        let nonce = miner.search(&job, extranonce2, 0, |hash| meets(hash, &target));
        let start = Instant::now();
        let answer = miner.submit(&job, extranonce2, nonce).await;
        assert_eq!(answer["result"], true, "{answer}");
        job = miner.clean_job().await;
        latencies.push(start.elapsed());
        let start = Instant::now();
        miner.call("mining.ping", json!([])).await;
        latencies.push(start.elapsed());
        sleep(Duration::from_millis(30)).await;
    }
    // Who comes now is served too.
    let (mut late, _) = Miner::ready(server.address, "ana").await;
    late.call("mining.ping", json!([])).await;
    latencies
}
