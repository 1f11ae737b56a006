//! News for browsers: a push service of the test decrypts what the node sends, as a browser would.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path as InPath, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::post,
};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use bolao_ledger::{
    Action, Chips, Genesis, MatchNo, Name, Nonce, OpenBet, Outcome, Score, Text, TxBody,
    UnixSeconds, actions, encode,
};
use bolao_node::Home;
use bolao_wallet::{Draft, Key, PushAddress};
use futures::stream;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};
use web_push_native::p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint as _};

use crate::support::{
    Answer, Daemon, Grower, TIMEOUT, easy_pool, eventually, new_key, run_node, temp, unix_now,
};

const PLAYED: MatchNo = MatchNo(1);
const SECRET: [u8; 16] = [9; 16];

/// A push service for browsers with one key, by name.
struct Service {
    port: u16,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    /// The public key that the node offers.
    vapid: Mutex<String>,
    /// What arrived for each browser.
    news: Mutex<BTreeMap<String, Vec<Value>>>,
    /// Requests, whatever became of them.
    calls: Mutex<BTreeMap<String, u32>>,
}

impl Seen {
    fn keep(&self, name: &str, news: Value) {
        let mut all = self.news.lock().unwrap();
        all.entry(name.to_owned()).or_default().push(news);
    }
}

