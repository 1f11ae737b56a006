//! Whole pools as a page sees them: `crates/rules/browser` and the page's own tests check these very files, so that what a node answers
//! and what a page compares with it cannot drift apart. `BOLAO_WRITE_VECTORS=1` writes them anew.

use std::{fs, path::Path};

use bolao_api::{ApiConfig, ReadNode as _};
use bolao_ledger::{
    Action, BetMode, Chips, Consensus, Fixture, Genesis, Hybrid, MatchNo, Outcome, Pos, Quorum,
    SetChange, Text, UnixSeconds, Voting, actions,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    certified::{offer, validator},
    node::{account, join},
    play::{act, at, bet, genesis, result, score},
    questions,
    sealed::sealed,
    v1::all,
    votes,
};

/// The kick-off of a match that is always to come.
pub const FAR: UnixSeconds = UnixSeconds(4_053_441_600);

/// A pool as people make it, by two organisers' votes where validators vote.
pub fn pool(consensus: Consensus, tips: BetMode) -> App {
    let mut genesis = Genesis {
        consensus,
        days: Some(Vec::new()),
        ..genesis(tips)
    };
    genesis.matches[1].stage = Text::new("Group B").unwrap();
    genesis.matches[2].kickoff = Some(FAR);
    let rules = &mut genesis.rules;
    rules.transfers = true;
    rules.short_bets_void = true;
    rules.put_off_stays_open = true;
    rules.notice_s = 100;
    rules.anybody_opens = true;
    rules.organisers_quorum = Quorum::of(2);
    genesis.check().unwrap();
    App::new(genesis, ApiConfig::default())
}

/// A block; in a hybrid pool every second one becomes a checkpoint.
fn mine(app: &App, seconds: u64) {
    app.node.mine_at(at(seconds));
    let height = app.node.reader().snapshot().unwrap().tip().unwrap().height;
    if matches!(app.node.genesis.consensus, Consensus::Hybrid(_)) && height.0.is_multiple_of(2) {
        app.node.decide(height.0 / 2);
    }
}

/// Joins, bets and one that takes another's place, a kick-off that is moved, a record, an objection and a correction, chips that
/// are given, a pot that is paid, a second validator, and what waits.
fn play(app: &App) {
    for name in ["Org1", "Org2", "Org3", "Ana", "Ben", "=Eva"] {
        act(app, name, join(name));
    }
    mine(app, 10);
    let key = validator("Org2", 1);
    if app.node.genesis.consensus.voting().is_some() {
        act(app, "Org2", offer(app.node.genesis.pool_id(), "Org2"));
        mine(app, 12);
        for name in ["Org1", "Org2"] {
            act(
                app,
                name,
                Action::Appoint(actions::Appoint { validator: key }),
            );
        }
        mine(app, 14);
    }
    let guesses = [
        ("Ana", 1, 2, 100),
        ("Ben", 1, 1, 50),
        ("=Eva", 2, 3, 0),
        ("Ana", 2, 1, 20),
    ];
    match app.node.genesis.rules.bets {
        BetMode::Open => {
            for (name, no, home, stake) in guesses {
                let bets = vec![bet(no, home, 0, stake)];
                act(app, name, Action::Bet(actions::Bet { bets }));
            }
        }
        BetMode::Sealed => {
            for (name, no, home, _) in guesses {
                act(app, name, sealed(&app.node.genesis, name, no, home).0);
            }
        }
    }
    let (to, chips) = (account("Ben"), Chips(5));
    act(
        app,
        "=Eva",
        Action::Transfer(actions::Transfer { to, chips }),
    );
    mine(app, 20);
    if app.node.genesis.rules.bets == BetMode::Open {
        act(
            app,
            "Ben",
            Action::Bet(actions::Bet {
                bets: vec![bet(1, 3, 0, 60)],
            }),
        );
    }
    let fixture = Fixture {
        kickoff: Some(at(2_500)),
        ..app.node.genesis.matches[1].clone()
    };
    act(app, "Org1", Action::Schedule(actions::Schedule { fixture }));
    mine(app, 30);
    if app.node.genesis.rules.bets == BetMode::Sealed {
        for (name, no, home, _) in &guesses[..2] {
            act(app, name, sealed(&app.node.genesis, name, *no, *home).1);
        }
        mine(app, 1_010);
    }
    for name in ["Org1", "Org2"] {
        act(app, name, result(1, Outcome::played(score(2, 0))));
    }
    mine(app, 1_100);
    let (match_no, text) = (MatchNo(1), Text::new("it was 2-2").unwrap());
    act(
        app,
        "=Eva",
        Action::Object(actions::Object { match_no, text }),
    );
    mine(app, 1_120);
    let outcome = Outcome {
        reason: Some(Text::new("read again").unwrap()),
        ..Outcome::played(score(2, 2))
    };
    for name in ["Org2", "Org3"] {
        act(app, name, result(1, outcome.clone()));
    }
    mine(app, 1_130);
    mine(app, 1_700);
    act(app, "Org3", result(2, Outcome::played(score(1, 1))));
    mine(app, 2_600);
    act(app, "Org1", result(2, Outcome::played(score(1, 1))));
    mine(app, 2_700);
}

