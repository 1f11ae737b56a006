//! Who may call: the tables of callers, pages and hosts.

use std::net::SocketAddr;

use axum::{body::Body, extract::ConnectInfo};
use bolao_api::ApiConfig;
use http::Request;
use tower::ServiceExt as _;

use crate::{
    app::{App, classic_on},
    node::easy,
};

const CLASSIC: [(&str, &str); 11] = [
    ("GET", "/blockchain"),
    ("POST", "/bet"),
    ("POST", "/bet/broadcast"),
    ("GET", "/mine"),
    ("POST", "/receive-new-block"),
    ("POST", "/register-node"),
    ("POST", "/register-and-broadcast-node"),
    ("POST", "/register-nodes-bulk"),
    ("GET", "/consensus"),
    ("GET", "/player/john"),
    ("GET", "/match/nlen"),
];

#[tokio::test]
async fn classic_routes_are_off_until_asked_for() {
    let app = App::new(easy(), ApiConfig::default());
    for (method, path) in CLASSIC {
        let reply = app.request(method, path, &[], "").await;
        assert!(reply.problem(404).contains("--classic"), "{path}");
    }
    assert_eq!(app.get("/nodes/").await.status, 200);
    assert_eq!(app.get("/api/v1/status").await.status, 200);
}

#[tokio::test]
async fn preflights_are_answered_on_each_route() {
    let app = App::classic();
    for (method, path) in CLASSIC {
        let headers = [
            ("origin", "http://localhost:3000"),
            ("access-control-request-method", method),
            ("access-control-request-headers", "content-type"),
        ];
        let reply = app.request("OPTIONS", path, &headers, "").await;
        assert_eq!(reply.status, 200, "{path}");
        let allowed = reply.header("access-control-allow-origin");
        assert_eq!(allowed, "http://localhost:3000", "{path}");
        assert!(
            reply
                .header("access-control-allow-methods")
                .contains(method)
        );
        assert!(
            reply
                .header("access-control-allow-headers")
                .contains("content-type")
        );
        assert_eq!(app.request("OPTIONS", path, &[], "").await.status, 200);
        let foreign = [
            ("origin", "https://evil.example"),
            ("access-control-request-method", method),
        ];
        app.request("OPTIONS", path, &foreign, "")
            .await
            .problem(403);
    }
}

