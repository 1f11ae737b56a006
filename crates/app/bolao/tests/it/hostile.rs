//! Bad input: each gets a clear refusal or a closed connection, nothing changes, the node stays up and quick.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::support::{Answer, Classic};

/// How quickly a node answers, whatever was thrown at it.
const QUICK: Duration = Duration::from_millis(200);
/// Connections that are opened and left.
const HALF_OPEN: usize = 200;

/// Everything of a node that a request could change.
async fn state(node: &Classic) -> Value {
    json!([
        node.blockchain().await,
        node.http().get("/nodes/").await.json()
    ])
}

/// Asserts that nothing changed and that the node answers quickly: the best of three, for the test's own machine may be
/// busy.
async fn assert_unharmed(node: &Classic, before: &Value, what: &str) {
    assert_eq!(state(node).await, *before, "{what} changed something");
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let asked = Instant::now();
        let answer = node.http().get("/player/john").await;
        assert_eq!(answer.status, 200, "{what}");
        best = best.min(asked.elapsed());
    }
    assert!(best < QUICK, "after {what} an answer took {best:?}");
}

async fn node_with_a_chain() -> (Classic, Value) {
    let node = Classic::start().await;
    node.bet("John", "NlEn", 1, 2).await;
    node.mine().await;
    node.bet("Mary", "PtCh", 0, 0).await;
    let before = state(&node).await;
    (node, before)
}

fn bet(key: &str, value: Value) -> String {
    let mut bet = json!({
        "playername": "Eve", "matchid": "NlEn", "teamonescore": 1, "teamtwoscore": 2,
    });
    if value.is_null() {
        bet.as_object_mut().unwrap().remove(key);
    } else {
        bet[key] = value;
    }
    bet.to_string()
}

#[tokio::test]
async fn bad_bets() {
    let (node, before) = node_with_a_chain().await;
    let long = "x".repeat(10_000);
    let bodies = [
        String::new(),
        " ".into(),
        "{".into(),
        "nonsense".into(),
        "null".into(),
        "[]".into(),
        "7".into(),
        "\"text\"".into(),
        "{}".into(),
        "\u{0}\u{1}\u{2}".into(),
        format!("{{\"playername\":{}", "[".repeat(10_000)),
        "[".repeat(16_000),
        bet("playername", Value::Null),
        bet("matchid", Value::Null),
        bet("teamonescore", Value::Null),
        bet("teamtwoscore", Value::Null),
        bet("playername", json!("")),
        bet("playername", json!("   ")),
        bet("playername", json!("\u{200b}")),
        bet("playername", json!("Eve\u{0}")),
        bet("playername", json!("Eve\nMary")),
        bet("playername", json!("\u{1b}[31mEve")),
        bet("playername", json!("\u{202e}evE")),
        bet("playername", json!("x".repeat(33))),
        bet("playername", json!(long)),
        bet("playername", json!(7)),
        bet("playername", json!(["Eve"])),
        bet("playername", json!({"name": "Eve"})),
        bet("matchid", json!("")),
        bet("matchid", json!("XxYy")),
        bet("matchid", json!(long)),
        bet("matchid", json!("NlEn\u{0}")),
        bet("matchid", json!(1)),
        bet("teamonescore", json!(-1)),
        bet("teamonescore", json!(100)),
        bet("teamonescore", json!(1.5)),
        bet("teamonescore", json!(u64::MAX)),
        bet("teamonescore", json!(1e300)),
        bet("teamonescore", json!("")),
        bet("teamonescore", json!("-1")),
        bet("teamonescore", json!("+1")),
        bet("teamonescore", json!("1.0")),
        bet("teamonescore", json!("0x1")),
        bet("teamonescore", json!("one")),
        bet("teamonescore", json!("99999999999999999999999")),
        bet("teamonescore", json!(true)),
        bet("teamonescore", json!([1])),
        bet("teamtwoscore", json!({})),
        bet("stake", json!(-1)),
        bet("stake", json!(u64::MAX)),
        bet("stake", json!(1_001)),
        bet("stake", json!("much")),
    ];
    for path in ["/bet", "/bet/broadcast"] {
        for body in &bodies {
            let answer = node.http().post(path, body.clone()).await;
            let shown: String = body.chars().take(120).collect();
            assert!((400..500).contains(&answer.status), "{shown}: {answer:?}");
            answer.problem();
        }
    }
    let unknown = node
        .http()
        .post("/bet", bet("matchid", json!("XxYy")))
        .await;
    let sentence = unknown.problem();
    assert!(
        sentence.contains("PtCh") && sentence.contains("NlEn"),
        "{sentence}"
    );
    assert_unharmed(&node, &before, "bad bets").await;

    // The same numbers as text are fine.
    let good = bet("teamonescore", json!("2"));
    let answer = node.http().post("/bet", good).await;
    answer.assert_text("Bet created and broadcast successfully.");
}