/// A pool that was played, by its name.
fn played(name: &str) -> App {
    let voting = Voting {
        change: SetChange::Appointed {
            quorum: Quorum::of(2),
        },
        ..Pos::appointed([validator("Org1", 1)]).voting
    };
    let (consensus, tips) = match name {
        "open" => (Consensus::Pow, BetMode::Open),
        "sealed" => (Consensus::Pow, BetMode::Sealed),
        "pos" => {
            let heartbeat_s = 3_600;
            (
                Consensus::Pos(Pos {
                    voting,
                    heartbeat_s,
                }),
                BetMode::Open,
            )
        }
        _ => {
            let usual = Hybrid::appointed([validator("Org1", 1)]);
            (Consensus::Hybrid(Hybrid { voting, ..usual }), BetMode::Open)
        }
    };
    let app = pool(consensus, tips);
    play(&app);
    app
}

/// What a page asks for, and what it is answered.
async fn record(app: &App) -> Value {
    let pool = app.json("/api/v1/pool").await;
    // Lists whole, and page by page.
    let whole = [
        "standings",
        "standings.json",
        "standings?limit=4",
        "matches",
        "matches?limit=2",
        "questions",
        "questions?limit=2",
        "rounds",
        "rounds?limit=1",
        "players",
        "players?limit=3",
        "votes",
        "organisers",
        "validators",
        "keepers",
        "invitations",
        "log",
        "log?limit=2",
        "log?told_above=0",
        "log?told_above=4&limit=1",
        "bets",
        "bets?limit=2",
        "transactions?limit=500",
        "transactions?state=confirmed&limit=7",
        "live/standings",
        "pool",
    ];
    let mut paths: Vec<String> = whole.map(|it| format!("/api/v1/{it}")).into();
    for game in app.json("/api/v1/matches").await["items"]
        .as_array()
        .unwrap()
    {
        let code = game["code"].as_str().unwrap();
        paths.push(format!("/api/v1/matches/{code}"));
        paths.push(format!("/api/v1/matches/{code}/tips"));
        paths.push(format!("/api/v1/matches/{code}/results"));
        paths.push(format!("/api/v1/matches/{code}/objections"));
        if !game["kickoff"].is_null() {
            paths.push(format!("/api/v1/standings?from={code}"));
        }
    }
    for question in all(app, "/api/v1/questions", 500).await {
        let code = question["code"].as_str().unwrap();
        for what in ["", "/answers", "/results", "/objections"] {
            paths.push(format!("/api/v1/questions/{code}{what}"));
        }
    }
    for player in app.json("/api/v1/players").await["items"]
        .as_array()
        .unwrap()
    {
        let account = player["account"].as_str().unwrap();
        paths.push(format!("/api/v1/players/{account}/bets"));
        paths.push(format!("/api/v1/players/{account}/answers"));
        paths.push(format!("/api/v1/players/{account}/history"));
        paths.push(format!("/api/v1/players/{account}/features"));
        paths.push(format!("/api/v1/players/{account}"));
        paths.push(format!("/api/v1/bets?player={account}"));
    }
    for round in app.json("/api/v1/rounds").await["items"]
        .as_array()
        .unwrap()
    {
        let stage = round["stage"].as_str().unwrap().replace(' ', "%20");
        let stage = stage.replace('/', "%2F");
        paths.push(format!("/api/v1/rounds/{stage}/matrix"));
        paths.push(format!("/api/v1/standings?stage={stage}"));
    }
    for block in all(app, "/api/v1/blocks", 500).await {
        paths.push(format!("/api/v1/blocks/{}/transactions", block["height"]));
    }
    let last = app.json("/api/v1/blocks?limit=1").await;
    let last = last["items"][0]["hash"].as_str().unwrap();
    paths.push(format!("/api/v1/blocks/{last}/transactions?limit=1"));
    for transaction in all(app, "/api/v1/transactions", 500).await {
        let id = transaction["id"].as_str().unwrap();
        paths.push(format!("/api/v1/transactions/{id}"));
    }
    paths.reverse();
    let mut answers = Vec::new();
    while let Some(path) = paths.pop() {
        let reply = app.get(&path).await;
        assert_eq!(reply.status, 200, "{path}");
        if let Some(cursor) = reply.json()["next_cursor"].as_str() {
            let (first, _) = path.split_once("&cursor=").unwrap_or((&path, ""));
            paths.push(format!("{first}&cursor={cursor}"));
        }
        let last_final: Option<u64> = reply.header("bolao-final").parse().ok();
        let tip = reply.header("bolao-tip");
        answers
            .push(json!({ "path": path, "tip": tip, "final": last_final, "text": reply.text() }));
    }
    let mut partly = Vec::new();
    for path in partly_of(app).await {
        let reply = app.get(&path).await;
        assert_eq!(reply.status, 200, "{path}");
        partly.push(json!({ "path": path, "text": reply.text() }));
    }
    json!({
        "pool": pool["id"],
        "genesis": app.get("/api/v1/pool/genesis").await.text(),
        "genesis_bytes": hex::encode(app.get("/api/v1/pool/genesis.bin").await.body),
        "said": app.json("/api/v1/pool/rules").await["said"],
        "chain": hex::encode(app.get("/api/v1/chain").await.body),
        "answers": answers,
        "partly": partly,
    })
}

