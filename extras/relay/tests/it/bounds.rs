//! What one caller or one label may take, and that the others are unharmed.

use std::{sync::Arc, time::Duration};

use bolao_reach::relay::TunnelState;
use rustls::{ClientConnection, pki_types::ServerName};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, timeout},
};

use crate::world::{PAGE, World, ask};

const ANA: &str = "ana.relay.example";
const BRUNO: &str = "bruno.relay.example";
const MOMENT: Duration = Duration::from_millis(500);

/// Whether the other end closes within a time.
async fn closes(stream: &mut TcpStream, within: Duration) -> bool {
    let mut rest = Vec::new();
    timeout(within, stream.read_to_end(&mut rest)).await.is_ok()
}

/// The beginning of a `ClientHello` of 60,000 bytes, so many of it.
fn long_hello(bytes: usize) -> Vec<u8> {
    let mut hello = vec![1, 0, 0xea, 0x60];
    hello.resize(bytes, 0);
    let records = hello.chunks(4_000).flat_map(|piece| {
        let length = u16::try_from(piece.len()).unwrap().to_be_bytes();
        [&[22, 3, 1], &length[..], piece].concat()
    });
    records.collect()
}

#[tokio::test]
async fn hellos_that_are_slow_or_long_are_cut() {
    let world = World::new(|limits| limits.hello = 2 * MOMENT).await;
    let _home = world.home(&world.token("ana"), 1, PAGE).await;
    let [mut silent, mut slow, mut long] = [
        TcpStream::connect(world.address).await.unwrap(),
        TcpStream::connect(world.address).await.unwrap(),
        TcpStream::connect(world.address).await.unwrap(),
    ];
    slow.write_all(&long_hello(9_000)).await.unwrap();
    long.write_all(&long_hello(20_000)).await.unwrap();
    assert!(closes(&mut long, MOMENT).await, "20,000 bytes");
    assert!(world.get(ANA, "/").await.unwrap().contains(PAGE));
    assert!(!closes(&mut slow, MOMENT / 10).await, "9,000 bytes");
    for stream in [&mut silent, &mut slow] {
        assert!(closes(stream, 4 * MOMENT).await);
    }
}

#[tokio::test]
async fn one_address_has_so_many_connections() {
    let world = World::new(|_| {}).await;
    let mut open = Vec::new();
    for number in 1..=40 {
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        let is_closed = closes(&mut stream, MOMENT / 10).await;
        assert_eq!(is_closed, number > 32, "connection {number}");
        open.push(stream);
    }
    open.remove(0);
    tokio::time::sleep(MOMENT / 10).await;
    let mut next = TcpStream::connect(world.address).await.unwrap();
    assert!(!closes(&mut next, MOMENT / 10).await, "one has left");
}

#[tokio::test]
async fn one_label_has_so_many_streams() {
    let world = World::new(|limits| limits.connections_per_address = 1_000).await;
    let _home = world.home(&world.token("ana"), 1, PAGE).await;
    let _other = world.home(&world.token("bruno"), 2, PAGE).await;
    let world = Arc::new(world);
    let mut opening = JoinSet::new();
    for _ in 0..300 {
        let world = Arc::clone(&world);
        opening.spawn(async move { world.open(ANA).await });
    }
    let opened = opening.join_all().await;
    let mut open: Vec<_> = opened.into_iter().filter_map(Result::ok).collect();
    assert_eq!(open.len(), 256);
    assert!(world.open(ANA).await.is_err());
    assert!(world.get(BRUNO, "/").await.unwrap().contains(PAGE));
    open.truncate(200);
    tokio::time::sleep(MOMENT).await;
    assert!(world.get(ANA, "/").await.unwrap().contains(PAGE));
}

#[tokio::test]
async fn who_opens_and_goes_again_and_again_harms_no_tunnel() {
    let world = World::new(|_| {}).await;
    let home = world.home(&world.token("ana"), 1, PAGE).await;
    let state = {
        let mut state = home.state.clone();
        state.mark_unchanged();
        state
    };
    for _ in 0..1_500 {
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        // A hello for the home, and nothing behind it.
        stream.write_all(&hello_for(&world, ANA)).await.unwrap();
    }
    assert!(world.get(ANA, "/").await.unwrap().contains(PAGE));
    assert!(!state.has_changed().unwrap());
}

