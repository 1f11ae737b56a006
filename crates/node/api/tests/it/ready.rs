//! Answers that are kept ready are those that would be made anew.

use std::io::Read as _;

use bolao_store::{Durability, StoreError};
use flate2::read::GzDecoder;

use crate::app::{App, tip};

const PAGES: [&str; 6] = [
    "/blockchain",
    "/player/john",
    "/match/PtCh",
    "/api/v1/bets",
    "/api/v1/matches",
    "/api/v1/players/john",
];

async fn pages(app: &App) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    for path in PAGES {
        let made = app.get(path).await;
        let kept = app.get(path).await;
        assert_eq!(made.status, 200, "{path}: {}", made.text());
        assert_eq!(made.body, kept.body, "{path}");
        assert_eq!(made.headers, kept.headers, "{path}");
        bodies.push(made.body);
    }
    bodies
}

#[tokio::test]
async fn answers_follow_the_tip_and_go_back_with_it() {
    let app = App::classic();
    app.node.bet("John", vec![tip(1, 2, 1)]);
    app.node.mine_now();
    let before = pages(&app).await;
    app.node.bet("John", vec![tip(2, 3, 3)]);
    app.node.bet("Mary", vec![tip(1, 0, 0)]);
    let waiting = pages(&app).await;
    for ((path, before), waiting) in PAGES.iter().zip(&before).zip(&waiting) {
        assert_eq!(*path != "/blockchain", before == waiting, "{path}");
    }
    app.node.mine_now();
    let after = pages(&app).await;
    for ((path, waiting), after) in PAGES.iter().zip(&waiting).zip(&after) {
        assert_ne!(waiting, after, "{path}");
    }
    let disconnected = app
        .node
        .store()
        .write::<_, StoreError>(Durability::Volatile, |tables| tables.disconnect());
    disconnected.unwrap();
    assert_eq!(pages(&app).await, before);
}

/// Each was written and compressed anew for everybody who asked.
#[tokio::test]
async fn files_and_the_description_are_kept_compressed() {
    let app = App::classic();
    app.node.bet("John", vec![tip(1, 2, 1)]);
    app.node.mine_now();
    for path in [
        "/api/v1/tips.json",
        "/api/v1/tips.csv",
        "/api/v1/standings.json",
        "/api/v1/standings.csv",
        "/api/v1/openapi.json",
    ] {
        let gzip = ("accept-encoding", "gzip");
        let made = app.get_with(path, &[gzip]).await;
        assert_eq!(made.status, 200, "{path}: {}", made.text());
        let kept = app.get_with(path, &[gzip]).await;
        assert_eq!((&made.body, &made.headers), (&kept.body, &kept.headers));
        let known = ("if-none-match", made.header("etag"));
        let again = app.get_with(path, &[gzip, known]).await;
        assert_eq!(
            (again.status.as_u16(), again.body.len()),
            (304, 0),
            "{path}"
        );
    }
    let tag = app.get("/api/v1/tips.json").await.header("etag").to_owned();
    app.node.bet("John", vec![tip(2, 3, 3)]);
    app.node.mine_now();
    assert_ne!(app.get("/api/v1/tips.json").await.header("etag"), tag);
}

#[tokio::test]
async fn nodes_that_are_registered_are_seen_at_once() {
    let app = App::classic();
    app.json("/blockchain").await;
    *app.node.nodes.lock().unwrap() = vec!["http://localhost:9001".to_owned()];
    let nodes = app.json("/blockchain").await["network_nodes"].clone();
    assert_eq!(nodes, serde_json::json!(["http://localhost:9001"]));
}

#[tokio::test]
async fn compressed_and_plain_agree() {
    let app = App::classic();
    app.node.bet("John", vec![tip(1, 2, 1)]);
    app.node.mine_now();
    for path in ["/api/v1/matches", "/api/v1/pool"] {
        let plain = app.get(path).await;
        for _ in 0..2 {
            let packed = app.get_with(path, &[("accept-encoding", "gzip")]).await;
            assert_eq!(packed.header("content-encoding"), "gzip");
            assert_eq!(packed.header("vary"), plain.header("vary"));
            assert_eq!(packed.header("etag"), plain.header("etag"));
            let mut body = Vec::new();
            let mut unpacked = GzDecoder::new(packed.body.as_slice());
            unpacked.read_to_end(&mut body).unwrap();
            assert_eq!(body, plain.body, "{path}");
        }
    }
}

#[tokio::test]
async fn a_head_is_that_of_the_answer() {
    let app = App::classic();
    for path in ["/blockchain", "/api/v1/pool"] {
        for _ in 0..2 {
            let head = app.request("HEAD", path, &[], "").await;
            let whole = app.get(path).await;
            assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
            assert_eq!(head.header("etag"), whole.header("etag"));
            let length = whole.body.len().to_string();
            assert_eq!(head.header("content-length"), length);
        }
        let tag = app.get("/api/v1/pool").await.header("etag").to_owned();
        let known = [("if-none-match", tag.as_str())];
        let again = app.request("HEAD", "/api/v1/pool", &known, "").await;
        assert_eq!(again.status, 304);
    }
}
