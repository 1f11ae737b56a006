//! Every node route, good and bad.

use std::net::SocketAddr;

use axum::{body::Body, extract::connect_info::MockConnectInfo};
use bolao_discovery::{Node, router};
use http::{Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use crate::support::{Fake, Running, http};

const BAD_BODIES: [&str; 12] = [
    "",
    "{",
    "null",
    "[]",
    "\"x\"",
    "{}",
    r#"["127.0.0.1",55000]"#,
    r#"{"ip_address":"127.0.0.1"}"#,
    r#"{"ip_address":"127.0.0.1","port":"55000"}"#,
    r#"{"ip_address":"127.0.0.1","port":0}"#,
    r#"{"ip_address":"127.0.0.1","port":55000,"x":1}"#,
    r#"{"ip_address":"169.254.169.254","port":80}"#,
];

#[tokio::test]
async fn the_table() {
    let node = Running::start(|_| ()).await;
    let fake = Fake::json("{}").await;
    let home = format!("{}/", node.node.url());
    let nodes = format!("{}/nodes/", node.node.url());
    let body = serde_json::to_string(&fake.node).unwrap();
    let array = format!("[{body}]");
    let text = async |request: reqwest::RequestBuilder| {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/json");
        answer.text().await.unwrap()
    };
    assert_eq!(text(http().get(&home)).await, "{}");
    assert_eq!(text(http().get(&nodes)).await, "[]");
    assert_eq!(text(http().post(&home).body(body.clone())).await, body);
    assert_eq!(text(http().get(&nodes)).await, array);
    let form = http()
        .post(&nodes)
        .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(text(form.body(body.clone())).await, array, "added once");
    assert_eq!(text(http().delete(&nodes).body(body.clone())).await, "[]");
    assert_eq!(text(http().delete(&nodes).body(body.clone())).await, "[]");
    assert_eq!(text(http().post(&nodes).body(body.clone())).await, array);

    let own = serde_json::to_string(&node.node).unwrap();
    assert_eq!(text(http().post(&home).body(own.clone())).await, own);
    assert_eq!(text(http().post(&nodes).body(own)).await, array);
}

#[tokio::test]
async fn nodes_without_a_slash_is_redirected() {
    let node = Running::start(|_| ()).await;
    let url = format!("{}/nodes", node.node.url());
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let answer = http().request(method, &url).send().await.unwrap();
        assert_eq!(answer.status(), 308);
        assert_eq!(answer.headers()["location"], "nodes/");
    }
}

#[tokio::test]
async fn what_is_not_exactly_a_node_changes_nothing() {
    let node = Running::start(|_| ()).await;
    let home = format!("{}/", node.node.url());
    let nodes = format!("{}/nodes/", node.node.url());
    for bad in BAD_BODIES {
        let answer = http().post(&home).body(bad).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{bad}");
        assert_eq!(answer.text().await.unwrap(), "{}", "{bad}");
        for method in [Method::POST, Method::DELETE] {
            let request = http().request(method, &nodes).body(bad);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 400, "{bad}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
            let problem: Value = answer.json().await.unwrap();
            assert_eq!(problem["status"], 400);
            assert!(problem["detail"].as_str().unwrap().contains("wanted"));
        }
    }
    let long = http().post(&home).body(vec![b' '; 5000]).send().await;
    let long = long.unwrap();
    assert_eq!(long.status(), 413);
    assert_eq!(long.text().await.unwrap(), "{}");
    for (method, url, status) in [
        (Method::PUT, &home, 405),
        (Method::DELETE, &home, 405),
        (Method::PATCH, &nodes, 405),
        (Method::GET, &format!("{nodes}x"), 404),
    ] {
        let answer = http().request(method.clone(), url).send().await.unwrap();
        assert_eq!(answer.status(), status, "{method} {url}");
    }
    assert!(node.known().is_empty());
    assert_eq!(node.known().candidates(), []);
}

