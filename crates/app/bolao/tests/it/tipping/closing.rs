//! Matches that close while others are tipped.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{Method, StatusCode, Uri, header},
    response::IntoResponse,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{does, fails, pool, said, soon};
use crate::support::{Http, TIMEOUT, eventually, run_node, temp};

/// One round of three, the first of it over.
fn first_is_over(genesis: &mut Value) {
    genesis["matches"][0]["kickoff"] = json!(1_700_000_000);
    genesis["matches"][2]["stage"] = json!("Semi-finals");
}

fn codes(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| item["match"]["code"].as_str().or(item["code"].as_str()))
        .map(Option::unwrap)
        .collect()
}

#[tokio::test]
async fn what_has_closed_refuses_all_or_is_skipped() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana"], first_is_over);
    let home = &homes[0];
    let node = run_node(home, &[]).await;

    let file = dir.path().join("tips.csv");
    let path = file.display().to_string();
    fs::write(&file, "NlEn,2-2\nPtCh,1-0\n").unwrap();
    let refused = fails(home, &["tip", &path], 1);
    assert!(
        refused.contains("line 2: betting on PtCh ended"),
        "{refused}"
    );
    assert!(refused.contains("--skip-closed"), "{refused}");
    fails(home, &["bet", "NlEn", "1-0", "PtCh", "1-0"], 1);

    // Bare scores keep their places, whatever has closed.
    let lines = ["tip", "--round", "semi-finals"];
    for (text, wanted) in [
        ("1-0\n1-1\n1-2\n", "line 1: betting on PtCh ended"),
        ("1-1\n1-2\n", "got 2 lines of scores without matches"),
    ] {
        let (status, output, errors) = said(home, &lines, text);
        assert_eq!(status, 1, "{output}{errors}");
        assert!(errors.contains(wanted), "{errors}");
    }
    let (status, _, errors) = said(home, &["tip"], "1-1\n1-2\n");
    assert_eq!(status, 2, "{errors}");
    assert_eq!(node.status().await["totals"]["bets"], 0);

    let only = fails(home, &["bet", "--skip-closed", "PtCh", "1-0"], 1);
    assert!(only.contains("betting on PtCh ended"), "{only}");
    assert!(only.contains("there is no bet left to send"), "{only}");
    let args = [&lines[..], &["--skip-closed", "--json"]].concat();
    let (status, output, errors) = said(home, &args, "1-0\n1-1\n1-2\n");
    assert_eq!(status, 0, "{errors}");
    let sent: Value = serde_json::from_str(&output).unwrap();
    assert_eq!(codes(&sent["left_out"]), ["PtCh"]);
    assert_eq!(codes(&sent["tips"]), ["NlEn", "PtNl"]);
    assert_eq!(sent["tips"][0]["score"], json!({"home": 1, "away": 1}));
    let text = does(home, &["tip", &path, "--skip-closed", "--wait"]);
    assert!(text.contains("Netherlands 2-2 England"), "{text}");
    let (status, output, errors) = said(home, &["tip", "--wait"], "ptnl 4-4\n");
    assert_eq!(status, 0, "{errors}");
    assert!(output.contains("Portugal 4-4 Netherlands"), "{output}");
    let bets = node.http.get("/api/v1/bets").await.json();
    assert_eq!(codes(&bets["items"]), ["NlEn", "PtNl"]);
}

