//! Who may look where only players may: every route, every pass, this machine and its owner's programs.

use std::{collections::BTreeSet, net::SocketAddr};

use axum::{body::Body, extract::ConnectInfo};
use bolao_api::{ApiConfig, KeepInvitations as _, ReadNode as _, body::Viewers};
use bolao_ledger::{Action, Genesis, PoolId, actions};
use http::Request;
use serde_json::{Value, json};

use crate::{
    app::{App, Reply, classic_on},
    invitations::{LATER, invitation, wallet_key},
    node::{TOKEN, account, easy, join, say, sign},
    play,
};

const DAY: u64 = 86_400;
const CLOSED: &str = "/api/v1/players";
const PHONE: [u8; 4] = [192, 168, 1, 9];

/// What joining, moving a player and finding out what this is need.
const OPEN: [&str; 14] = [
    "get /api/v1/pool",
    "get /api/v1/pool/genesis",
    "get /api/v1/pool/genesis.bin",
    "get /api/v1/pool/rules",
    "get /api/v1/status",
    "get /api/v1/invitations/{ticket}",
    "get /api/v1/invitations/{ticket}/inviter",
    "post /api/v1/invitations",
    "get /api/v1/accounts/{account}/nonce",
    "post /api/v1/transactions",
    "post /api/v1/clock",
    "post /api/v1/handovers",
    "delete /api/v1/handovers/{id}",
    "get /api/v1/openapi.json",
];

fn now() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_second()).unwrap()
}

/// Ana organises a pool, Bob plays in it, and only players may look.
fn closed() -> App {
    let genesis = Genesis {
        organisers: vec![account("Ana")],
        ..easy()
    };
    let config = ApiConfig {
        classic_anyone: true,
        ..classic_on()
    };
    let app = App::new(genesis, config);
    play::act(&app, "Bob", join("Bob"));
    app.node.mine_now();
    *app.node.viewers.lock().unwrap() = Viewers::Players;
    app
}

async fn asked(app: &App, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    called(app, PHONE, "192.168.1.5:9000", method, path, headers).await
}

