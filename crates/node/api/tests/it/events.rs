use std::{net::SocketAddr, time::Duration};

use axum::{body::Body, extract::ConnectInfo};
use bolao_api::{ApiConfig, NodeEvent, PeerChange};
use bolao_ledger::{BlockHash, Height, MatchNo, UnixSeconds};
use http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    app::App,
    node::{easy, join, peer, sign},
};

async fn listen(app: &App) -> Body {
    let request = Request::get("/api/v1/events")
        .header("accept-encoding", "gzip, br")
        .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 5555))))
        .body(Body::empty())
        .unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(!response.headers().contains_key("content-encoding"));
    response.into_body()
}

/// The next event's name and data.
async fn next(body: &mut Body) -> (String, Value) {
    let limit = Duration::from_secs(10);
    let frame = tokio::time::timeout(limit, body.frame()).await.unwrap();
    let bytes = frame.unwrap().unwrap().into_data().unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap_or_else(|| panic!("no {name} in {text:?}"))
            .trim()
            .to_owned()
    };
    (
        field("event:"),
        serde_json::from_str(&field("data:")).unwrap(),
    )
}

fn block(height: u64) -> NodeEvent {
    NodeEvent::Block {
        hash: BlockHash([1; 32]),
        height: Height(height),
        time: UnixSeconds(1_559_760_300),
        transactions: 2,
    }
}

#[tokio::test]
async fn events_arrive_as_they_happen() {
    let app = App::new(easy(), ApiConfig::default());
    let mut body = listen(&app).await;
    let (name, tip) = next(&mut body).await;
    assert_eq!((name.as_str(), &tip["height"]), ("tip", &json!(0)));

    app.node.tell(&block(1));
    let (name, data) = next(&mut body).await;
    assert_eq!(name, "block");
    assert_eq!(data["height"], 1);
    assert_eq!(data["time"], "2019-06-05T18:45:00Z");
    assert_eq!(data["hash"], "01".repeat(32));

    let joining = sign(&app.node.genesis, "Zoe", 0, join("Zoe"));
    let happened = NodeEvent::Pending(joining.clone().into());
    app.node.tell(&happened);
    let (name, data) = next(&mut body).await;
    assert_eq!(name, "transaction");
    assert_eq!(data["id"], joining.id().to_string());
    assert_eq!(data["action"], json!({"type": "join", "name": "Zoe"}));

    let happened = NodeEvent::Peer {
        change: PeerChange::Connected,
        peer: peer("12D3"),
    };
    app.node.tell(&happened);
    let (name, data) = next(&mut body).await;
    assert_eq!(name, "peer");
    assert_eq!(
        (&data["change"], &data["peer"]["id"]),
        (&json!("connected"), &json!("12D3"))
    );

    let happened = NodeEvent::Reorganised {
        common: BlockHash([2; 32]),
        common_height: Height(7),
        disconnected: 2,
    };
    app.node.tell(&happened);
    let (name, data) = next(&mut body).await;
    assert_eq!(
        (name.as_str(), &data["disconnected"]),
        ("reorganised", &json!(2))
    );

    for (happened, name, wanted) in [
        (
            NodeEvent::Result {
                match_no: MatchNo(1),
                recorded: true,
                is_final: false,
            },
            "result",
            json!({"match": {"no": 1, "code": "PtCh"}, "recorded": true, "final": false}),
        ),
        (
            NodeEvent::Standings { height: Height(9) },
            "standings",
            json!({"height": 9}),
        ),
        (
            NodeEvent::Final {
                height: Height(9),
                hash: BlockHash([1; 32]),
            },
            "final",
            json!({"height": 9, "hash": "01".repeat(32)}),
        ),
        (
            NodeEvent::Lagged { missed: 7 },
            "lagged",
            json!({"missed": 7}),
        ),
    ] {
        app.node.tell(&happened);
        assert_eq!(next(&mut body).await, (name.to_owned(), wanted));
    }

    let happened = NodeEvent::BackDated {
        hash: BlockHash([3; 32]),
        height: Height(8),
        time: UnixSeconds(1_559_760_300),
        seen: UnixSeconds(1_559_763_900),
        matches: vec![MatchNo(1)],
    };
    app.node.tell(&happened);
    let (name, data) = next(&mut body).await;
    assert_eq!(name, "back_dated");
    assert_eq!(data["matches"], json!([{"no": 1, "code": "PtCh"}]));
    assert_eq!(data["seen"], "2019-06-05T19:45:00Z");
}

#[tokio::test]
async fn who_reads_too_slowly_is_told() {
    let app = App::new(easy(), ApiConfig::default());
    let mut body = listen(&app).await;
    next(&mut body).await;
    for height in 1..=20 {
        app.node.tell(&block(height));
    }
    let (name, data) = next(&mut body).await;
    assert_eq!((name.as_str(), data), ("lagged", json!({"missed": 12})));
    let (name, data) = next(&mut body).await;
    assert_eq!((name.as_str(), &data["height"]), ("block", &json!(13)));
}

#[tokio::test]
async fn listeners_are_counted_and_leave() {
    let app = App::new(easy(), ApiConfig::default());
    let mut listeners = Vec::new();
    for _ in 0..128 {
        listeners.push(listen(&app).await);
    }
    app.get("/api/v1/events").await.problem(503);
    listeners.pop();
    listeners.push(listen(&app).await);
    app.get("/api/v1/events").await.problem(503);
}
