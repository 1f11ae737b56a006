//! Nodes that answer badly, and strangers that ask for much.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::watch,
    task::JoinSet,
};

use crate::support::{Fake, Running, knows, listen, ok};

const HEAD: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n";

#[tokio::test]
async fn bad_lists_teach_nothing() {
    let friend = Fake::json("[]").await;
    let named = serde_json::to_string(&friend.node).unwrap();
    let million = vec![named.as_str(); 1_000_000].join(",");
    let elsewhere = format!(
        "HTTP/1.1 302 Found\r\nlocation: {}/nodes/\r\ncontent-length: 0\r\n\r\n",
        friend.node.url()
    );
    let deep = "[".repeat(60_000);
    let answers: [(&str, Vec<u8>); 9] = [
        ("a million nodes", ok(&format!("[{million}]"))),
        ("no JSON", ok("<html>")),
        ("an object", ok(r#"{"nodes":[]}"#)),
        ("nested", ok(&deep)),
        (
            "cut off",
            format!("{HEAD}content-length: 99\r\n\r\n[").into(),
        ),
        (
            "an error",
            "HTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\n[]".into(),
        ),
        ("elsewhere", elsewhere.into()),
        (
            "an endless chunk",
            format!("{HEAD}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n[").into(),
        ),
        (
            "none of its business",
            ok(
                r#"[7, null, {"ip_address":"169.254.169.254","port":80}, {"ip_address":"0.0.0.0","port":1},
                {"ip_address":"127.0.0.1","port":0}, {"ip_address":"evil.example","port":80}]"#,
            ),
        ),
    ];
    for (what, answer) in answers {
        let fake = Fake::start(answer).await;
        let node = Running::start(|_| ()).await;
        node.known().add_verified(fake.node).unwrap();
        let report = node.discovery.round().await;
        assert_eq!((report.added, report.known), (0, 1), "{what}: {report:?}");
        assert_eq!(node.known().candidates(), [], "{what}");
        assert_eq!(friend.requests(), 0, "{what}");
    }
}

#[tokio::test]
async fn ourselves_and_other_spellings_are_not_learnt() {
    let friend = Fake::json("[]").await;
    let node = Running::start(|_| ()).await;
    let (own, port) = (node.node.port(), friend.node.port());
    let fake = Fake::json(&format!(
        r#"[{{"ip_address":"127.0.0.1","port":{own}}}, {{"ip_address":"::ffff:127.0.0.1","port":{own}}},
            {{"ip_address":"::ffff:127.0.0.1","port":{port}}}, {{"ip_address":"127.0.0.1","port":{port}}},
            {{"ip_address":"localhost","port":{port}}}]"#
    ))
    .await;
    node.known().add_verified(fake.node).unwrap();
    let report = node.discovery.round().await;
    assert_eq!(report.added, 1);
    knows(node.known(), &[fake.node, friend.node]).await;
}

#[tokio::test]
async fn one_list_teaches_a_bounded_number() {
    let named: Vec<String> = (1..=900)
        .map(|port| format!(r#"{{"ip_address":"127.0.0.1","port":{port}}}"#))
        .collect();
    let fake = Fake::json(&format!("[{}]", named.join(","))).await;
    let node = Running::start(|_| ()).await;
    node.known().add_verified(fake.node).unwrap();
    let report = node.discovery.round().await;
    assert!(report.refused >= 900 - 64, "{report:?}");
    assert_eq!(node.known().candidates(), []);
}

#[tokio::test]
async fn an_endless_list_is_cut_off() {
    let (listener, endless) = listen().await;
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(HEAD.as_bytes()).await;
                let _ = stream.write_all(b"\r\n[").await;
                while stream.write_all(&[b' '; 4096]).await.is_ok() {}
            });
        }
    });
    let node = Running::start(|_| ()).await;
    node.known().add_verified(endless).unwrap();
    let begun = Instant::now();
    let report = node.discovery.round().await;
    assert_eq!((report.asked, report.failed, report.known), (0, 1, 1));
    assert!(
        begun.elapsed() < Duration::from_secs(4),
        "by size, not by time"
    );
}

#[tokio::test]
async fn who_accepts_and_says_nothing_is_dropped_in_time() {
    let (_listener, mute) = listen().await;
    let node = Running::start(|_| ()).await;
    node.known().add_verified(mute).unwrap();
    let begun = Instant::now();
    let report = node.discovery.round().await;
    assert_eq!((report.dropped, report.known), (1, 0));
    assert!(begun.elapsed() < Duration::from_secs(7));
}

#[tokio::test]
async fn strangers_cause_eight_checks_at_once() {
    let (release, released) = watch::channel(false);
    let open = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let node = Running::start(|_| ()).await;
    let mut asked = JoinSet::new();
    for _ in 0..24 {
        let (listener, slow) = listen().await;
        let (open, most) = (Arc::clone(&open), Arc::clone(&most));
        let mut released = released.clone();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let now = open.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                let _ = released.wait_for(|go| *go).await;
                open.fetch_sub(1, Ordering::SeqCst);
                let _ = stream.write_all(&ok("{}")).await;
                let _ = stream.read(&mut [0; 4096]).await;
            }
        });
        let discovery = node.discovery.clone();
        asked.spawn(async move {
            let caller = [127, 0, 0, 1].into();
            discovery
                .register(slow, caller, Duration::from_millis(600))
                .await
        });
    }
    while let Some(answer) = asked.join_next().await {
        assert_eq!(answer.unwrap(), Ok(()));
    }
    assert_eq!(most.load(Ordering::SeqCst), 8);
    release.send(true).unwrap();
    let mut changes = node.known().subscribe();
    let all = changes.wait_for(|nodes| nodes.len() == 24);
    tokio::time::timeout(Duration::from_secs(20), all)
        .await
        .unwrap()
        .unwrap();
}