#[tokio::test]
async fn bad_registrations_and_blocks() {
    let (node, before) = node_with_a_chain().await;
    let long = format!("http://localhost:{}", "1".repeat(10_000));
    for body in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        r#"{"newnodeurl":7}"#,
        r#"{"newnodeurl":""}"#,
        r#"{"newnodeurl":"localhost:9001"}"#,
        r#"{"newnodeurl":"ftp://localhost:9001"}"#,
        r#"{"newnodeurl":"http://"}"#,
        r#"{"newnodeurl":"http://localhost:99999"}"#,
        r#"{"newnodeurl":"http://user:pass@localhost:9001"}"#,
        r#"{"newnodeurl":"file:///etc/passwd"}"#,
        r#"{"newnodeurl":"javascript:alert(1)"}"#,
        &json!({ "newnodeurl": long }).to_string(),
    ] {
        for path in ["/register-node", "/register-and-broadcast-node"] {
            node.http().post(path, body).await.problem();
        }
    }
    let many: Vec<String> = (1..1_000)
        .map(|port| format!("http://localhost:{port}"))
        .collect();
    for body in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"all_network_nodes":"http://localhost:9001"}"#,
        r#"{"all_network_nodes":[7]}"#,
        r#"{"all_network_nodes":["nonsense"]}"#,
        &json!({ "all_network_nodes": many }).to_string(),
    ] {
        node.http()
            .post("/register-nodes-bulk", body)
            .await
            .problem();
    }
    for body in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"new_block":7}"#,
        r#"{"new_block":[]}"#,
    ] {
        node.http().post("/receive-new-block", body).await.problem();
    }
    assert_unharmed(&node, &before, "bad registrations and blocks").await;
}

#[tokio::test]
async fn bad_calls_of_the_modern_api() {
    let (node, before) = node_with_a_chain().await;
    for path in [
        "/api/v1/blocks/nonsense",
        "/api/v1/blocks/99999999",
        "/api/v1/blocks/-1",
        "/api/v1/blocks?limit=0",
        "/api/v1/blocks?limit=99999999999",
        "/api/v1/blocks?cursor=zz",
        "/api/v1/matches/XxYy",
        "/api/v1/players/nobody",
        "/api/v1/bets?match=XxYy",
        "/api/v1/transactions/zz",
        "/api/v1/accounts/zz/nonce",
        "/api/v1/nothing",
    ] {
        node.http().get(path).await.problem();
    }
    let kinds = ["application/json", "application/octet-stream", "text/plain"];
    for body in [
        "",
        "{",
        "{}",
        r#"{"transaction":7}"#,
        r#"{"transaction":"zz"}"#,
        r#"{"transaction":"00"}"#,
    ] {
        for kind in kinds {
            let request = node.http().request("POST", "/api/v1/transactions");
            let answer = node
                .http()
                .send(request.header("content-type", kind).body(body))
                .await;
            answer.problem();
        }
    }
    for token in [None, Some("Bearer "), Some("Bearer wrong")] {
        let mut request = node.http().request("POST", "/api/v1/mine");
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        let answer = node.http().send(request).await;
        assert_eq!(answer.status, 401, "{answer:?}");
        answer.problem();
    }
    assert_unharmed(&node, &before, "bad calls of the modern API").await;
}