fn browser() -> SecretKey {
    SecretKey::from_slice(&[7; 32]).unwrap()
}

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Seen>::default();
        let router = Router::new()
            .route("/{browser}", post(take))
            .with_state((port, Arc::clone(&seen)));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { port, seen, task }
    }

    fn address(&self, browser_name: &str) -> PushAddress {
        let key = browser().public_key().to_encoded_point(false);
        PushAddress {
            endpoint: format!("http://127.0.0.1:{}/{browser_name}", self.port),
            p256dh: Base64UrlUnpadded::encode_string(key.as_bytes()),
            auth: Base64UrlUnpadded::encode_string(&SECRET),
        }
    }

    /// The kinds of what arrived.
    fn kinds(&self, browser: &str) -> Vec<String> {
        let kind = |it: &Value| it["kind"].as_str().unwrap().to_owned();
        self.news(browser).iter().map(kind).collect()
    }

    fn news(&self, browser: &str) -> Vec<Value> {
        let news = self.seen.news.lock().unwrap();
        news.get(browser).cloned().unwrap_or_default()
    }

    fn calls(&self, browser: &str) -> u32 {
        let calls = self.seen.calls.lock().unwrap();
        calls.get(browser).copied().unwrap_or_default()
    }

    async fn wait(&self, browser: &str, kinds: &[&str]) {
        eventually(&format!("{kinds:?} for {browser}"), TIMEOUT, async || {
            (self.kinds(browser).len() >= kinds.len()).then_some(())
        })
        .await;
        let (mut got, mut wanted) = (self.kinds(browser), kinds.to_vec());
        got.sort();
        wanted.sort_unstable();
        assert_eq!(got, wanted, "{browser}");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The claims of a request, whose signature must be of the key that the node offers.
fn claims(headers: &HeaderMap, port: u16, offered: &str) -> Value {
    let said = headers["authorization"].to_str().unwrap();
    let (token, key) = said
        .strip_prefix("vapid t=")
        .and_then(|said| said.split_once(", k="))
        .unwrap();
    assert_eq!(key, offered);
    let mut wanted = Validation::new(Algorithm::ES256);
    wanted.set_audience(&[format!("http://127.0.0.1:{port}")]);
    let key = DecodingKey::from_ec_der(&Base64UrlUnpadded::decode_vec(key).unwrap());
    decode(token, &key, &wanted).unwrap().claims
}

async fn take(
    State((port, seen)): State<(u16, Arc<Seen>)>,
    InPath(name): InPath<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    *seen.calls.lock().unwrap().entry(name.clone()).or_default() += 1;
    let claims = claims(&headers, port, &seen.vapid.lock().unwrap());
    let exp = claims["exp"].as_u64().unwrap() - unix_now().0;
    assert!(
        exp <= 24 * 3_600 && claims["sub"] == "https://pool.example",
        "{claims}"
    );
    assert_eq!(headers["content-encoding"], "aes128gcm");
    assert!(body.len() <= 4_096);
    let text = web_push_native::decrypt(body.into(), &browser(), &SECRET.into()).unwrap();
    let mut news: Value = serde_json::from_slice(&text).unwrap();
    news["ttl"] = json!(headers["ttl"].to_str().unwrap());
    seen.keep(&name, news);
    match name.as_str() {
        "gone" => StatusCode::GONE.into_response(),
        "elsewhere" => (
            StatusCode::TEMPORARY_REDIRECT,
            [("location", "/redirected")],
        )
            .into_response(),
        "silent" => {
            sleep(Duration::from_mins(2)).await;
            StatusCode::CREATED.into_response()
        }
        "endless" => {
            let piece = Bytes::from(vec![0; 1 << 16]);
            let pieces = stream::repeat_with(move || Ok::<_, Infallible>(piece.clone()));
            (StatusCode::CREATED, Body::from_stream(pieces)).into_response()
        }
        _ => StatusCode::CREATED.into_response(),
    }
}

struct Players {
    genesis: Genesis,
    olga: Key,
    ana: Key,
}

/// A home whose pool has a match that was played and one that begins in an hour. Ana has bet on the first, Olga on neither.
fn played(home: &Home) -> Players {
    let (olga, ana) = (new_key(), new_key());
    let now = unix_now().0;
    let (start, kickoff) = (UnixSeconds(now - 5 * 3_600), UnixSeconds(now - 4 * 3_600));
    let mut genesis = Genesis {
        created: start,
        organisers: vec![olga.account()],
        ..easy_pool()
    };
    genesis.matches[0].kickoff = Some(kickoff);
    genesis.matches[1].kickoff = Some(UnixSeconds(now + 3_600));
    home.set_genesis(&genesis).unwrap();
    let join =
        |key: &Key, name| Draft::new(key.account(), Nonce::ZERO).join(Name::new(name).unwrap());
    let bet = OpenBet {
        match_no: PLAYED,
        prediction: Score::new(2, 1).unwrap().into(),
        stake: Chips::ZERO,
    };
    Grower::open(home)
        .at(UnixSeconds(start.0 + 60))
        .submit(&olga, join(&olga, "Olga"))
        .submit(&ana, join(&ana, "Ana"))
        .mine(&olga)
        .submit(&ana, Draft::new(ana.account(), Nonce(1)).bet(vec![bet]))
        .mine(&olga);
    Players { genesis, olga, ana }
}

async fn node(home: &Path, flags: &[&str]) -> Daemon {
    let all = [
        "--mine",
        "pending",
        "--no-join",
        "--url",
        "https://pool.example",
    ];
    run_node(home, &[&all, flags].concat()).await
}

async fn send(node: &Daemon, players: &Players, key: &Key, body: TxBody) {
    let transaction = key.sign(players.genesis.pool_id(), body);
    let body = json!({ "transaction": hex::encode(encode(&transaction)) });
    let request = node
        .http
        .request("POST", "/api/v1/transactions")
        .json(&body);
    let answer = node.http.send(request).await;
    assert_eq!(answer.status, 202, "{answer:?}");
}

async fn subscribe(node: &Daemon, genesis: &Genesis, key: &Key, address: &PushAddress) -> Answer {
    let signature = key.subscribe(genesis.pool_id(), address);
    let body = json!({
        "account": key.account(),
        "address": address,
        "signature": signature,
    });
    let request = node.http.request("POST", "/api/v1/push").json(&body);
    node.http.send(request).await
}

async fn stop(node: &Daemon, endpoint: &str) {
    let body = json!({ "endpoint": endpoint });
    let request = node.http.request("DELETE", "/api/v1/push").json(&body);
    assert_eq!(node.http.send(request).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn players_are_told_of_each_thing_once() {
    let (dir, service) = (temp(), Service::start().await);
    let home = Home::open(dir.path()).unwrap();
    let players = played(&home);
    let Players { genesis, olga, ana } = &players;
    let mut node = node(dir.path(), &["--push-anywhere"]).await;
    let offered = node.http.get("/api/v1/push").await.json()["key"].clone();
    *service.seen.vapid.lock().unwrap() = offered.as_str().unwrap().to_owned();
    for (key, name) in [(ana, "ana"), (olga, "olga"), (ana, "gone"), (ana, "silent")] {
        let answer = subscribe(&node, genesis, key, &service.address(name)).await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }
    for (key, name) in [(olga, "endless"), (olga, "elsewhere")] {
        subscribe(&node, genesis, key, &service.address(name)).await;
    }
    for name in ["ana", "olga", "gone", "silent", "endless", "elsewhere"] {
        service.wait(name, &["no_tip"]).await;
    }
    let news = &service.news("ana")[0];
    let fixture = &genesis.matches[1];
    let wanted = json!([{
        "code": fixture.code, "home": fixture.home.name, "away": fixture.away.name, "closes": fixture.kickoff,
    }]);
    assert_eq!((&news["matches"], &news["pool"]), (&wanted, &json!("easy")));
    let ttl: u64 = news["ttl"].as_str().unwrap().parse().unwrap();
    assert!((3_400..=3_600).contains(&ttl), "{ttl}");

    let started = Instant::now();
    let outcome = Outcome::played(Score::new(2, 1).unwrap());
    let result = Action::Result(actions::Result {
        match_no: PLAYED,
        outcome,
    });
    send(
        &node,
        &players,
        olga,
        Draft::new(olga.account(), Nonce(1)).body(result),
    )
    .await;
    service.wait("ana", &["no_tip", "result", "lead"]).await;
    service.wait("olga", &["no_tip", "result"]).await;
    assert!(
        started.elapsed() < Duration::from_secs(9),
        "one that is silent holds up others"
    );
    assert_eq!(service.news("olga")[1]["matches"][0]["score"], "2-1");

    // What is on its way when a node stops is lost.
    for name in ["endless", "elsewhere"] {
        service.wait(name, &["no_tip", "result"]).await;
    }

    // Nothing is told twice, also by a node that is started again.
    node.terminate().await;
    node.spawn();
    node.wait().await;
    assert_eq!(node.http.get("/api/v1/push").await.json()["key"], offered);
    let text = Text::new("It was 2-2.").unwrap();
    let objection = Action::Object(actions::Object {
        match_no: PLAYED,
        text,
    });
    send(
        &node,
        &players,
        ana,
        Draft::new(ana.account(), Nonce(2)).body(objection),
    )
    .await;
    service
        .wait("ana", &["no_tip", "result", "lead", "objection"])
        .await;
    service
        .wait("olga", &["no_tip", "result", "objection"])
        .await;
    service
        .wait("endless", &["no_tip", "result", "objection"])
        .await;
    service
        .wait("elsewhere", &["no_tip", "result", "objection"])
        .await;
    // 410 was the last that it heard, and redirects lead nowhere.
    assert_eq!(service.calls("gone"), 1);
    assert_eq!(
        (service.calls("elsewhere"), service.calls("redirected")),
        (3, 0)
    );

    stop(&node, &service.address("ana").endpoint).await;
    let other = Outcome::played(Score::new(2, 2).unwrap());
    let corrected = Action::Result(actions::Result {
        match_no: PLAYED,
        outcome: other,
    });
    send(
        &node,
        &players,
        olga,
        Draft::new(olga.account(), Nonce(2)).body(corrected),
    )
    .await;
    service
        .wait("olga", &["no_tip", "result", "objection", "result"])
        .await;
    assert_eq!(service.kinds("ana").len(), 4);
    let kept = std::fs::read_to_string(dir.path().join("push.json")).unwrap();
    assert!(kept.contains("/olga") && !kept.contains("/ana") && !kept.contains("/gone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_what_is_no_browser_are_refused() {
    let (dir, service) = (temp(), Service::start().await);
    let home = Home::open(dir.path()).unwrap();
    let Players { genesis, ana, .. } = played(&home);
    let mut plain = run_node(dir.path(), &["--no-join"]).await;
    assert_eq!(
        plain.http.get("/api/v1/push").await.json(),
        json!({ "key": null })
    );
    let address = service.address("ana");
    let refused = subscribe(&plain, &genesis, &ana, &address).await;
    assert_eq!(refused.status, 404, "{refused:?}");
    plain.terminate().await;

    let open = node(dir.path(), &["--push-anywhere"]).await;
    let stranger = new_key();
    let unknown = subscribe(&open, &genesis, &stranger, &address).await;
    assert!(unknown.problem().contains("has not joined"), "{unknown:?}");
    let mut forged = genesis.clone();
    forged.name = Text::new("other").unwrap();
    let forged = subscribe(&open, &forged, &ana, &address).await;
    assert!(forged.problem().contains("signature"), "{forged:?}");
    for bad in [
        PushAddress {
            p256dh: "BA".to_owned(),
            ..address.clone()
        },
        PushAddress {
            auth: "AA".to_owned(),
            ..address.clone()
        },
        PushAddress {
            endpoint: format!("https://push.example/{}", "a".repeat(1_100)),
            ..address.clone()
        },
    ] {
        subscribe(&open, &genesis, &ana, &bad).await.problem();
    }
    // Of one player the last four stay.
    for name in ["a", "b", "c", "d", "e"] {
        subscribe(&open, &genesis, &ana, &service.address(name)).await;
    }
    let kept = std::fs::read_to_string(dir.path().join("push.json")).unwrap();
    assert!(!kept.contains("/a\"") && kept.contains("/b\"") && kept.contains("/e\""));
}

/// A tip of the time when the node was off is with its peers: nobody is told that it is missing.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_starts_tells_nothing_before_it_has_caught_up() {
    let (dir, service) = (temp(), Service::start().await);
    let (own, other) = (dir.path().join("own"), dir.path().join("other"));
    let home = Home::open(&own).unwrap();
    let players = played(&home);
    let Players { genesis, olga, .. } = &players;
    let mut first = node(&own, &["--push-anywhere"]).await;
    let offered = first.http.get("/api/v1/push").await.json()["key"].clone();
    *service.seen.vapid.lock().unwrap() = offered.as_str().unwrap().to_owned();
    let answer = subscribe(&first, genesis, olga, &service.address("olga")).await;
    assert_eq!(answer.status, 204, "{answer:?}");
    service.wait("olga", &["no_tip"]).await;
    first.terminate().await;
    // As if it had not been told.
    let kept = own.join("push.json");
    let mut told: Value = serde_json::from_slice(&std::fs::read(&kept).unwrap()).unwrap();
    told["subscribers"][0]["told"] = json!([]);
    std::fs::write(&kept, told.to_string()).unwrap();

    let elsewhere = Home::open(&other).unwrap();
    elsewhere.set_genesis(genesis).unwrap();
    std::fs::copy(own.join("chain.redb"), other.join("chain.redb")).unwrap();
    let bet = OpenBet {
        match_no: MatchNo(2),
        prediction: Score::new(1, 0).unwrap().into(),
        stake: Chips::ZERO,
    };
    Grower::open(&elsewhere)
        .submit(olga, Draft::new(olga.account(), Nonce(1)).bet(vec![bet]))
        .mine(olga);
    let peer = run_node(&other, &["--no-join"]).await;
    std::fs::write(own.join("nodes.json"), json!([peer.node()]).to_string()).unwrap();
    let _node = node(&own, &["--push-anywhere"]).await;
    sleep(Duration::from_secs(8)).await;
    assert_eq!(service.kinds("olga"), ["no_tip"], "told anew");
}
