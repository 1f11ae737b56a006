//! First words that make no sense, or none, at a port with two pools.

use std::time::Duration;

use bolao_network::Event;
use futures::AsyncWriteExt as _;
use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout};

use super::raw::{Raw, hello, outer_address};
use super::scene::noise;
use crate::node::{POOL, of_pool, secret};
use crate::pools::{Home, echo, node};

/// What a node answers whose pools do not include the one of a hello.
const OTHER_POOL: u8 = 1;

/// How long a hello may take, on a machine that has other things to do, too.
const UNSAID: std::ops::Range<Duration> = Duration::from_secs(3)..Duration::from_secs(8);

/// The friend of one pool is served, and neither pool has heard of anybody else.
async fn assert_undisturbed(home: &mut Home, friend: &mut Home) {
    echo(&mut friend.nodes[0], &mut home.nodes[0], b"still there?").await;
    let any = |event: &Event| !matches!(event, Event::Response { .. });
    for node in home.nodes.iter_mut().chain(&mut friend.nodes) {
        node.quiet(Duration::from_millis(200), any).await;
    }
    assert_eq!(home.nodes[0].handle.peers().len(), 1);
    assert!(home.nodes[1].handle.peers().is_empty());
}

#[tokio::test]
async fn who_says_no_hello_is_closed_and_disturbs_nobody() {
    let (mut home, mut friend) = Home::and_friend().await;
    let to = home.port.listen_addr();
    let silent = Raw::connect(10, to).await.unwrap();
    let half = Raw::connect(11, to).await.unwrap();
    let mut stream = half.stream().await.unwrap();
    stream.write_all(&noise(1, 20)).await.unwrap();
    let much = Raw::connect(12, to).await.unwrap();
    for number in 0..8 {
        let mut stream = much.stream().await.unwrap();
        let _ = stream.write_all(&noise(number, 20)).await;
    }
    // What ends too early is no hello.
    assert!(much.until_closed().await < UNSAID.end);
    let ends = [silent, half].map(|raw| async move { raw.until_closed().await });
    for end in join_all(ends).await {
        assert!(UNSAID.contains(&end), "closed after {end:?}");
    }
    drop(stream);
    assert_undisturbed(&mut home, &mut friend).await;
}

#[tokio::test]
async fn a_hello_of_no_pool_here_or_of_others_is_refused() {
    let (mut home, mut friend) = Home::and_friend().await;
    let to = home.port.listen_addr();
    let victim = Raw::connect(10, to).await.unwrap();
    let right = hello(victim.peers, [1; 32]);
    let [_, here] = victim.peers;
    for (what, said) in [
        ("noise", noise(1, 33)),
        ("what another says", right.clone()),
        (
            "a pool that is not here",
            hello([victim.peers[0], here], POOL),
        ),
        ("itself", hello([here, here], [1; 32])),
        ("another version", [vec![2], right[1..].to_vec()].concat()),
    ] {
        let raw = Raw::connect(11, to).await.unwrap();
        let answer = timeout(Duration::from_secs(2), raw.greet(&said)).await;
        assert_eq!(answer.unwrap().unwrap(), OTHER_POOL, "{what}");
        let closed = raw.until_closed().await;
        assert!(closed < Duration::from_secs(3), "{what}: {closed:?}");
    }
    // What was said to another node.
    let elsewhere = Home::of(3, &[1]).await;
    let raw = Raw::connect(11, elsewhere.port.listen_addr())
        .await
        .unwrap();
    let said = hello(raw.peers, [1; 32]);
    assert_eq!(raw.greet(&said).await.unwrap(), 0);
    let raw = Raw::connect(11, to).await.unwrap();
    assert_eq!(raw.greet(&said).await.unwrap(), OTHER_POOL);
    assert_undisturbed(&mut home, &mut friend).await;

    // The one who is to say it may.
    assert_eq!(victim.greet(&right).await.unwrap(), 0);
}

/// Those of these connections that the node keeps open.
async fn open(raws: Vec<Raw>) -> Vec<Raw> {
    let looks = raws.into_iter().map(|raw| async {
        let closed = timeout(Duration::from_millis(200), raw.until_closed()).await;
        closed.is_err().then_some(raw)
    });
    join_all(looks).await.into_iter().flatten().collect()
}

/// Connects as often as it can, and says nothing.
async fn crowd(home: &Home) -> Vec<Raw> {
    let to = home.port.listen_addr();
    let all = join_all((0..120).map(|number| Raw::connect(20 + number, to))).await;
    all.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_without_a_hello_are_few_and_short_slow() {
    let (mut home, mut friend) = Home::and_friend().await;
    let begun = Instant::now();
    let mut raws = open(crowd(&home).await).await;
    assert!((32..=64).contains(&raws.len()), "{} are open", raws.len());
    assert_undisturbed(&mut home, &mut friend).await;
    // There is room for others.
    let mut newcomer = Home::of(4, &[2]).await;
    newcomer.nodes[0].dial(&home.nodes[1]);
    newcomer.nodes[0].connected(home.nodes[1].id()).await;
    echo(&mut newcomer.nodes[0], &mut home.nodes[1], b"who?").await;
    raws = open(raws).await;
    assert!(raws.len() > 16, "the crowd still waits");
    while !raws.is_empty() {
        assert!(begun.elapsed() < UNSAID.end, "{:?}", begun.elapsed());
        sleep(Duration::from_millis(100)).await;
        raws = open(raws).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_leaves_room_for_others_slow() {
    let Some(ip) = outer_address() else {
        eprintln!("SKIPPED: this machine has loopback addresses only");
        return;
    };
    let port = bolao_network::Port::open("0.0.0.0:0".parse().unwrap(), secret(1)).await;
    let port = port.unwrap();
    let number = port.listen_addr().port();
    let mut here = node(&port, 1);
    let all = (0..40).map(|raw| Raw::connect(20 + raw, (ip, number).into()));
    let raws = join_all(all).await.into_iter().filter_map(Result::ok);
    let raws = open(raws.collect()).await;
    assert!((8..=16).contains(&raws.len()), "{} are open", raws.len());
    let friend = bolao_network::Port::open("127.0.0.1:0".parse().unwrap(), secret(2)).await;
    let mut friend = crate::node::Node::on(&friend.unwrap(), of_pool([1; 32])).unwrap();
    friend.handle.dial(([127, 0, 0, 1], number).into()).unwrap();
    friend.connected(here.id()).await;
    here.connected(friend.id()).await;
}
