//! Live scores, lists from the web, and what organisers tell a node.

use bolao_api::{ApiConfig, Live};
use bolao_feeds::{Place, Source, Sources};
use bolao_fixtures::pool::Known;
use bolao_ledger::{Action, MatchNo, UnixSeconds, actions};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::{
    app::App,
    node::{self, account, easy, join},
    play,
};

pub fn now() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_second()).unwrap()
}

pub fn word(app: &App, name: &str, at: u64, text: &str) -> Value {
    let pool = app.node.genesis.pool_id();
    let signature = node::say(pool, name, at, text);
    json!({"account": account(name), "at": at, "text": text, "signature": signature})
}

async fn say(app: &App, word: &Value) -> (u16, String) {
    let json = &[("content-type", "application/json")];
    let reply = app
        .request("POST", "/api/v1/words", json, word.to_string())
        .await;
    let status = reply.status.as_u16();
    let code = if status == 204 {
        String::new()
    } else {
        reply.json()["code"].as_str().unwrap_or_default().to_owned()
    };
    (status, code)
}

/// A pool of Ana's, whose first match has kicked off four hours ago and whose second is yet to come.
pub fn begun() -> App {
    let mut genesis = easy();
    genesis.organisers = vec![account("Ana")];
    let begun = UnixSeconds(now() - 4 * 3_600);
    genesis.matches.truncate(2);
    genesis.matches[0].kickoff = Some(begun);
    genesis.matches[1].kickoff = Some(UnixSeconds(now() + 86_400));
    genesis.created = UnixSeconds(begun.0 - 100);
    let app = App::new(genesis, ApiConfig::default());
    play::act(&app, "Ana", join("Ana"));
    play::act(&app, "Bob", join("Bob"));
    app.node.mine_at(UnixSeconds(now()));
    app
}

#[tokio::test]
async fn an_organiser_tells_a_live_score() {
    let app = begun();
    let at = now();
    let code = app.node.genesis.matches[0].code.to_string();
    let later = app.node.genesis.matches[1].code.to_string();
    let later = format!("live {later} 1-0");
    let text = |score: &str| format!("live {code} {score}");
    let told = say(&app, &word(&app, "Ana", at, &text("1-0 63"))).await;
    assert_eq!(told, (204, String::new()));
    let calls = app.node.calls.lock().unwrap().join(" ");
    assert!(calls.contains(&text("1-0 63")), "{calls}");
    let stranger = say(&app, &word(&app, "Bob", at, &text("1-0 63"))).await;
    assert_eq!(stranger.1, "not-an-organiser");
    let mut changed = word(&app, "Ana", at, &text("1-0 63"));
    changed["text"] = json!(text("9-0 63"));
    assert_eq!(say(&app, &changed).await.1, "bad-signature");
    for (at, text, status) in [
        (at - 400, text("1-0").as_str(), 400),
        (at + 400, text("1-0").as_str(), 400),
        (at, "live A1", 400),
        (at, "live NONE 1-0", 404),
        (at, later.as_str(), 409),
    ] {
        assert_eq!(
            say(&app, &word(&app, "Ana", at, text)).await.0,
            status,
            "{text}"
        );
    }
    assert_eq!(say(&app, &json!({"text": "x"})).await.0, 400);
}

/// It counts the opened tips of a match that is played as if it ended now, and leaves the real table as it is.
#[tokio::test]
async fn the_table_as_it_stands() {
    let app = play::played();
    let bets = vec![play::bet(4, 2, 0, 10)];
    play::act(&app, "Ana", Action::Bet(actions::Bet { bets }));
    app.node.mine_at(play::at(3_200));
    let before = app.json("/api/v1/standings").await;
    assert_eq!(
        app.json("/api/v1/live/standings").await["items"][0]["points"],
        before["items"][0]["points"]
    );
    app.node.live.lock().unwrap().push(Live {
        match_no: MatchNo(4),
        score: "2-0".parse().unwrap(),
        minute: None,
        at: UnixSeconds(now()),
        from: "x".to_owned(),
        word: None,
    });
    let live = app.json("/api/v1/live").await;
    assert_eq!(live["items"][0]["match"]["no"], 4);
    let points = |table: &Value| {
        let rows = table["items"].as_array().unwrap();
        let row = rows
            .iter()
            .find(|row| row["player"]["name"] == "Ana")
            .unwrap();
        (row["points"].as_u64().unwrap(), row["before"].as_u64())
    };
    let (stands, place) = points(&app.json("/api/v1/live/standings").await);
    assert!(stands > points(&before).0, "{stands}");
    assert!(place.is_some());
    assert_eq!(app.json("/api/v1/standings").await, before);
}

/// A list whose results may be signed is a plan, by which an organiser signs them all.
#[tokio::test]
async fn a_list_from_the_web_is_a_plan() {
    let app = begun();
    let begun = app.node.genesis.matches[0].kickoff.unwrap();
    let asked = json!({"text": "", "sources": true, "account": account("Ana")});
    let plan = async || {
        let headers = &[("content-type", "application/json")];
        app.request("POST", "/api/v1/fixtures/plan", headers, asked.to_string())
            .await
    };
    assert_eq!(plan().await.status.as_u16(), 404);

    let file = tempfile::NamedTempFile::new().unwrap();
    let at = jiff::Timestamp::from_second(begun.0.cast_signed()).unwrap();
    let games = app.node.genesis.matches.iter().take(1).map(|game| {
        json!({"round": game.stage, "team1": game.home.name, "team2": game.away.name,
            "date": at.strftime("%F").to_string(), "time": at.strftime("%H:%M UTC+0").to_string(),
            "score": {"ht": [1, 0], "ft": [2, 1]}})
    });
    let list = json!({"name": "x", "matches": games.collect::<Vec<_>>()});
    std::fs::write(file.path(), list.to_string()).unwrap();
    let place: Place = file.path().to_str().unwrap().parse().unwrap();
    let mut sources = Sources::new(vec![Source::new(&place, Some(TimeZone::UTC)).unwrap()]);
    let known: Vec<Known> = app
        .node
        .genesis
        .matches
        .iter()
        .map(|fixture| Known {
            fixture: fixture.clone(),
            day: None,
            record: None,
            postponed: false,
            asks_who_goes_on: false,
        })
        .collect();
    sources.read(&known, UnixSeconds(now() - 700)).await;
    *app.node.told.lock().unwrap() = sources.told();
    let waits = app.json("/api/v1/sources").await;
    assert_eq!(waits["ready"], 0, "{waits}");
    let why = waits["waiting"][0]["why"].as_str().unwrap();
    assert!(why.contains("ten minutes"), "{why}");

    sources.read(&known, UnixSeconds(now())).await;
    *app.node.told.lock().unwrap() = sources.told();
    let ready = app.json("/api/v1/sources").await;
    assert_eq!(ready["ready"], 1, "{ready}");
    let plan = plan().await.json();
    let results = plan["changes"].as_array().unwrap().iter();
    let results: Vec<_> = results.filter(|it| it["verdict"] == "sign").collect();
    assert_eq!(results.len(), 1, "{plan}");
    let outcome = &results[0]["signs"][0]["outcome"];
    assert_eq!(outcome["after_90"]["home"], 2);
    assert!(outcome["half_time"].is_null(), "{outcome}");
}