#[tokio::test]
async fn pages_of_other_sites_are_refused() {
    let node = Running::start(|_| ()).await;
    let fake = Fake::json("{}").await;
    let body = serde_json::to_string(&fake.node).unwrap();
    for (method, path) in [
        (Method::POST, "/"),
        (Method::POST, "/nodes/"),
        (Method::DELETE, "/nodes/"),
    ] {
        let answer = http()
            .request(method, format!("{}{path}", node.node.url()))
            .header("origin", "https://evil.example")
            .body(body.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 403);
    }
    assert_eq!(fake.requests(), 0);
}

async fn from(caller: &str, node: &Running, method: Method, path: &str, body: &Node) -> StatusCode {
    let caller: SocketAddr = caller.parse().unwrap();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .body(Body::from(serde_json::to_string(body).unwrap()))
        .unwrap();
    router(node.discovery.clone())
        .layer(MockConnectInfo(caller))
        .oneshot(request)
        .await
        .unwrap()
        .status()
}

#[tokio::test]
async fn strangers_cannot_aim_us_at_this_machine() {
    let node = Running::start(|_| ()).await;
    let fake = Fake::json("{}").await;
    for caller in ["192.168.0.7:1", "8.8.8.8:1", "[2a00::1]:1"] {
        for path in ["/", "/nodes/"] {
            let status = from(caller, &node, Method::POST, path, &fake.node).await;
            assert_eq!(status, 403, "{caller} {path}");
        }
    }
    assert_eq!(fake.requests(), 0);
    assert_eq!(node.known().candidates(), []);
}

#[tokio::test]
async fn strangers_behind_a_tunnel_are_strangers() {
    let node = Running::start(|_| ()).await;
    let fake = Fake::json("{}").await;
    let nodes = format!("{}/nodes/", node.node.url());
    let body = serde_json::to_string(&fake.node).unwrap();
    let asked = async |request: reqwest::RequestBuilder| {
        let request = request.header("x-forwarded-for", "192.0.2.7");
        request.body(body.clone()).send().await.unwrap().status()
    };
    assert_eq!(asked(http().post(&nodes)).await, 403);
    assert_eq!(
        asked(http().post(format!("{}/", node.node.url()))).await,
        403
    );
    assert_eq!(fake.requests(), 0);
    node.known().add_verified(fake.node).unwrap();
    assert_eq!(asked(http().delete(&nodes)).await, 403);
    assert!(node.known().contains(&fake.node));
}

#[tokio::test]
async fn strangers_remove_only_what_does_not_answer() {
    let node = Running::start(|_| ()).await;
    let fake = Fake::json("{}").await;
    let stranger = "192.168.0.7:1";

    let unknown = from(stranger, &node, Method::DELETE, "/nodes/", &fake.node).await;
    assert_eq!(unknown, 200);
    assert_eq!(fake.requests(), 0, "an unknown node is not asked");

    node.known().add_verified(fake.node).unwrap();
    let answers = from(stranger, &node, Method::DELETE, "/nodes/", &fake.node).await;
    assert_eq!(answers, 403);
    assert!(node.known().contains(&fake.node));

    let gone = fake.kill().await;
    let removal = node.discovery.remove(gone, [192, 168, 0, 7].into()).await;
    assert_eq!(removal, Ok(true));
    assert!(node.known().is_empty());

    let fake = Fake::json("{}").await;
    node.known().add_verified(fake.node).unwrap();
    let local = from("127.0.0.1:1", &node, Method::DELETE, "/nodes/", &fake.node).await;
    assert_eq!(local, 200);
    assert!(node.known().is_empty());
}

#[tokio::test]
async fn checks_for_strangers_are_counted() {
    let node = Running::start(|_| ()).await;
    let fake = Fake::json("{}").await;
    node.known().add_verified(fake.node).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(from("8.8.8.8:1", &node, Method::DELETE, "/nodes/", &fake.node).await);
    }
    assert_eq!(statuses, [403, 403, 429, 429]);
    assert_eq!(fake.requests(), 2);
    assert!(node.known().contains(&fake.node));
}
