//! The accept loop against slow, many and greedy clients.

use std::{
    convert::Infallible,
    future::pending,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    middleware::{Next, from_fn},
    routing::get,
};
use bolao_discovery::{Limits, guarded, serve, within};
use bytes::Bytes;
use futures::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

use crate::support::{http, listen};

const SOON: Duration = Duration::from_secs(8);

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

async fn start(configure: impl FnOnce(&mut Limits)) -> Server {
    let (listener, _) = listen().await;
    start_guarded(listener, 256, Duration::from_secs(15), configure)
}

fn start_guarded(
    listener: TcpListener,
    at_once: usize,
    time: Duration,
    configure: impl FnOnce(&mut Limits),
) -> Server {
    let address = listener.local_addr().unwrap();
    let mut limits = Limits::default();
    configure(&mut limits);
    let router = Router::new()
        .route("/", get(async || "here"))
        .route(
            "/me",
            get(async |ConnectInfo(caller): ConnectInfo<SocketAddr>| caller.to_string()),
        )
        .route("/never", get(async || pending::<&str>().await))
        .route("/panic", get(panics))
        .route("/body", axum::routing::post(async |body: Bytes| body))
        .route("/events", get(async || Body::from_stream(ticks())))
        .route("/flood", get(async || Body::from_stream(flood())))
        .layer(from_fn(move |request, next: Next| {
            within(time, next.run(request))
        }));
    let router = guarded(router, at_once, |_| Ok(()));
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(serve(listener, router, limits, async {
        let _ = stopped.await;
    }));
    Server {
        address,
        stop,
        task,
    }
}

async fn panics() -> &'static str {
    panic!("on purpose")
}

fn ticks() -> impl futures::Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold((), async |()| {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Some((Ok(Bytes::from_static(b"tick\n")), ()))
    })
}

fn flood() -> impl futures::Stream<Item = Result<Bytes, Infallible>> {
    stream::repeat_with(|| Ok(Bytes::from_static(&[b'x'; 16384])))
}

impl Server {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    async fn is_well(&self) {
        let answer = http().get(self.url("/")).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "here");
    }

    async fn is_well_again(&self) {
        let again = async {
            loop {
                let answer = http().get(self.url("/")).send().await;
                if answer.is_ok_and(|answer| answer.status() == 200) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(SOON, again).await.unwrap();
    }
}

/// What comes until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is an end too.
    let _ = timeout(SOON, stream.read_to_end(&mut bytes)).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn handlers_get_the_callers_address() {
    let server = start(|_| ()).await;
    let text = http().get(server.url("/me")).send().await.unwrap();
    let caller: SocketAddr = text.text().await.unwrap().parse().unwrap();
    assert!(caller.ip().is_loopback());
}

/// A node that listens on the network alone has no loopback address. On a machine without a network this test sees nothing.
#[tokio::test]
async fn this_machine_is_never_elsewhere_whatever_address_it_calls() {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let own = match socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)) {
        Ok(()) => socket.local_addr().unwrap().ip(),
        Err(_) => Ipv4Addr::LOCALHOST.into(),
    };
    let listener = TcpListener::bind((own, 0)).await.unwrap();
    let server = start_guarded(listener, 256, SOON, |limits| limits.connections = 0);
    let text = http().get(server.url("/me")).send().await.unwrap();
    let caller: SocketAddr = text.text().await.unwrap().parse().unwrap();
    assert!(caller.ip().is_loopback());
}