async fn called(
    app: &App,
    caller: [u8; 4],
    host: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    request = request.header("host", host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let caller = SocketAddr::from((caller, 4000));
    request.extensions_mut().insert(ConnectInfo(caller));
    app.send(request).await
}

fn is_refused(reply: &Reply) -> bool {
    let is_problem = reply.header("content-type") == "application/problem+json";
    let refused = is_problem && reply.json()["code"] == "players-only";
    assert_eq!(refused, reply.status == 401, "{}", reply.text());
    refused
}

fn cookie(pool: PoolId, pass: &str) -> String {
    format!("theme=dark; bolao-look-{pool}={pass}")
}

fn pass(pool: PoolId, name: &str, at: u64, text: &str) -> String {
    format!("{}.{at}.{}", account(name), say(pool, name, at, text))
}

/// Whether a cookie lets a phone look.
async fn lets_in(app: &App, cookie: &str) -> bool {
    let reply = asked(app, "GET", CLOSED, &[("cookie", cookie)]).await;
    !is_refused(&reply)
}

#[tokio::test]
async fn each_route_is_closed_unless_joining_needs_it() {
    let app = closed();
    let description = serde_json::to_value(bolao_api::openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap();
    let mut open = BTreeSet::new();
    let mut routes = 0;
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let place: String = path
                .split('/')
                .map(|part| if part.starts_with('{') { "x" } else { part })
                .collect::<Vec<_>>()
                .join("/");
            let reply = asked(&app, &method.to_uppercase(), &place, &[]).await;
            if !is_refused(&reply) {
                open.insert(format!("{method} {path}"));
            }
            routes += 1;
        }
    }
    let description = asked(&app, "GET", "/api/v1/openapi.json", &[]).await;
    assert_eq!(description.status, 200);
    open.insert("get /api/v1/openapi.json".to_owned());
    assert!(routes > 50, "{routes}");
    assert_eq!(open, OPEN.iter().map(ToString::to_string).collect());
    for path in [
        "/api/v1/players?limit=1",
        "/api/v1/export",
        "/api/v1/players/bob/calendar.ics",
        "/api/v1/standings.csv",
        "/api/v1/events",
        "/blockchain",
        "/player/bob",
        "/match/nlen",
    ] {
        assert!(is_refused(&asked(&app, "GET", path, &[]).await), "{path}");
    }
    for path in ["/api/docs/", "/", "/nodes/", "/api/v1/nothing"] {
        assert_ne!(asked(&app, "GET", path, &[]).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn everybody_may_look_where_nothing_was_chosen() {
    let app = closed();
    *app.node.viewers.lock().unwrap() = Viewers::Everybody;
    assert_eq!(asked(&app, "GET", CLOSED, &[]).await.status, 200);
    let status = asked(&app, "GET", "/api/v1/status", &[]).await.json();
    assert_eq!(status["viewers"], "everybody");
}

/// The names of an answer's fields.
fn fields(answer: &Value) -> Vec<&str> {
    answer
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn what_is_open_says_no_name_no_account_and_no_count() {
    let app = closed();
    play::act(&app, "Ana", join("Ana"));
    app.node.mine_now();
    let secrets = ["Ana", "Bob"].map(|name| (name, account(name).to_string()));
    let mut read = 0;
    for route in OPEN {
        // The description is of every node.
        let path = route.strip_prefix("get ");
        let Some(path) = path.filter(|path| !path.ends_with("openapi.json")) else {
            continue;
        };
        let path = path
            .replace("{account}", &account("Bob").to_string())
            .replace("{ticket}", &account("Zoe").to_string())
            .replace("{id}", &"0".repeat(64));
        let reply = asked(&app, "GET", &path, &[]).await;
        let (text, known) = (reply.text(), path.contains("/accounts/"));
        for (name, account) in &secrets {
            assert!(!text.contains(name), "{path} names {name}");
            // All that the pool's id stands for is there, the keys of whoever organises it included.
            let is_public = path.ends_with("/genesis") && *name == "Ana";
            assert!(
                is_public || known || !text.contains(account),
                "{path}: {text}"
            );
        }
        read += 1;
    }
    assert!(read > 6);
    let pool = asked(&app, "GET", "/api/v1/pool", &[]).await.json();
    let rules = [
        "consensus",
        "created",
        "id",
        "limits",
        "max_future_s",
        "membership",
        "name",
        "starting_chips",
        "target",
        "tips",
    ];
    assert_eq!(fields(&pool), rules);
    let status = asked(&app, "GET", "/api/v1/status", &[]).await.json();
    assert_eq!(status["viewers"], "players");
    let front = ["link", "pool", "pool_name", "url", "version", "viewers"];
    assert_eq!(fields(&status), front);
    // Whoever may look is told all of it, before and after.
    let own = cookie(
        app.node.reader().pool_id(),
        &pass(app.node.reader().pool_id(), "Bob", now(), "look"),
    );
    for path in ["/api/v1/pool", "/api/v1/status"] {
        let whole = asked(&app, "GET", path, &[("cookie", &own)]).await.json();
        assert_eq!(whole["totals"]["players"], 2, "{path}");
        let again = asked(&app, "GET", path, &[]).await.json();
        assert_eq!(again["totals"], Value::Null, "{path}");
    }
}

/// What nobody has signed is answered with what stands: chips, and the tip that would be replaced.
#[tokio::test]
async fn a_dry_run_says_nothing_of_a_player_to_others() {
    let app = closed();
    play::act(
        &app,
        "Bob",
        Action::Bet(actions::Bet {
            bets: vec![play::bet(1, 3, 2, 7)],
        }),
    );
    app.node.mine_now();
    let tried = async |app: &App, action: Value, cookie: &str| {
        let proposals =
            json!({ "transactions": [{ "account": account("Bob"), "action": action }] });
        let request = Request::builder()
            .method("POST")
            .uri("/api/v1/transactions?dry_run=true")
            .header("host", "192.168.1.5:9000")
            .header("cookie", cookie)
            .header("content-type", "application/json");
        let mut request = request.body(Body::from(proposals.to_string())).unwrap();
        let caller = SocketAddr::from((PHONE, 4000));
        request.extensions_mut().insert(ConnectInfo(caller));
        app.send(request).await
    };
    let pool = app.node.reader().pool_id();
    let own = cookie(pool, &pass(pool, "Bob", now(), "look"));
    let bet = json!({ "type": "bet", "tips": [{ "match_no": 1, "prediction": { "score": { "home": 0, "away": 0 } }, "stake": 1 }] });
    let whole = tried(&app, bet.clone(), &own).await;
    assert!(whole.text().contains(r#""stake":7"#), "{}", whole.text());
    assert!(is_refused(&tried(&app, bet, "").await));
    assert!(is_refused(
        &asked(&app, "POST", "/api/v1/wishes", &[]).await
    ));
    // Whether one could join is what joining needs.
    let join = json!({ "type": "join", "name": "Zoe" });
    assert_eq!(tried(&app, join, "").await.status, 200);
}

#[tokio::test]
async fn whoever_has_a_link_is_told_who_invites() {
    let app = closed();
    play::act(&app, "Ana", join("Ana"));
    app.node.mine_now();
    let invite = invitation(&app, &wallet_key("Ana"), 5, LATER);
    let path = format!("/api/v1/invitations/{}/inviter", invite.short.ticket());
    asked(&app, "GET", &path, &[]).await.coded(404);
    app.node.keep_invitation(invite.public).await.unwrap();
    let inviter = asked(&app, "GET", &path, &[]).await.json();
    assert_eq!(inviter["name"], "Ana");
}

#[tokio::test]
async fn this_machine_and_the_owners_programs_may_look() {
    let app = closed();
    for host in ["localhost:9000", "127.0.0.1:9000", "[::1]:9000"] {
        let reply = called(&app, [127, 0, 0, 1], host, "GET", CLOSED, &[]).await;
        assert_eq!(reply.status, 200, "{host}");
    }
    // What a tunnel or a proxy brings here comes by another name.
    let tunnelled = called(&app, [127, 0, 0, 1], "203.0.113.7", "GET", CLOSED, &[]).await;
    assert!(is_refused(&tunnelled));
    let forged = called(&app, PHONE, "localhost:9000", "GET", CLOSED, &[]).await;
    assert!(is_refused(&forged));
    let token = format!("Bearer {TOKEN}");
    let owner = asked(&app, "GET", CLOSED, &[("authorization", &token)]).await;
    assert_eq!(owner.status, 200);
    let wrong = asked(&app, "GET", CLOSED, &[("authorization", "Bearer x")]).await;
    assert!(is_refused(&wrong));
}

#[tokio::test]
async fn a_pass_is_a_players_or_an_organisers() {
    let app = closed();
    let (pool, at) = (app.node.reader().pool_id(), now());
    let of = |name: &str| cookie(pool, &pass(pool, name, at, "look"));
    assert!(lets_in(&app, &of("Bob")).await);
    assert!(lets_in(&app, &of("Bob")).await, "as it is remembered");
    assert!(
        lets_in(&app, &of("Ana")).await,
        "who organises, and does not play"
    );
    assert!(!lets_in(&app, &of("Eve")).await);
    // Whose joining waits for a block is in as soon as it was sent.
    app.node
        .put_pending(&sign(&app.node.genesis, "Eve", 0, join("Eve")));
    assert!(lets_in(&app, &of("Eve")).await);
    // One behind a gap was never tried.
    app.node
        .put_pending(&sign(&app.node.genesis, "Zoe", 1, join("Zoe")));
    assert!(!lets_in(&app, &of("Zoe")).await);
}

#[tokio::test]
async fn a_pass_is_good_for_thirty_days() {
    let app = closed();
    let pool = app.node.reader().pool_id();
    for (at, good) in [
        (now() - 30 * DAY + 60, true),
        (now() - 30 * DAY - 60, false),
        (now() + 3_500, true),
        (now() + 3_700, false),
        (0, false),
        (u64::MAX, false),
    ] {
        let cookie = cookie(pool, &pass(pool, "Bob", at, "look"));
        assert_eq!(lets_in(&app, &cookie).await, good, "{at}");
    }
}

#[tokio::test]
async fn other_words_open_nothing() {
    let app = closed();
    let (pool, at) = (app.node.reader().pool_id(), now());
    let (own, other) = (account("Bob"), PoolId([9; 32]));
    let good = say(pool, "Bob", at, "look");
    let by_eve = say(pool, "Eve", at, "look");
    for pass in [
        String::new(),
        "x".to_owned(),
        "..".to_owned(),
        format!("{own}.{at}"),
        format!("{own}.{at}."),
        format!("{own}.{at}.{good}00"),
        format!("{own}.{}.{good}", at - 1),
        format!("{own}.{at}.{by_eve}"),
        format!("{}.{at}.{good}", account("Ana")),
        pass(other, "Bob", at, "look"),
        pass(pool, "Bob", at, "sources on"),
    ] {
        assert!(!lets_in(&app, &cookie(pool, &pass)).await, "{pass}");
    }
    let good = pass(pool, "Bob", at, "look");
    assert!(!lets_in(&app, &cookie(other, &good)).await);
    assert!(lets_in(&app, &cookie(pool, &good)).await);
    // And a pass is no word to the node.
    let word = json!({
        "account": account("Ana"), "at": at, "text": "look", "signature": say(pool, "Ana", at, "look"),
    });
    let json = &[("content-type", "application/json")];
    let answer = app.request("POST", "/api/v1/words", json, word.to_string());
    answer.await.problem(400);
}
