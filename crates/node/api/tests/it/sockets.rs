//! Over real sockets, as a node serves it.

use std::net::SocketAddr;

use bolao_discovery::Limits;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use crate::app::App;

async fn served(app: &App) -> (SocketAddr, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = app.router.clone();
    tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        bolao_discovery::serve(listener, router, Limits::default(), stopped).await;
    });
    (address, stop)
}

/// Everything that comes back until the connection closes.
async fn exchange(address: SocketAddr, head: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let head = format!(
        "{head} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // Who is refused early may find the other side no longer listening.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_bet_a_block_and_ten_megabytes() {
    let app = App::classic();
    let (address, _stop) = served(&app).await;
    let bet = br#"{"playername":"John","matchid":"NlEn","teamonescore":1,"teamtwoscore":2}"#;
    let answer = exchange(address, "POST /bet/broadcast", bet).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nBet created and broadcast successfully."));
    let answer = exchange(address, "GET /mine", b"").await;
    assert!(answer.ends_with("New block mined and broadcast successfully."));
    // The rest of the request's line becomes a header's value.
    let tunnelled = "GET /mine HTTP/1.1\r\nx-forwarded-for: 192.0.2.7\r\nx:";
    let answer = exchange(address, tunnelled, b"").await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    let long = vec![b'x'; 10 * 1024 * 1024];
    let answer = exchange(address, "POST /bet", &long).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("application/problem+json"));
    let answer = exchange(address, "GET /player/john", b"").await;
    assert!(
        answer.contains(r#"[{"player":"john","match_id":"NlEn""#),
        "{answer}"
    );
}