/// Whoever asks through a proxy or a tunnel on this machine is a stranger, told from others by what the proxy adds itself.
#[tokio::test]
async fn what_a_proxy_passes_on_does_not_come_from_this_machine() {
    let server = start(|_| ()).await;
    let shared = "0.0.0.0";
    for (name, value, wanted) in [
        ("forwarded", "for=192.0.2.7", shared),
        ("via", "1.1 proxy", shared),
        ("x-forwarded-host", "bets.example", shared),
        ("x-forwarded-proto", "https", shared),
        ("x-real-ip", "192.0.2.7", shared),
        ("cf-connecting-ip", "192.0.2.7", shared),
        ("true-client-ip", "192.0.2.7", shared),
        ("tailscale-user-login", "ana@example.com", shared),
        ("x-forwarded-for", "192.0.2.7", "192.0.2.7"),
        ("x-forwarded-for", "127.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("x-forwarded-for", "::ffff:192.0.2.7", "192.0.2.7"),
        ("x-forwarded-for", "2001:db8::7", "[2001:db8::7]"),
        ("x-forwarded-for", "192.0.2.7, 127.0.0.1", shared),
        ("x-forwarded-for", "::1", shared),
        ("x-forwarded-for", "192.168.1.7", shared),
        ("x-forwarded-for", "unknown", shared),
        ("x-forwarded-for", "", shared),
    ] {
        let asked = http().get(server.url("/me")).header(name, value);
        let caller = asked.send().await.unwrap().text().await.unwrap();
        let caller: SocketAddr = caller.parse().unwrap();
        let wanted: SocketAddr = format!("{wanted}:{}", caller.port()).parse().unwrap();
        assert_eq!(caller, wanted, "{name}: {value}");
    }
}

#[tokio::test]
async fn a_host_is_named_once() {
    let server = start(|_| ()).await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\nconnection: close\r\n\r\n", 400),
        (
            "GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\nconnection: close\r\n\r\n",
            400,
        ),
        (
            "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            200,
        ),
        ("GET / HTTP/1.0\r\n\r\n", 200),
    ] {
        let answer = rest(&mut server.send(head.as_bytes()).await).await;
        let (_, answer) = answer.split_once(' ').unwrap();
        assert!(answer.starts_with(&status.to_string()), "{head}: {answer}");
        assert_eq!(answer.contains("wanted one"), status == 400, "{answer}");
    }
}

/// A client that keeps its connections learns which of them the server closes.
#[tokio::test]
async fn a_connection_is_closed_with_a_word_if_a_body_was_not_read() {
    let server = start(|_| ()).await;
    let mut stream = server
        .send(b"POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nread")
        .await;
    let mut answer = vec![0; 2_000];
    let got = stream.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..got]).to_lowercase();
    assert!(answer.ends_with("read"), "{answer}");
    assert!(!answer.contains("connection: close"), "{answer}");
    let unread = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf";
    stream.write_all(unread).await.unwrap();
    let answer = rest(&mut stream).await.to_lowercase();
    assert!(answer.starts_with("http/1.1 405 "), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
}