#[tokio::test]
async fn foreign_pages_cannot_call_classic_routes() {
    let app = App::classic();
    let foreign: [&[(&str, &str)]; 6] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", "http://localhost.evil.example")],
        &[
            ("origin", "http://evil.example"),
            ("sec-fetch-site", "same-site"),
        ],
        &[("origin", "http://192.168.1.7:3000")],
    ];
    for (method, path) in CLASSIC {
        for headers in foreign {
            app.request(method, path, headers, "").await.problem(403);
        }
    }
    assert!(app.node.calls.lock().unwrap().is_empty());
    let local: [&[(&str, &str)]; 6] = [
        &[],
        &[
            ("origin", "http://localhost:3000"),
            ("sec-fetch-site", "same-site"),
        ],
        &[
            ("origin", "http://127.0.0.1:3000"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[("origin", "http://[::1]:3000")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
    ];
    for headers in local {
        let reply = app.get_with("/blockchain", headers).await;
        assert_eq!(reply.status, 200, "{headers:?}");
        let origin = headers.iter().find(|(name, _)| *name == "origin");
        let allowed = reply.header("access-control-allow-origin");
        assert_eq!(allowed, origin.map_or("", |(_, origin)| origin));
    }
}

#[tokio::test]
async fn errors_can_be_read_by_the_page_too() {
    let app = App::classic();
    let origin = [("origin", "http://localhost:3000")];
    let reply = app.request("POST", "/bet", &origin, "{}").await;
    reply.problem(400);
    let allowed = reply.header("access-control-allow-origin");
    assert_eq!(allowed, "http://localhost:3000");
}

#[tokio::test]
async fn an_operator_may_allow_a_site() {
    let config = ApiConfig {
        classic_origins: vec!["https://bets.example".into()],
        ..classic_on()
    };
    let app = App::new(easy(), config);
    let reply = app
        .get_with("/blockchain", &[("origin", "https://bets.example")])
        .await;
    assert_eq!(reply.status, 200);
    let allowed = reply.header("access-control-allow-origin");
    assert_eq!(allowed, "https://bets.example");
    let other = [("origin", "https://other.example")];
    app.get_with("/blockchain", &other).await.problem(403);
}

#[tokio::test]
async fn callers_on_other_machines() {
    let from = |ip: [u8; 4], path: &str| {
        let mut request = Request::get(path)
            .header("host", "192.168.1.5:9000")
            .body(Body::empty())
            .unwrap();
        let caller = SocketAddr::from((ip, 4000));
        request.extensions_mut().insert(ConnectInfo(caller));
        request
    };
    let app = App::classic();
    for (_, path) in CLASSIC.iter().filter(|(method, _)| *method == "GET") {
        app.send(from([192, 168, 1, 9], path)).await.problem(403);
    }
    let of_nobody = Request::get("/mine").body(Body::empty()).unwrap();
    let answer = app.router.clone().oneshot(of_nobody).await.unwrap();
    assert_eq!(answer.status(), 403, "nobody knows who calls");
    assert!(app.node.calls.lock().unwrap().is_empty());
    let status = app.send(from([192, 168, 1, 9], "/api/v1/status")).await;
    assert_eq!(status.status, 200);
    assert_eq!(app.send(from([127, 0, 0, 9], "/mine")).await.status, 200);
    let config = ApiConfig {
        classic_anyone: true,
        ..classic_on()
    };
    let open = App::new(easy(), config);
    let reply = open.send(from([192, 168, 1, 9], "/blockchain")).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn names_that_were_pointed_at_us_are_refused() {
    let config = ApiConfig {
        hosts: vec!["pool.example".into()],
        ..classic_on()
    };
    let app = App::new(easy(), config);
    for path in [
        "/",
        "/nodes/",
        "/blockchain",
        "/api/v1/status",
        "/api/docs/",
        "/nothing",
    ] {
        for host in [
            "evil.example",
            "evil.example:9000",
            "localhost.evil.example",
            "",
        ] {
            app.get_with(path, &[("host", host)]).await.problem(421);
        }
        for host in [
            "localhost",
            "127.0.0.1:9000",
            "[::1]:9000",
            "192.168.1.5",
            "pool.example",
        ] {
            let reply = app.get_with(path, &[("host", host)]).await;
            assert_ne!(reply.status, 421, "{path} {host}");
        }
    }
}

#[tokio::test]
async fn v1_answers_say_which_pages_may_read_them() {
    let app = App::classic();
    let origin = |origin| [("origin", origin)];
    let reply = app
        .get_with("/api/v1/status", &origin("http://localhost:5173"))
        .await;
    let allowed = reply.header("access-control-allow-origin");
    assert_eq!(allowed, "http://localhost:5173");
    let reply = app
        .get_with("/api/v1/status", &origin("https://evil.example"))
        .await;
    assert_eq!(reply.header("access-control-allow-origin"), "");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn strangers_cannot_take_all_places() {
    let app = App::new(easy(), ApiConfig::default());
    let events = |ip: [u8; 4]| {
        let mut request = Request::get("/api/v1/events").body(Body::empty()).unwrap();
        let caller = SocketAddr::from((ip, 4000));
        request.extensions_mut().insert(ConnectInfo(caller));
        app.router.clone().oneshot(request)
    };
    let mut strangers = Vec::new();
    loop {
        let response = events([192, 168, 1, 9]).await.unwrap();
        if response.status() == 503 {
            break;
        }
        strangers.push(response);
        assert!(strangers.len() < 1_000, "no limit on listeners");
    }
    assert_eq!(events([127, 0, 0, 1]).await.unwrap().status(), 200);
}
