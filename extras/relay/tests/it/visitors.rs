//! Who calls a relay, and what he gets.

use std::sync::Arc;

use rustls::ClientConfig;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::world::{DOMAIN, PAGE, World, ask, proxy};

const ANA: &str = "ana.relay.example";

#[tokio::test]
async fn a_home_is_reached_by_its_name_and_told_who_calls() {
    let world = World::new(|_| {}).await;
    let _home = world.home(&world.token("ana"), 1, PAGE).await;
    let mut stream = world.open(ANA).await.unwrap();
    let port = stream.get_ref().0.local_addr().unwrap().port();
    let answer = ask(&mut stream, ANA, "/", "").await.unwrap();
    // From the relay's own machine, as all of this is: at the home it is a stranger.
    let wanted = format!("{PAGE} for 0.0.0.0:{port}");
    assert!(answer.ends_with(&wanted), "{answer}");
    // Much, and names as people may type them.
    let answer = world.get("ANA.Relay.Example", "/big").await.unwrap();
    assert!(answer.ends_with(&"x".repeat(1_000_000)));
}

#[tokio::test]
async fn the_relay_says_what_it_is() {
    let mut world = World::new(|_| {}).await;
    let mut browser = ClientConfig::clone(&world.trusting);
    browser.alpn_protocols = ["h2", "http/1.1"].map(Into::into).into();
    world.trusting = Arc::new(browser);
    let stream = world.open(DOMAIN).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let page = world.get(DOMAIN, "/").await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("a relay of Bolao"), "{page}");
    let none = world.get(DOMAIN, "/x").await.unwrap();
    assert!(none.starts_with("HTTP/1.1 404"), "{none}");
    assert!(none.contains("application/problem+json"), "{none}");
    let bare = world.get(DOMAIN, "/tunnel").await.unwrap();
    assert!(bare.starts_with("HTTP/1.1 400"), "{bare}");
}

#[tokio::test]
async fn names_that_nobody_has_are_refused() {
    let world = World::new(|_| {}).await;
    // A label without a tunnel, one that was never given, what is no label, other domains, and no name.
    world.token("ana");
    for name in [
        ANA,
        "bruno.relay.example",
        "www.relay.example",
        "a.b.relay.example",
        "anarelay.example",
        "example",
        "127.0.0.1",
    ] {
        let error = world.open(name).await.unwrap_err().to_string();
        assert!(error.contains("UnrecognisedName"), "{name}: {error}");
    }
}

#[tokio::test]
async fn what_is_no_tls_is_closed() {
    let world = World::new(|_| {}).await;
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: relay.example\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    // An alert of TLS, or a reset.
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.len() < 10, "{answer:?}");
}

#[tokio::test]
async fn a_hello_may_come_byte_by_byte() {
    let world = World::new(|_| {}).await;
    let _home = world.home(&world.token("ana"), 1, PAGE).await;
    for name in [ANA, DOMAIN] {
        let (address, _) = proxy(world.address, 1).await;
        let mut stream = world.open_at(address, name).await.unwrap();
        let answer = ask(&mut stream, name, "/", "").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

#[tokio::test]
async fn a_hello_may_be_long() {
    let mut world = World::new(|_| {}).await;
    let _home = world.home(&world.token("ana"), 1, PAGE).await;
    let mut talkative = ClientConfig::clone(&world.trusting);
    talkative.alpn_protocols = vec![vec![b'x'; 250]; 50];
    talkative.alpn_protocols.push(b"http/1.1".to_vec());
    world.trusting = Arc::new(talkative);
    for name in [ANA, DOMAIN] {
        let (address, seen) = proxy(world.address, 1_400).await;
        let mut stream = world.open_at(address, name).await.unwrap();
        assert!(seen.lock().unwrap().len() > 12_000);
        let answer = ask(&mut stream, name, "/", "").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

#[tokio::test]
async fn the_relay_passes_on_no_plain_text() {
    let world = World::new(|_| {}).await;
    let _home = world.home(&world.token("ana"), 1, PAGE).await;
    let (address, seen) = proxy(world.address, 4096).await;
    let mut stream = world.open_at(address, ANA).await.unwrap();
    let answer = ask(&mut stream, ANA, "/", "x-mine: a secret of mine\r\n").await;
    assert!(answer.unwrap().contains(PAGE));
    let seen = seen.lock().unwrap();
    let has = |text: &str| {
        seen.windows(text.len())
            .any(|bytes| bytes == text.as_bytes())
    };
    // The one thing that it must see.
    assert!(has(ANA));
    for secret in [PAGE, "a secret of mine", "HTTP/1.1"] {
        assert!(!has(secret), "{secret}");
    }
}