#[tokio::test]
async fn half_a_head_is_closed_and_blocks_nobody() {
    let server = start(|limits| limits.header_timeout = Duration::from_millis(400)).await;
    let begun = Instant::now();
    let mut slow = Vec::new();
    for half in [
        "",
        "G",
        "GET / HTTP/1.1\r\nhost: x\r\n",
        "GET / HTTP/1.1\r\nx: ",
    ] {
        for _ in 0..20 {
            slow.push(server.send(half.as_bytes()).await);
        }
    }
    // Dripping does not help.
    let mut dripping = server.send(b"GET / HTTP/1.1\r\nx: ").await;
    server.is_well().await;
    let closed = async {
        while dripping.write_all(b"y").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, closed).await.unwrap();
    for stream in &mut slow {
        rest(stream).await;
    }
    assert!(begun.elapsed() < SOON);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = start(|limits| limits.header_timeout = Duration::from_millis(300)).await;
    let mut idle = server.send(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(rest(&mut idle).await.ends_with("here"));
}

#[test]
fn the_default_closes_within_ten_seconds() {
    assert!(Limits::default().header_timeout < Duration::from_secs(10));
}

#[tokio::test]
async fn half_a_body_and_slow_handlers_time_out() {
    let (listener, _) = listen().await;
    let server = start_guarded(listener, 256, Duration::from_millis(300), |_| ());
    for request in [
        "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf",
        "GET /never HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    ] {
        let mut stream = server.send(request.as_bytes()).await;
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    server.is_well().await;
}

#[tokio::test]
async fn a_stream_of_events_is_not_cut() {
    let (listener, _) = listen().await;
    let server = start_guarded(listener, 256, Duration::from_millis(200), |limits| {
        limits.header_timeout = Duration::from_millis(200);
        limits.write_timeout = Duration::from_millis(200);
    });
    let answer = http().get(server.url("/events")).send().await.unwrap();
    let ticks = answer.bytes_stream().take(8).collect::<Vec<_>>().await;
    assert_eq!(ticks.len(), 8);
    assert!(ticks.iter().all(Result::is_ok));
}

#[tokio::test]
async fn who_takes_nothing_of_the_answer_is_cut_off() {
    let server = start(|limits| {
        limits.write_timeout = Duration::from_millis(300);
        limits.connections_loopback = 1;
    })
    .await;
    let _greedy = server.send(b"GET /flood HTTP/1.1\r\nhost: x\r\n\r\n").await;
    server.is_well_again().await;
}

#[tokio::test]
async fn too_many_connections_are_turned_away() {
    let server = start(|limits| limits.connections_loopback = 3).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut events = server
            .send(b"GET /events HTTP/1.1\r\nhost: x\r\n\r\n")
            .await;
        events.read_exact(&mut [0; 12]).await.unwrap();
        held.push(events);
    }
    let mut fourth = server.send(b"").await;
    assert!(rest(&mut fourth).await.starts_with("HTTP/1.1 503"));
    drop(held);
    server.is_well_again().await;
}

#[tokio::test]
async fn who_keeps_us_waiting_makes_room_for_others() {
    for half in [
        "",
        "GET / HTTP/1.1\r\nx: ",
        "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf",
    ] {
        let server = start(|limits| limits.connections_loopback = 3).await;
        let mut held = Vec::new();
        for _ in 0..30 {
            held.push(server.send(half.as_bytes()).await);
        }
        for _ in 0..10 {
            server.is_well().await;
        }
        assert_eq!(rest(&mut held[0]).await, "", "{half}");
    }
}

#[tokio::test]
async fn slow_bodies_make_room_for_other_requests() {
    let (listener, _) = listen().await;
    let server = start_guarded(listener, 2, Duration::from_secs(15), |_| ());
    let half = "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf";
    let mut slow = Vec::new();
    for _ in 0..20 {
        slow.push(server.send(half.as_bytes()).await);
    }
    for _ in 0..10 {
        server.is_well().await;
    }
    assert!(rest(&mut slow[0]).await.starts_with("HTTP/1.1 503"));
}

#[tokio::test]
async fn too_many_requests_are_shed() {
    let (listener, _) = listen().await;
    let server = start_guarded(listener, 2, Duration::from_secs(15), |_| ());
    let mut held = Vec::new();
    for _ in 0..2 {
        held.push(server.send(b"GET /never HTTP/1.1\r\nhost: x\r\n\r\n").await);
    }
    let shed = async {
        loop {
            let answer = http().get(server.url("/")).send().await.unwrap();
            if answer.status() == 503 {
                assert_eq!(answer.headers()["retry-after"], "1");
                return;
            }
        }
    };
    timeout(SOON, shed).await.unwrap();
}

#[tokio::test]
async fn a_panic_is_a_500_and_no_more() {
    let server = start(|_| ()).await;
    let answer = http().get(server.url("/panic")).send().await.unwrap();
    assert_eq!(answer.status(), 500);
    server.is_well().await;
}

#[tokio::test]
async fn garbage_and_huge_heads_are_refused() {
    let server = start(|_| ()).await;
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(100_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(5000));
    for bad in [
        "\0\x01\x02 nonsense\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        &long,
        &many,
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let _ = stream.write_all(bad.as_bytes()).await;
        let answer = rest(&mut stream).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    }
    server.is_well().await;
}

#[tokio::test]
async fn a_head_that_is_too_long_is_told_so() {
    let server = start(|_| ()).await;
    let long = format!("x: {}\r\n", "y".repeat(20_000));
    let cookies = "cookie: a=b\r\n".repeat(150);
    let place = "z".repeat(20_000);
    for (place, headers) in [("", &*long), ("", &cookies), (&place, "")] {
        let head = format!("GET /{place} HTTP/1.1\r\nhost: a\r\n{headers}\r\n");
        let mut stream = server.send(head.as_bytes()).await;
        let mut answer = vec![0; 2_000];
        let got = stream.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer[..got]);
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
        assert!(answer.contains("send fewer or shorter ones"), "{answer}");
    }
    let fits = format!("x: {}\r\n", "y".repeat(15_000));
    let mut stream = server
        .send(format!("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{fits}\r\n").as_bytes())
        .await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn shutdown_lets_requests_end_but_not_for_ever() {
    let server = start(|limits| limits.grace = Duration::from_millis(300)).await;
    let mut events = http().get(server.url("/events")).send().await.unwrap();
    let _idle = server.send(b"").await;
    events.chunk().await.unwrap();
    let begun = Instant::now();
    server.stop.send(()).unwrap();
    timeout(SOON, server.task).await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn who_uploads_too_much_reads_the_refusal() {
    let server = start(|_| ()).await;
    let head = "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 20000000\r\n\r\n";
    let mut stream = server.send(head.as_bytes()).await;
    let body = vec![b'x'; 20_000_000];
    timeout(SOON, stream.write_all(&body))
        .await
        .unwrap()
        .unwrap();
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 413"));
    server.is_well().await;
}
