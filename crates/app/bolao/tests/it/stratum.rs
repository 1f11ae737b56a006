//! Hostile Stratum clients do not slow a node.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bolao_ledger::AccountId;
use rustix::process::nice;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    runtime::{Builder, Runtime},
    time::sleep,
};

use crate::support::{Classic, Http, TIMEOUT, eventually};

const CLIENTS: usize = 200;
const REQUESTS: usize = 300;
/// Generous, for the machine may be busy with other tests; the figures are printed.
const BOUND: Duration = Duration::from_millis(400);

/// Half of the answers, and all but one in a hundred, came within these.
async fn measure(http: &Http) -> (Duration, Duration) {
    let mut times = Vec::new();
    for _ in 0..REQUESTS {
        let asked = Instant::now();
        assert_eq!(http.get("/api/v1/status").await.status, 200);
        times.push(asked.elapsed());
        sleep(Duration::from_millis(5)).await;
    }
    times.sort_unstable();
    (times[REQUESTS / 2], times[REQUESTS * 99 / 100])
}

fn user() -> String {
    AccountId([7; 32]).to_string()
}

async fn handshake(address: SocketAddr) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    let user = user();
    for (id, method, params) in [
        (1, "mining.subscribe", json!([])),
        (2, "mining.authorize", json!([user, "x"])),
    ] {
        let line = json!({ "id": id, "method": method, "params": params });
        stream.write_all(format!("{line}\n").as_bytes()).await?;
    }
    Ok(stream)
}

/// Says half a line and stays.
async fn half_line(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream
        .write_all(b"{\"id\":1,\"method\":\"mining.subs")
        .await?;
    stream.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

async fn garbage(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    loop {
        stream
            .write_all(&[b'\n', 0xff, b'{', b'['].repeat(4_096))
            .await?;
    }
}

/// Sends shares that are worth nothing as fast as it can, and counts those that cost the node a hash.
async fn low_shares(address: SocketAddr, low: Arc<AtomicU64>) -> std::io::Result<()> {
    let (reader, mut writer) = handshake(address).await?.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut job = None;
    while job.is_none() {
        let Some(line) = lines.next_line().await? else {
            return Ok(());
        };
        let line: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        if line["method"] == "mining.notify" {
            job = Some((line["params"][0].clone(), line["params"][7].clone()));
        }
    }
    let reading = tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            let answer: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if answer["error"][0] == 23 {
                low.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let (job, time) = job.unwrap_or_default();
    for nonce in 0_u32.. {
        let params = json!([
            user(),
            job,
            "0000000000000000",
            time,
            format!("{nonce:08x}")
        ]);
        let line = json!({ "id": nonce, "method": "mining.submit", "params": params });
        if writer
            .write_all(format!("{line}\n").as_bytes())
            .await
            .is_err()
        {
            break;
        }
    }
    reading.abort();
    Ok(())
}

/// Asks and asks, and never reads.
async fn slow_reader(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = handshake(address).await?;
    let line = json!({ "id": 3, "method": "mining.subscribe", "params": [] });
    loop {
        stream
            .write_all(format!("{line}\n").repeat(100).as_bytes())
            .await?;
    }
}

/// Sends lines as long as may be that take long to read.
async fn long_lines(address: SocketAddr) -> std::io::Result<()> {
    let (mut reader, mut writer) = handshake(address).await?.into_split();
    let params = vec![[0; 0]; 2_700];
    let line = json!({ "id": 3, "method": "mining.submit", "params": params }).to_string();
    assert!((8_000..8 * 1024).contains(&line.len()));
    let reading = tokio::spawn(async move { reader.read_to_end(&mut Vec::new()).await });
    while writer
        .write_all(format!("{line}\n").as_bytes())
        .await
        .is_ok()
    {}
    reading.abort();
    Ok(())
}

/// Where the hostile clients run: after the node and whoever measures it, as if on a machine of their own.
fn elsewhere() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .on_thread_start(|| {
            nice(19).unwrap();
        })
        .enable_all()
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_hostile_clients_do_not_slow_a_node_slow() {
    let node = Classic::with(&["--stratum", "127.0.0.1:0"]).await;
    let address: SocketAddr = eventually("the address for miners", TIMEOUT, async || {
        let log = node.daemon.log();
        let line = log.lines().find(|line| line.contains("standard miners"))?;
        let (_, rest) = line.split_once("address=")?;
        rest.split_whitespace().next()?.parse().ok()
    })
    .await;
    let before = measure(node.http()).await;
    let hostile = elsewhere();
    let low = Arc::new(AtomicU64::new(0));
    for client in 0..CLIENTS {
        let low = Arc::clone(&low);
        hostile.spawn(async move {
            loop {
                // The server closes on most of them; they come back.
                let _ = match client % 5 {
                    0 => half_line(address).await,
                    1 => garbage(address).await,
                    2 => low_shares(address, Arc::clone(&low)).await,
                    3 => long_lines(address).await,
                    _ => slow_reader(address).await,
                };
                sleep(Duration::from_millis(20)).await;
            }
        });
    }
    // They run after whatever else the machine does.
    eventually("shares that were looked at", TIMEOUT, async || {
        (low.load(Ordering::Relaxed) > 100).then_some(())
    })
    .await;
    let during = measure(node.http()).await;
    // Bets are still taken and mined.
    node.bet("John", "NlEn", 1, 2).await;
    let mining = Instant::now();
    node.mine().await;
    println!(
        "p50, p99 at rest {before:?}; with {CLIENTS} hostile clients {during:?}; mined in {:?}; {} low shares",
        mining.elapsed(),
        low.load(Ordering::Relaxed),
    );
    hostile.shutdown_background();
    assert!(during.1 < BOUND, "p99 {:?}", during.1);
}