#[tokio::test]
async fn wrong_methods_and_unknown_routes() {
    let (node, before) = node_with_a_chain().await;
    for (path, methods) in [
        ("/blockchain", ["POST", "PUT", "DELETE", "PATCH"].as_slice()),
        ("/bet", &["GET", "PUT", "DELETE"]),
        ("/bet/broadcast", &["GET", "PUT", "DELETE"]),
        ("/mine", &["POST", "PUT", "DELETE"]),
        ("/receive-new-block", &["GET", "DELETE"]),
        ("/register-node", &["GET", "DELETE"]),
        ("/register-and-broadcast-node", &["GET"]),
        ("/register-nodes-bulk", &["GET"]),
        ("/consensus", &["POST"]),
        ("/player/john", &["POST", "DELETE"]),
        ("/match/nlen", &["POST", "DELETE"]),
        ("/api/v1/status", &["POST", "DELETE"]),
        ("/api/v1/mine", &["GET"]),
        ("/nodes/", &["PUT", "PATCH"]),
        ("/", &["PUT", "DELETE"]),
    ] {
        for method in methods {
            let answer = node.http().send(node.http().request(method, path)).await;
            assert_eq!(answer.status, 405, "{method} {path}: {answer:?}");
            assert_ne!(answer.header("allow"), "", "{method} {path}: {answer:?}");
        }
    }
    for path in [
        "/nothing",
        "/bet/nothing",
        "/player",
        "/player/a/b",
        "/api",
        "/api/v2/status",
        "/%00",
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
    ] {
        let answer = node.http().get(path).await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
    for name in [
        "%00",
        "%0a",
        "%ff",
        &"x".repeat(4_000),
        "%F0%9F%98%80",
        "a%20b",
    ] {
        for route in ["player", "match"] {
            let answer = node.http().get(&format!("/{route}/{name}")).await;
            let fine = answer.status == 200 && answer.text == "[]";
            assert!(
                fine || (400..500).contains(&answer.status),
                "{name}: {answer:?}"
            );
        }
    }
    assert_unharmed(&node, &before, "wrong methods and routes").await;
}

#[tokio::test]
async fn huge_bodies() {
    let (node, before) = node_with_a_chain().await;
    let huge = format!("{{\"playername\":\"{}\"}}", "x".repeat(10 << 20));
    for path in [
        "/bet",
        "/bet/broadcast",
        "/receive-new-block",
        "/register-node",
        "/register-and-broadcast-node",
        "/register-nodes-bulk",
        "/api/v1/transactions",
        "/nodes/",
        "/",
    ] {
        let request = node.http().request("POST", path).body(huge.clone());
        // It may close the connection while the body is still being sent.
        let answer = node.http().try_send(request).await;
        let refused = answer
            .as_ref()
            .is_none_or(|answer: &Answer| answer.status == 413);
        assert!(refused, "{path}: {answer:?}");
    }
    assert_unharmed(&node, &before, "huge bodies").await;
}

#[tokio::test]
async fn half_open_connections() {
    let (node, before) = node_with_a_chain().await;
    let address = ("127.0.0.1", node.daemon.port.number());
    let beginnings: [&[u8]; 5] = [
        b"",
        b"G",
        b"GET /blockchain HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        b"POST /bet HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"player",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ];
    let mut open = Vec::new();
    for index in 0..HALF_OPEN {
        if let Ok(mut stream) = TcpStream::connect(address).await {
            // Refusing is as good as waiting.
            let _ = stream.write_all(beginnings[index % beginnings.len()]).await;
            open.push(stream);
        }
    }
    assert_unharmed(&node, &before, "half-open connections").await;
    node.bet("John", "PtCh", 1, 1).await;
    drop(open);
}

#[tokio::test]
async fn requests_that_are_no_http() {
    use tokio::io::AsyncReadExt as _;

    let (node, before) = node_with_a_chain().await;
    let many_headers = format!(
        "GET / HTTP/1.1\r\n{}\r\n",
        "X-More: 1234567890\r\n".repeat(2_000)
    );
    let long_line = format!(
        "GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "x".repeat(100_000)
    );
    for bytes in [
        b"\r\n\r\n\r\n\r\n".as_slice(),
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"POST /bet HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /bet HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /bet HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        many_headers.as_bytes(),
        long_line.as_bytes(),
    ] {
        let address = ("127.0.0.1", node.daemon.port.number());
        let mut stream = TcpStream::connect(address).await.unwrap();
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let mut stream = stream.take(1 << 20);
        let read = stream.read_to_end(&mut answer);
        let ended = tokio::time::timeout(Duration::from_secs(15), read).await;
        assert!(
            ended.is_ok(),
            "the connection stays open after {:?}",
            &bytes[..20.min(bytes.len())]
        );
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{:?}: {answer}",
            &bytes[..20.min(bytes.len())]
        );
    }
    assert_unharmed(&node, &before, "requests that are no HTTP").await;
}
