//! The betting article's own program, registered with a node of this one: its chain stays its own, but a bet made at either waits at both.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use bolao_ledger::{BetMode, Genesis};
use bolao_node::MiningMode;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle, time::Instant};

use crate::two_nodes::Running;

const CREATED: &str = "Bet created and broadcast successfully.";
const REGISTERED: &str = "New node registered successfully successfully.";

/// A stand-in for the article's `app.py`, written after its behaviour: it reads JSON whatever its type, wants its four fields by these
/// very names and fails without, passes on what comes to `/bet/broadcast` and nothing else, and posts one after the other.
#[derive(Clone)]
struct AppPy {
    url: String,
    nodes: Arc<Mutex<Vec<String>>>,
    pending: Arc<Mutex<Vec<Value>>>,
    /// The answer to a bet, and how long it takes.
    answers: StatusCode,
    takes: Duration,
}

type Answer = Result<&'static str, StatusCode>;

fn json_of(body: &Bytes) -> Result<Value, StatusCode> {
    serde_json::from_slice(body).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

impl AppPy {
    async fn start() -> (Self, JoinHandle<()>) {
        Self::start_with(StatusCode::OK, Duration::ZERO).await
    }

    async fn start_with(answers: StatusCode, takes: Duration) -> (Self, JoinHandle<()>) {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let app = Self {
            url: format!("http://localhost:{}", listener.local_addr().unwrap().port()),
            nodes: Arc::default(),
            pending: Arc::default(),
            answers,
            takes,
        };
        let routes = Router::new()
            .route("/bet", post(Self::bet))
            .route("/bet/broadcast", post(Self::broadcast))
            .route("/register-node", post(Self::register))
            .route(
                "/register-and-broadcast-node",
                post(Self::register_and_broadcast),
            )
            .route("/register-nodes-bulk", post(Self::register_bulk))
            .route("/blockchain", get(Self::blockchain))
            .with_state(app.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        (app, serving)
    }

    fn take(&self, body: &Bytes) -> Result<Value, StatusCode> {
        let bet = json_of(body)?;
        let field = |name: &str| {
            bet.get(name)
                .cloned()
                .ok_or(StatusCode::INTERNAL_SERVER_ERROR)
        };
        let player = field("playername")?;
        let player = player
            .as_str()
            .ok_or(StatusCode::INTERNAL_SERVER_ERROR)?
            .to_lowercase();
        let kept = json!({
            "player": player, "match_id": field("matchid")?,
            "team_one_score": field("teamonescore")?, "team_two_score": field("teamtwoscore")?,
        });
        self.pending.lock().unwrap().push(kept);
        Ok(bet)
    }

    async fn bet(State(app): State<Self>, body: Bytes) -> Answer {
        tokio::time::sleep(app.takes).await;
        if app.answers != StatusCode::OK {
            return Err(app.answers);
        }
        app.take(&body)?;
        Ok(CREATED)
    }

    async fn broadcast(State(app): State<Self>, body: Bytes) -> Answer {
        let bet = app.take(&body)?;
        let nodes = app.nodes.lock().unwrap().clone();
        for node in nodes {
            post_to(&format!("{node}/bet"), &bet).await;
        }
        Ok(CREATED)
    }

    fn add(&self, url: &Value) {
        let url = url.as_str().unwrap().to_owned();
        let mut nodes = self.nodes.lock().unwrap();
        if url != self.url && !nodes.contains(&url) {
            nodes.push(url);
        }
    }

    #[allow(clippy::unused_async)] // Handlers are.
    async fn register(State(app): State<Self>, body: Bytes) -> Answer {
        app.add(&json_of(&body)?["newnodeurl"]);
        Ok(REGISTERED)
    }

    async fn register_and_broadcast(State(app): State<Self>, body: Bytes) -> Answer {
        let new = json_of(&body)?["newnodeurl"].clone();
        app.add(&new);
        let nodes = app.nodes.lock().unwrap().clone();
        for node in &nodes {
            post_to(
                &format!("{node}/register-node"),
                &json!({ "newnodeurl": new }),
            )
            .await;
        }
        let all: Vec<&String> = nodes.iter().chain([&app.url]).collect();
        let bulk = format!("{}/register-nodes-bulk", new.as_str().unwrap());
        post_to(&bulk, &json!({ "all_network_nodes": all })).await;
        Ok(REGISTERED)
    }

    #[allow(clippy::unused_async)] // Handlers are.
    async fn register_bulk(State(app): State<Self>, body: Bytes) -> Answer {
        for url in json_of(&body)?["all_network_nodes"].as_array().unwrap() {
            app.add(url);
        }
        Ok("Bulk registration successful.")
    }

    #[allow(clippy::unused_async)] // Handlers are.
    async fn blockchain(State(app): State<Self>) -> String {
        json!({ "pending_bets": *app.pending.lock().unwrap() }).to_string()
    }

    fn waiting(&self) -> Vec<String> {
        let pending = self.pending.lock().unwrap();
        pending.iter().map(shown).collect()
    }
}

/// As its program posts: no content type, and all the time that it takes.
async fn post_to(url: &str, body: &Value) -> (u16, String) {
    let answer = reqwest::Client::new()
        .post(url)
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn shown(bet: &Value) -> String {
    let part = |name: &str| bet[name].to_string().replace('"', "");
    format!(
        "{} {} {}:{}",
        part("player"),
        part("match_id"),
        part("team_one_score"),
        part("team_two_score")
    )
}

async fn waiting(node: &Running) -> Vec<String> {
    let chain: Value = serde_json::from_str(&node.get("/blockchain").await).unwrap();
    chain["pending_bets"]
        .as_array()
        .unwrap()
        .iter()
        .map(shown)
        .collect()
}

fn bet(name: &str, home: u8) -> Value {
    json!({ "playername": name, "matchid": "NlEn", "teamonescore": home, "teamtwoscore": "2" })
}

/// Whichever of them the other was registered at, and with a second node of this program beside.
#[tokio::test(flavor = "multi_thread")]
async fn a_bet_made_at_either_waits_at_both() {
    for at_ours in [true, false] {
        let (one, two) = (Running::start().await, Running::start().await);
        let (app, serving) = AppPy::start().await;
        let register = "/register-and-broadcast-node";
        let (at, new) = if at_ours {
            (&one.url, &app.url)
        } else {
            (&app.url, &one.url)
        };
        for (at, new) in [(at, new), (&one.url, &two.url)] {
            let answer = post_to(&format!("{at}{register}"), &json!({ "newnodeurl": new })).await;
            assert_eq!(answer, (200, REGISTERED.to_owned()));
        }

        let broadcast = async |url: &str, bet: Value| {
            let answer = post_to(&format!("{url}/bet/broadcast"), &bet).await;
            assert_eq!(answer, (200, CREATED.to_owned()), "at {url}");
        };
        broadcast(&one.url, bet("John", 1)).await;
        broadcast(&app.url, bet("Mary", 3)).await;
        let (john, mary) = ("john NlEn 1:2".to_owned(), "mary NlEn 3:2".to_owned());
        // Had one of them passed on what the other passed on, there would be more.
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(app.waiting(), [john.clone(), mary.clone()]);
        assert_eq!(waiting(&one).await, [john.clone(), mary.clone()]);
        assert!(waiting(&two).await.contains(&john));
        // What comes to `/bet` comes from one who tells all.
        let quiet = post_to(&format!("{}/bet", one.url), &bet("Eve", 0)).await;
        assert_eq!(quiet.1, CREATED);
        assert_eq!(app.waiting().len(), 2);
        serving.abort();
        one.stop().await;
        two.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_did_not_take_a_bet_is_named() {
    let node = Running::start().await;
    let (fails, failing) =
        AppPy::start_with(StatusCode::INTERNAL_SERVER_ERROR, Duration::ZERO).await;
    let (sleeps, sleeping) = AppPy::start_with(StatusCode::OK, Duration::from_mins(1)).await;
    let (takes, taking) = AppPy::start().await;
    let (gone, going) = AppPy::start().await;
    going.abort();
    let _ = going.await;
    for app in [&fails, &sleeps, &takes, &gone] {
        let new = json!({ "newnodeurl": app.url });
        let answer = post_to(&format!("{}/register-node", node.url), &new).await;
        assert_eq!(answer.0, 200, "{}", answer.1);
    }
    let began = Instant::now();
    let (status, text) = post_to(&format!("{}/bet/broadcast", node.url), &bet("John", 1)).await;
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(status, 200, "{text}");
    let missed = text.strip_prefix(CREATED).unwrap();
    for (app, why) in [
        (&fails, "it answered 500"),
        (&sleeps, "no answer in time"),
        (&gone, "nothing answers there"),
    ] {
        let named = format!("{} ({why})", app.url);
        assert!(missed.contains(&named), "{named}: {missed}");
    }
    assert!(!missed.contains(&takes.url), "{missed}");
    assert_eq!(takes.waiting(), ["john NlEn 1:2"]);
    assert_eq!(waiting(&node).await, ["john NlEn 1:2"]);
    for serving in [failing, sleeping, taking] {
        serving.abort();
    }
    node.stop().await;
}

/// Nobody is told what is sealed here.
#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_bet_is_posted_to_nobody() {
    let mut genesis = Genesis::article();
    genesis.rules.bets = BetMode::Sealed;
    let node = Running::start_with(genesis, MiningMode::Manual).await;
    let (app, serving) = AppPy::start().await;
    let new = json!({ "newnodeurl": app.url });
    post_to(&format!("{}/register-and-broadcast-node", node.url), &new).await;
    let placed = post_to(&format!("{}/bet/broadcast", node.url), &bet("John", 1)).await;
    assert_eq!(placed, (200, CREATED.to_owned()));
    assert_eq!(app.waiting(), [""; 0]);
    serving.abort();
    node.stop().await;
}
