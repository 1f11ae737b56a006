//! The examples in the description of the API are what a node answers. `BOLAO_WRITE_VECTORS=1` writes them anew.

use std::{collections::BTreeMap, fs, path::Path};

use bolao_api::{ApiConfig, KeepInvitations as _, Live, body::ProposalBody};
use bolao_ledger::{
    Action, BetMode, MatchNo, Quorum, SetChange, TxId, UnixSeconds, actions, encode,
};
use bolao_store::NoticedChange;
use serde_json::{Value, json};

use crate::{
    app::App,
    branches, invitations, jokers, newer_file,
    node::{account, easy, peer, sign},
    openings, play, questions, sealed, validators, votes,
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const BYTES: &[(&str, &str)] = &[("content-type", "application/octet-stream")];

const NEWER: &str = r#"{"name": "Newer", "matches": [
    {"code": "X1", "round": "Final", "date": "2040-06-09", "time": "19:45 UTC+1", "team1": "Portugal", "team2": "Spain"},
    {"code": "N1", "round": "Final", "date": "2040-06-10", "time": "19:45 UTC+1", "team1": "Spain", "team2": "France"}
]}"#;

/// Requests and what they are answered, by method, the path as it is described, and status.
#[derive(Default)]
struct Examples(BTreeMap<String, Value>);

impl Examples {
    async fn ask(&mut self, app: &App, route: &str, request: &str, body: &str) {
        let (method, path) = request.split_once(' ').unwrap();
        let kind = if body.starts_with("Date") {
            BYTES
        } else {
            JSON
        };
        let reply = app.request(method, path, kind, body.to_owned()).await;
        assert!(
            [200, 201, 202].contains(&reply.status.as_u16()),
            "{request}: {}",
            reply.text()
        );
        let answer = reply.json();
        let empty = answer["items"].as_array().is_some_and(Vec::is_empty);
        assert!(!empty, "{request}");
        let key = format!(
            "{} {route} {}",
            method.to_lowercase(),
            reply.status.as_u16()
        );
        let example = json!({ "request": request, "answer": answer });
        assert!(self.0.insert(key, example).is_none(), "{route}");
    }

    async fn get(&mut self, app: &App, route: &str, path: &str) {
        let (route, path) = (format!("/api/v1{route}"), format!("GET /api/v1{path}"));
        self.ask(app, &route, &path, "").await;
    }
}

/// A pool in which most has happened that a friend asks for.
async fn of_play(examples: &mut Examples) {
    let app = play::played();
    app.node.peers.lock().unwrap().push(peer("12D3KooW1"));
    app.node.live.lock().unwrap().push(Live {
        match_no: MatchNo(4),
        score: "1-0".parse().unwrap(),
        minute: Some(63),
        at: UnixSeconds(1_559_692_800),
        from: "OpenLigaDB".to_owned(),
        word: None,
    });
    let bets = vec![play::bet(4, 2, 0, 10)];
    play::act(&app, "Ana", Action::Bet(actions::Bet { bets }));
    let tip = app.json("/api/v1/players/ana/bets?limit=1").await;
    let id = tip["items"][0]["transaction"].as_str().unwrap().to_owned();
    let way = "/api/v1/handovers";
    let left = json!({ "id": "00112233445566778899aabbccddeeff", "sealed": "…" });
    app.request("POST", way, JSON, left.to_string()).await;
    let taken = format!("DELETE {way}/00112233445566778899aabbccddeeff");
    examples
        .ask(&app, "/api/v1/handovers/{id}", &taken, "")
        .await;
    let nonce = format!("/accounts/{}/nonce", account("Ana"));
    examples
        .get(&app, "/accounts/{account}/nonce", &nonce)
        .await;
    for path in [
        "/bets?player=ana&limit=1",
        "/blocks?limit=1",
        "/live",
        "/live/standings",
        "/log?limit=2",
        "/matches?limit=1",
        "/peers",
        "/players?limit=2",
        "/pool",
        "/pool/genesis",
        "/pool/rules",
        "/push",
        "/rounds",
        "/sources",
        "/standings",
        "/standings.json",
        "/status",
        "/tips.json",
        "/transactions?state=pending",
    ] {
        let route = path.split('?').next().unwrap();
        examples.get(&app, route, path).await;
    }
    for (route, path) in [
        ("/blocks/{block}", "/blocks/2"),
        (
            "/blocks/{block}/transactions",
            "/blocks/2/transactions?limit=1",
        ),
        ("/matches/{code}", "/matches/A1"),
        ("/matches/{code}/objections", "/matches/A1/objections"),
        ("/matches/{code}/results", "/matches/A1/results"),
        ("/matches/{code}/tips", "/matches/A1/tips?limit=2"),
        ("/players/{player}", "/players/ana"),
        ("/players/{player}/bets", "/players/ana/bets?limit=1"),
        ("/players/{player}/history", "/players/ana/history"),
        ("/rounds/{stage}/matrix", "/rounds/Final/matrix"),
    ] {
        examples.get(&app, route, path).await;
    }
    for what in ["", "/slip"] {
        let path = format!("/transactions/{id}{what}");
        let route = format!("/transactions/{{id}}{what}");
        examples.get(&app, &route, &path).await;
    }

    let bets = vec![play::bet(4, 1, 1, 0)];
    let bet = sign(
        &app.node.genesis,
        "Ben",
        2,
        Action::Bet(actions::Bet { bets }),
    );
    let body = json!({ "transaction": hex::encode(encode(&bet)) }).to_string();
    let path = "/api/v1/transactions";
    examples
        .ask(&app, path, &format!("POST {path}"), &body)
        .await;
    let bets = vec![play::bet(4, 1, 1, 10_000)];
    let proposal = ProposalBody::unsigned(account("=Eva"), Action::Bet(actions::Bet { bets }));
    let body = json!({ "transactions": [proposal] }).to_string();
    let dry = format!("{path}?dry_run=true");
    examples
        .ask(&app, path, &format!("POST {dry}"), &body)
        .await;
}

