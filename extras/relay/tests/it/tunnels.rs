//! Homes, their tokens and their tunnels.

use std::time::Duration;

use bolao_reach::relay::TunnelState;
use bolao_relay::LabelsError;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{Instant, sleep, timeout},
};

use crate::world::{DOMAIN, PAGE, World};

const ANA: &str = "ana.relay.example";

#[tokio::test]
async fn a_token_that_is_unknown_is_refused() {
    let world = World::new(|_| {}).await;
    let token = world.token("ana");
    let other = World::new(|_| {}).await.token("ana");
    let home = world.begin_home(&other, 1, PAGE);
    let refused = home
        .reaches(|state| matches!(state, TunnelState::Refused { .. }))
        .await;
    let said = format!("{refused:?}");
    assert!(said.contains("does not know the token"), "{said}");
    world.home(&token, 1, PAGE).await;
}

#[tokio::test]
async fn a_token_is_no_use_with_another_key() {
    let world = World::new(|_| {}).await;
    let token = world.token("ana");
    let home = world.home(&token, 1, PAGE).await;
    let thief = world.begin_home(&token, 2, "a thief's page");
    let refused = thief
        .reaches(|state| matches!(state, TunnelState::Refused { .. }))
        .await;
    let said = format!("{refused:?}");
    assert!(
        said.contains("belongs to the key of another home"),
        "{said}"
    );
    assert!(world.get(ANA, "/").await.unwrap().contains(PAGE));
    drop(home);
}

/// The token and the key are right, as somebody between would have them; the proof is of another connection.
#[tokio::test]
async fn a_proof_of_another_connection_is_refused() {
    let world = World::new(|_| {}).await;
    let token = world.token("ana").to_string();
    let secret = token.split_once('/').unwrap().1;
    for (secret, wanted) in [
        (secret, "the proof is not"),
        ("x", "does not know the token"),
    ] {
        let headers = format!(
            "upgrade: bolao-tunnel/1\r\nauthorization: Bearer {secret}\r\nbolao-key: {}\r\nbolao-proof: {}\r\n",
            "01".repeat(32),
            "01".repeat(64),
        );
        let mut stream = world.open(DOMAIN).await.unwrap();
        let request = format!(
            "GET /tunnel HTTP/1.1\r\nhost: {DOMAIN}\r\nconnection: upgrade\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            let read = timeout(Duration::from_secs(5), stream.read_buf(&mut answer)).await;
            assert!(read.unwrap().unwrap() > 0);
        }
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        assert!(answer.contains(wanted), "{answer}");
    }
    assert_eq!(world.labels.list().unwrap()[0].key, None);
}

#[tokio::test]
async fn a_newer_tunnel_takes_the_place_of_the_older() {
    let world = World::new(|_| {}).await;
    let token = world.token("ana");
    let older = world.home(&token, 1, "the older").await;
    let _newer = world.home(&token, 1, "the newer").await;
    let answer = world.get(ANA, "/").await.unwrap();
    assert!(answer.contains("the newer"), "{answer}");
    older
        .reaches(|state| matches!(state, TunnelState::Connecting { why: Some(_) }))
        .await;
}

#[tokio::test]
async fn a_relay_that_was_gone_has_its_tunnels_back() {
    let mut world = World::new(|_| {}).await;
    let home = world.home(&world.token("ana"), 1, PAGE).await;
    world.stop().await;
    let down = home
        .reaches(|state| !matches!(state, TunnelState::Up { .. }))
        .await;
    assert!(matches!(down, TunnelState::Connecting { why: Some(_) }));
    assert!(world.get(ANA, "/").await.is_err());
    world.start().await;
    home.reaches(|state| matches!(state, TunnelState::Up { .. }))
        .await;
    assert!(world.get(ANA, "/").await.unwrap().contains(PAGE));
}

#[tokio::test]
async fn a_relay_with_another_certificate_gets_no_token() {
    let world = World::new(|_| {}).await;
    let mut other = World::new(|_| {}).await;
    other.address = world.address;
    let home = other.begin_home(&other.token("ana"), 1, PAGE);
    let down = home
        .reaches(|state| matches!(state, TunnelState::Connecting { why: Some(_) }))
        .await;
    let said = format!("{down:?}");
    assert!(said.contains("no safe connection"), "{said}");
}

#[tokio::test]
async fn a_label_that_is_removed_ends_at_once() {
    let world = World::new(|_| {}).await;
    let home = world.home(&world.token("ana"), 1, PAGE).await;
    let _other = world.home(&world.token("bruno"), 2, PAGE).await;
    let mut open = world.open(ANA).await.unwrap();
    let start = Instant::now();
    world.labels.remove(&"ana".parse().unwrap()).unwrap();
    let ended = timeout(Duration::from_secs(5), open.read_u8()).await;
    ended.unwrap().unwrap_err();
    let refused = home
        .reaches(|state| matches!(state, TunnelState::Refused { .. }))
        .await;
    assert!(start.elapsed() < Duration::from_secs(5));
    let said = format!("{refused:?}");
    assert!(said.contains("its label was removed"), "{said}");
    assert!(world.get(ANA, "/").await.is_err());
    assert!(world.get("bruno.relay.example", "/").await.is_ok());
    // The same label for somebody else, which is kept for a year unless the relay's owner says so.
    let given = world
        .labels
        .add("ana".parse().unwrap(), DOMAIN.parse().unwrap());
    assert!(matches!(given, Err(LabelsError::Reserved(_))));
    let _home = world.home(&world.token_again("ana"), 3, "the next").await;
    sleep(Duration::from_millis(1_500)).await;
    assert!(world.get(ANA, "/").await.unwrap().contains("the next"));
}