/// Paths whose answers the chain says in part.
async fn partly_of(app: &App) -> Vec<String> {
    let mut paths = Vec::new();
    for player in all(app, "/api/v1/players", 500).await {
        let account = player["account"].as_str().unwrap();
        paths.push(format!("/api/v1/openings?account={account}"));
        paths.push(format!("/api/v1/accounts/{account}/nonce"));
        paths.push(format!(
            "/api/v1/transactions?state=pending&account={account}"
        ));
    }
    for waiting in all(app, "/api/v1/transactions?state=pending", 500).await {
        paths.push(format!(
            "/api/v1/transactions/{}",
            waiting["id"].as_str().unwrap()
        ));
    }
    paths
}

fn crates() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Compares with what was written, or writes it.
async fn is_written(name: &str, app: &App) {
    let path = crates().join(format!("rules/browser/vectors/{name}.json"));
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
    for name in ["open", "sealed", "pos", "hybrid"] {
        is_written(name, &played(name)).await;
    }
    is_written("half-signed", &votes::waiting()).await;
    let asked = questions::asked(BetMode::Sealed);
    // It waits for a block.
    questions::answer(&asked, "Ben", &[(questions::LATER, 0)]);
    is_written("asked", &asked).await;
}

/// Routes whose answers are streams, are bytes that other tests read, or speak of the computer and not of the pool.
const LEFT_OUT: [&str; 5] = [
    "/api/v1/competitions",
    "/api/v1/events",
    "/api/v1/export",
    "/api/v1/mining/template",
    "/api/v1/push",
];