fn hello_for(world: &World, name: &str) -> Vec<u8> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let config = Arc::clone(&world.trusting);
    let mut client = ClientConnection::new(config, name).unwrap();
    let mut hello = Vec::new();
    client.write_tls(&mut hello).unwrap();
    hello
}

#[tokio::test]
async fn a_connection_on_which_nothing_comes_is_closed() {
    let world = World::new(|limits| limits.idle = MOMENT).await;
    let _home = world.home(&world.token("ana"), 1, PAGE).await;
    let mut stream = world.open(ANA).await.unwrap();
    let start = Instant::now();
    let ended = timeout(10 * MOMENT, stream.read_u8()).await;
    ended.unwrap().unwrap_err();
    assert!(start.elapsed() > MOMENT / 2);
    assert!(world.get(ANA, "/").await.unwrap().contains(PAGE));
}

#[tokio::test]
async fn a_label_has_its_rate() {
    let world = World::new(|limits| limits.bytes_per_second = 400_000).await;
    let _home = world.home(&world.token("ana"), 1, PAGE).await;
    let _other = world.home(&world.token("bruno"), 2, PAGE).await;
    let start = Instant::now();
    // The first 400,000 come at once, and 600,000 by the rate.
    let (big, small) = tokio::join!(world.get(ANA, "/big"), async {
        let small = world.get(BRUNO, "/").await;
        (small, start.elapsed())
    });
    assert!(big.unwrap().len() > 1_000_000);
    let took = start.elapsed().as_millis();
    assert!((1_400..3_000).contains(&took), "{took} ms");
    let (small, took) = small;
    assert!(small.unwrap().contains(PAGE));
    assert!(took < Duration::from_secs(1), "{took:?}");
}

/// Of a label whose month was used up, nothing came until the next.
#[tokio::test]
async fn a_label_whose_month_is_used_up_is_slow() {
    let mut world = World::new(|limits| {
        limits.bytes_per_month = 300_000;
        limits.bytes_per_second_used_up = 20_000;
    })
    .await;
    let home = world.home(&world.token("ana"), 1, PAGE).await;
    assert!(world.get(ANA, "/").await.is_ok());
    let cut = timeout(4 * MOMENT, world.get(ANA, "/big")).await;
    assert!(cut.is_err(), "{:?}", cut.unwrap().map(|it| it.len()));
    assert!(world.get(ANA, "/").await.unwrap().contains(PAGE));
    // A relay that starts again knows it.
    world.stop().await;
    let used = world.labels.list().unwrap()[0].used.bytes;
    assert!((300_000..400_000).contains(&used), "{used}");
    world.start().await;
    home.reaches(|state| matches!(state, TunnelState::Up { .. }))
        .await;
    assert!(world.get(ANA, "/").await.unwrap().contains(PAGE));
    let cut = timeout(4 * MOMENT, world.get(ANA, "/big")).await;
    assert!(cut.is_err());
}

/// Nine addresses that open all streams of a label again and again, and a friend.
#[tokio::test]
async fn nine_addresses_keep_no_friend_out() {
    let world = World::new(|limits| limits.connections_per_address = 1_000).await;
    let _home = world.home(&world.token("ana"), 1, PAGE).await;
    let world = Arc::new(world);
    let mut flood = JoinSet::new();
    for caller in (0..9).cycle().take(9 * 32) {
        let world = Arc::clone(&world);
        flood.spawn(async move {
            loop {
                let ip = [127, 0, 0, 10 + caller];
                let Ok(mut stream) = world.open_from(ip, ANA).await else {
                    tokio::time::sleep(MOMENT / 50).await;
                    continue;
                };
                let waits = "GET /wait HTTP/1.1\r\nhost: ana.relay.example\r\n\r\n";
                let _ = stream.write_all(waits.as_bytes()).await;
                let _ = stream.read_u8().await;
            }
        });
    }
    tokio::time::sleep(2 * MOMENT).await;
    for attempt in 0..20 {
        let mut stream = world.open_from([127, 0, 0, 2], ANA).await;
        let answer = match &mut stream {
            Ok(stream) => ask(stream, ANA, "/", "").await,
            Err(error) => panic!("attempt {attempt}: {error}"),
        };
        assert!(answer.unwrap().contains(PAGE), "attempt {attempt}");
    }
}
