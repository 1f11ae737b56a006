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
    listen_after(app, "", None).await
}

/// A stream that is opened with a query, and with the header that browsers send.
async fn listen_after(app: &App, query: &str, last: Option<&str>) -> Body {
    let mut request = Request::get(format!("/api/v1/events{query}"));
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let request = request
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
    let (name, data, _) = next_with_id(body).await;
    (name, data)
}

/// The same, with its id.
async fn next_with_id(body: &mut Body) -> (String, Value, Option<String>) {
    let limit = Duration::from_secs(10);
    let frame = tokio::time::timeout(limit, body.frame()).await.unwrap();
    let bytes = frame.unwrap().unwrap().into_data().unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let field = |name: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()))
    };
    let data = field("data:").expect(&text);
    (
        field("event:").expect(&text),
        serde_json::from_str(&data).unwrap(),
        field("id:"),
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
async fn whoever_was_cut_off_hears_what_it_missed_and_nothing_twice() {
    let app = App::new(easy(), ApiConfig::default());
    let mut first = listen(&app).await;
    let (name, _, id) = next_with_id(&mut first).await;
    assert_eq!(name, "tip");
    let hello = id.unwrap();
    assert!(hello.starts_with("0-"), "{hello}");
    app.node.tell(&block(7));
    let standings = NodeEvent::Standings { height: Height(0) };
    app.node.tell(&standings);
    let [of_block, of_standings] = [
        next_with_id(&mut first).await.2.unwrap(),
        next_with_id(&mut first).await.2.unwrap(),
    ];
    assert!(of_block.starts_with("7-"), "{of_block}");
    assert_ne!(of_block, of_standings);
    drop(first);

    app.node.tell(&block(8));
    app.node.tell(&standings);
    let after = |id: &str| format!("?after={id}");
    for (query, last) in [
        (String::new(), Some(&*of_standings)),
        (after(&of_standings), None),
        // A browser opens the same address again and names what it has heard since.
        (after(&hello), Some(&*of_standings)),
    ] {
        let mut again = listen_after(&app, &query, last).await;
        let (name, data) = next(&mut again).await;
        assert_eq!((name.as_str(), data), ("resumed", json!({"missed": 2})));
        let (name, data) = next(&mut again).await;
        assert_eq!((name.as_str(), &data["height"]), ("block", &json!(8)));
        let (name, _, id) = next_with_id(&mut again).await;
        assert_eq!(name, "standings");
        let mut last = listen_after(&app, &after(&id.unwrap()), None).await;
        assert_eq!(next(&mut last).await.1, json!({"missed": 0}));
    }
    let mut again = listen_after(&app, &after(&of_standings), None).await;
    for _ in 0..3 {
        next(&mut again).await;
    }
    app.node.tell(&block(9));
    assert_eq!(next(&mut again).await.1["height"], 9);
}

/// Ten events later than the node keeps, and after a start anew.
#[tokio::test]
async fn whoever_was_away_too_long_is_told_to_read_again() {
    let app = App::new(easy(), ApiConfig::default());
    let mut first = listen(&app).await;
    let (_, _, hello) = next_with_id(&mut first).await;
    let hello = hello.unwrap();
    for height in 1..=9 {
        app.node.tell(&block(height));
    }
    let other = App::new(easy(), ApiConfig::default());
    for (app, last) in [(&app, &*hello), (&other, &*hello), (&app, "9"), (&app, "")] {
        let mut again = listen_after(app, "", Some(last)).await;
        let (name, tip, id) = next_with_id(&mut again).await;
        assert_eq!((name.as_str(), &tip["height"]), ("resync", &json!(0)));
        app.node.tell(&block(3));
        assert_eq!(next(&mut again).await.0, "block");
        let mut then = listen_after(app, &format!("?after={}", id.unwrap()), None).await;
        assert_eq!(next(&mut then).await.1, json!({"missed": 1}));
    }
    app.get("/api/v1/events?before=1").await.problem(400);
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