/// The values of a path's parameter or of a query.
async fn values(app: &App, parameter: &str) -> Vec<String> {
    let texts = |answer: Value, field: &str| -> Vec<String> {
        let items = answer["items"].as_array().unwrap().iter();
        items
            .map(|item| {
                item[field]
                    .as_str()
                    .unwrap()
                    .replace(' ', "%20")
                    .replace('=', "%3D")
                    .replace('/', "%2F")
            })
            .collect()
    };
    match parameter {
        "account" => texts(app.json("/api/v1/players").await, "account"),
        "player" => texts(app.json("/api/v1/players").await, "name"),
        "question" => texts(app.json("/api/v1/questions").await, "code"),
        "code" | "match" | "from" => texts(app.json("/api/v1/matches").await, "code"),
        "stage" => texts(app.json("/api/v1/rounds").await, "stage"),
        "block" => texts(app.json("/api/v1/blocks?limit=200").await, "hash"),
        "id" => texts(app.json("/api/v1/transactions?limit=200").await, "id"),
        "state" => ["pending", "confirmed"].map(str::to_owned).to_vec(),
        "ticket" => texts(app.json("/api/v1/invitations").await, "ticket"),
        _ => Vec::new(),
    }
}

/// Every answer about a pool, one a line.
pub async fn every_answer(app: &App) -> String {
    let description = serde_json::to_value(bolao_api::openapi()).unwrap();
    let mut paths = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        let Some(get) = item
            .get("get")
            .filter(|_| !LEFT_OUT.contains(&path.as_str()))
        else {
            continue;
        };
        let names = |place: &str| -> Vec<String> {
            let parameters = get["parameters"].as_array().into_iter().flatten();
            let placed = parameters.filter(|it| it["in"] == place);
            placed
                .map(|it| it["name"].as_str().unwrap().to_owned())
                .collect()
        };
        let mut filled = vec![path.clone()];
        for name in names("path") {
            let is_question = name == "code" && path.starts_with("/api/v1/questions/");
            let values = values(app, if is_question { "question" } else { &name }).await;
            filled = filled
                .iter()
                .flat_map(|path| {
                    values
                        .iter()
                        .map(|value| path.replace(&format!("{{{name}}}"), value))
                })
                .collect();
        }
        for name in names("query") {
            let values = values(app, &name).await;
            filled.extend(
                values
                    .iter()
                    .map(|value| format!("{path}?{name}={value}"))
                    .filter(|path| !path.contains('{')),
            );
        }
        paths.extend(filled);
    }
    paths.sort();
    let mut lines = Vec::new();
    for path in paths {
        let reply = app.get(&path).await;
        let body = serde_json::from_slice(&reply.body)
            .unwrap_or_else(|_| Value::String(hex_or_text(&reply.body)));
        lines.push(format!(
            "{}: {}",
            json!(path),
            json!([reply.status.as_u16(), body])
        ));
    }
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

fn hex_or_text(body: &[u8]) -> String {
    String::from_utf8(body.to_vec()).unwrap_or_else(|_| hex::encode(body))
}

#[tokio::test]
pub async fn every_answer_is_as_recorded() {
    for name in ["open", "sealed", "pos", "hybrid"] {
        let path = crates().join(format!("../tests/recordings/{name}.json"));
        let answers = every_answer(&played(name)).await;
        if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
            fs::write(&path, &answers).unwrap();
        }
        let recorded = fs::read_to_string(&path).unwrap_or_default();
        let differs: Vec<_> = answers
            .lines()
            .filter(|line| !recorded.contains(*line))
            .collect();
        assert!(
            answers == recorded,
            "{} is of another program: {differs:#?}",
            path.display()
        );
    }
}