/// As many as at a World Cup, by a player who is not in the pool yet: more than may wait of one account.
#[tokio::test]
async fn one_match_that_has_begun_does_not_refuse_a_long_file() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana", "bia"], |genesis| {
        first_is_over(genesis);
        for no in 4..=104 {
            let mut game = genesis["matches"][1].clone();
            game["no"] = json!(no);
            game["code"] = json!(format!("M{no}"));
            genesis["matches"].as_array_mut().unwrap().push(game);
        }
    });
    let home = &homes[1];
    let lines: Vec<String> = (4..=104).map(|no| format!("M{no},2-1\n")).collect();
    let lines = lines.concat();
    let file = dir.path().join("tips.csv");
    fs::write(&file, format!("PtCh,1-0\nNlEn,2-2\nPtNl,0-0\n{lines}")).unwrap();
    let path = file.display().to_string();
    let args = ["tip", &path, "--dry-run", "--json"];
    let refused = fails(home, &args, 1);
    assert!(
        refused.contains("line 1: betting on PtCh ended"),
        "{refused}"
    );
    let plan = does(home, &[&args[..], &["--skip-closed"]].concat());
    let plan: Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(codes(&plan["left_out"]), ["PtCh"]);
    assert_eq!(plan["tips"].as_array().unwrap().len(), 103);
}

/// A way to a node on which a match closes before the first transaction arrives.
struct Detour {
    url: String,
    task: JoinHandle<()>,
}

struct Way {
    node: Http,
    match_path: String,
}

impl Detour {
    async fn start(node: Http, code: &str) -> Self {
        let way = Arc::new(Way {
            node,
            match_path: format!("/api/v1/matches/{code}"),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(way);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, task }
    }

    /// The home's commands take it from now on.
    fn is_the_way_of(&self, home: &Path) {
        let running = json!({ "url": self.url, "pid": std::process::id() });
        fs::write(home.join("running.json"), running.to_string()).unwrap();
    }
}

impl Drop for Detour {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(
    State(way): State<Arc<Way>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> impl IntoResponse {
    let is_dry = uri.query().is_some_and(|query| query.contains("dry_run"));
    if method == Method::POST && !is_dry {
        let end = Instant::now() + TIMEOUT * 2;
        while way.node.get(&way.match_path).await.json()["status"] == "scheduled" {
            assert!(Instant::now() < end, "the match does not close");
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }
    let request = way.node.request(method.as_str(), &uri.to_string());
    let request = request
        .header("content-type", "application/json")
        .body(body);
    let answer = way.node.send(request).await;
    (
        StatusCode::from_u16(answer.status).unwrap(),
        [(
            header::CONTENT_TYPE,
            answer.header("content-type").to_owned(),
        )],
        answer.text,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_match_that_closes_on_the_way_does_not_cost_the_others() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana"], |_| {});
    let home = &homes[0];
    let node = run_node(home, &[]).await;
    let running = eventually("the node says where it runs", TIMEOUT, async || {
        fs::read(home.join("running.json")).ok()
    })
    .await;
    for code in ["PtCh", "NlEn"] {
        fs::write(home.join("running.json"), &running).unwrap();
        does(
            home,
            &["schedule", code, "--kickoff", &soon(8), "--yes", "--wait"],
        );
        let detour = Detour::start(node.http.clone(), code).await;
        detour.is_the_way_of(home);
        let bet = [code, "1-0", "PtNl", "2-0"];
        if code == "PtCh" {
            let refused = fails(home, &[&["bet"][..], &bet].concat(), 1);
            assert!(refused.contains("betting on PtCh ended"), "{refused}");
            assert!(
                refused.contains("nothing was sent, --skip-closed leaves"),
                "{refused}"
            );
            assert_eq!(node.status().await["totals"]["bets"], 0);
            continue;
        }
        let args = [&["bet", "--skip-closed", "--json"][..], &bet].concat();
        let (status, output, errors) = said(home, &args, "");
        assert_eq!(status, 0, "{errors}");
        assert!(errors.contains("betting on NlEn"), "{errors}");
        let sent: Value = serde_json::from_str(&output).unwrap();
        assert_eq!(codes(&sent["tips"]), ["PtNl"]);
        assert_eq!(codes(&sent["left_out"]), ["NlEn"]);
        assert_eq!(sent["transactions"].as_array().unwrap().len(), 1);
    }
    eventually("the other bet", TIMEOUT, async || {
        let bets = node.http.get("/api/v1/bets").await.json();
        (codes(&bets["items"]) == ["PtNl"]).then_some(())
    })
    .await;
}