#[tokio::test]
async fn the_examples_are_what_a_node_answers() {
    let mut examples = Examples::default();
    of_play(&mut examples).await;
    examples
        .get(&votes::waiting(), "/votes", "/votes?limit=2")
        .await;

    let (route, path) = ("/players/{player}/features", "/players/ana/features");
    examples.get(&jokers::with_joker(), route, path).await;

    let app = questions::asked(BetMode::Open);
    for (route, path) in [
        ("/questions", "/questions?limit=1"),
        ("/questions/{code}", "/questions/goals"),
        ("/questions/{code}/answers", "/questions/podium/answers"),
        ("/questions/{code}/results", "/questions/champion/results"),
        (
            "/questions/{code}/objections",
            "/questions/champion/objections",
        ),
        ("/players/{player}/answers", "/players/ana/answers?limit=2"),
    ] {
        examples.get(&app, route, path).await;
    }

    let app = validators::pool(SetChange::Appointed {
        quorum: Quorum::of(2),
    });
    play::act(&app, "Ana", validators::evidence(&app));
    app.node.mine_at(play::at(20));
    for path in [
        "/validators",
        "/validators/proofs",
        "/attendance",
        "/keepers",
        "/organisers",
    ] {
        examples.get(&app, path, path).await;
    }

    let app = play::played();
    let wish = json!({ "type": "give", "to": "ben", "chips": 20 });
    let body = json!({ "account": account("Ana"), "wish": wish }).to_string();
    let path = "/api/v1/wishes";
    examples
        .ask(&app, path, &format!("POST {path}"), &body)
        .await;

    let app = openings::pool(&openings::THREE);
    play::act(&app, "Ana", openings::seal(&app, "Ana", 2));
    app.node.mine_at(play::at(20));
    let path = format!("/openings?account={}", account("Ana"));
    examples.get(&app, "/openings", &path).await;
    let deal = openings::dealt(&app, "Ana", 2, &openings::THREE);
    let body = json!({ "deals": [hex::encode(encode(&deal))] }).to_string();
    let path = "/api/v1/openings";
    examples
        .ask(&app, path, &format!("POST {path}"), &body)
        .await;

    let app = sealed::by_ticket();
    examples.get(&app, "/invitations", "/invitations").await;
    let invite = invitations::invitation(
        &app,
        &invitations::wallet_key("Org1"),
        5,
        invitations::LATER,
    );
    let ticket = invite.public.given.ticket.key;
    let body = json!({ "invitation": invite.public.to_string() }).to_string();
    let path = "/api/v1/invitations";
    examples
        .ask(&app, path, &format!("POST {path}"), &body)
        .await;
    app.node.keep_invitation(invite.public).await.unwrap();
    let path = format!("/invitations/{ticket}");
    examples.get(&app, "/invitations/{ticket}", &path).await;
    let path = format!("{path}/inviter");
    let route = "/invitations/{ticket}/inviter";
    examples.get(&app, route, &path).await;

    let app = App::new(easy(), ApiConfig::default());
    app.node.notice(NoticedChange::BetsDropped {
        player: account("Ana"),
        tx: TxId([4; 32]),
        matches: vec![MatchNo(1)],
        why: "another transaction took its nonce".to_owned(),
    });
    examples.get(&app, "/notices", "/notices").await;
    let app = branches::one_beside();
    examples.get(&app, "/branches", "/branches").await;
    let app = newer_file::pool();
    let path = "/api/v1/fixtures/plan";
    let body = json!({ "text": NEWER, "account": account("Org1") }).to_string();
    examples
        .ask(&app, path, &format!("POST {path}"), &body)
        .await;
    let path = "/api/v1/fixtures/text";
    let file = "Date;Home;Away\n28.11.2026 15:00;Lions;Tigers";
    examples
        .ask(&app, path, &format!("POST {path}"), file)
        .await;

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/v1/examples.json");
    let told = format!("{:#}\n", json!(examples.0));
    if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
        fs::write(&path, &told).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        told == kept,
        "{} is of another program: write it anew",
        path.display()
    );
}

/// Each answer in JSON that a program may want to read has one.
#[test]
fn every_answer_has_an_example() {
    let description = serde_json::to_value(bolao_api::openapi()).unwrap();
    let mut without = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                let json = response.pointer("/content/application~1json");
                if json.is_some_and(|json| json["examples"].is_null()) {
                    without.push(format!("{method} {path} {status}"));
                }
            }
        }
    }
    // What stands in them is of the moment.
    assert_eq!(
        without,
        [
            "get /api/v1/competitions 200",
            "get /api/v1/late-blocks 200",
            "post /api/v1/mine 200",
            "post /api/v1/mining/submit 200",
            "get /api/v1/mining/template 200",
        ]
    );
}
