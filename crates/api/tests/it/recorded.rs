//! Whole pools as a page sees them: `crates/browser` and the page's own tests check these very files, so that what a node answers
//! and what a page compares with it cannot drift apart. `BOLAO_WRITE_VECTORS=1` writes them anew.

use std::{fs, io::Read as _, path::Path};

use bolao_api::ApiConfig;
use bolao_ledger::Genesis;
use bolao_store::Store;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::{app::App, node::TestNode, votes};

fn crates() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A pool that an earlier program left.
fn kept(name: &str) -> App {
    let data = crates().join("chain/tests/data");
    let genesis = fs::read_to_string(data.join(format!("{name}.genesis.json"))).unwrap();
    let genesis = Genesis::from_json(&genesis).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(&*fs::read(data.join(format!("{name}.redb.gz"))).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("chain.redb");
    fs::write(&path, bytes).unwrap();
    let node = TestNode::of(genesis, Store::open(&path).unwrap());
    App::of(node.into(), ApiConfig::default())
}

/// What a page asks for, and what it is answered.
async fn record(app: &App) -> Value {
    let pool = app.json("/api/v1/pool").await;
    let whole = [
        "standings",
        "matches",
        "rounds",
        "players",
        "votes",
        "organisers",
        "validators",
    ];
    let mut paths: Vec<(String, Option<u64>)> =
        whole.map(|it| (format!("/api/v1/{it}"), None)).into();
    for game in app.json("/api/v1/matches").await["items"]
        .as_array()
        .unwrap()
    {
        let code = game["code"].as_str().unwrap();
        paths.push((format!("/api/v1/matches/{code}"), None));
        paths.push((format!("/api/v1/matches/{code}/tips"), None));
        // Neither answer names its match by number.
        let no = game["no"].as_u64();
        paths.push((format!("/api/v1/matches/{code}/results"), no));
        paths.push((format!("/api/v1/matches/{code}/objections"), no));
        if !game["kickoff"].is_null() {
            paths.push((format!("/api/v1/standings?from={code}"), no));
        }
    }
    for player in app.json("/api/v1/players").await["items"]
        .as_array()
        .unwrap()
    {
        let account = player["account"].as_str().unwrap();
        paths.push((format!("/api/v1/players/{account}/bets"), None));
        paths.push((format!("/api/v1/players/{account}/history"), None));
    }
    for round in app.json("/api/v1/rounds").await["items"]
        .as_array()
        .unwrap()
    {
        let stage = round["stage"].as_str().unwrap().replace(' ', "%20");
        let stage = stage.replace('/', "%2F");
        paths.push((format!("/api/v1/rounds/{stage}/matrix"), None));
        paths.push((format!("/api/v1/standings?stage={stage}"), None));
    }
    let mut answers = Vec::new();
    for (path, no) in paths {
        let reply = app.get(&path).await;
        assert_eq!(reply.status, 200, "{path}");
        let tip = reply.header("bolao-tip");
        let mut answer = json!({ "path": path, "tip": tip, "body": reply.json() });
        if let Some(no) = no {
            answer["no"] = no.into();
        }
        answers.push(answer);
    }
    json!({
        "pool": pool["id"],
        "genesis": app.get("/api/v1/pool/genesis").await.text(),
        "said": app.json("/api/v1/pool/rules").await["said"],
        "chain": hex::encode(app.get("/api/v1/chain").await.body),
        "answers": answers,
    })
}

/// Compares with what was written, or writes it.
async fn is_written(name: &str, app: &App) {
    let path = crates().join(format!("browser/vectors/{name}.json"));
    let recorded = format!("{:#}\n", record(app).await);
    if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
        fs::write(&path, &recorded).unwrap();
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        recorded == wanted,
        "{} is of another program: write it anew",
        path.display()
    );
}

#[tokio::test]
async fn what_a_page_checks_is_what_a_node_answers() {
    for name in [
        "version-1-open",
        "version-1-sealed",
        "version-2-pos",
        "version-2-hybrid",
    ] {
        is_written(name, &kept(name)).await;
    }
    is_written("half-signed", &votes::waiting()).await;
}
