//! A joker, from its signature to its points.

use bolao_api::{ApiConfig, body::Foreseen};
use bolao_ledger::{
    Action, BetMode, Genesis, MatchNo, Outcome,
    actions::{self, JokerRule},
};
use bolao_rulebook::english;
use serde_json::json;

use crate::{
    app::App,
    node::{account, join},
    play::{act, at, bet, genesis, result, score},
};

/// A pool of one joker in each stage, in which Ana has hers on A1.
pub fn with_joker() -> App {
    put(genesis(BetMode::Open))
}

fn put(mut with: Genesis) -> App {
    with.rules.features.jokers = Some(JokerRule {
        factor: 3,
        per_stage: 1,
        in_all: 0,
    });
    with.version = with.rules.genesis_version();
    let app = App::new(with, ApiConfig::default());
    for name in ["Org1", "Org2", "Org3", "Ana", "Ben"] {
        act(&app, name, join(name));
    }
    app.node.mine_at(at(10));
    for name in ["Ana", "Ben"] {
        let bets = vec![bet(1, 2, 1, 10)];
        act(&app, name, Action::Bet(actions::Bet { bets }));
    }
    act(&app, "Ana", on(&[1]));
    app.node.mine_at(at(20));
    app
}

fn on(matches: &[u16]) -> Action {
    let on = matches.iter().copied().map(MatchNo).collect();
    Action::Joker(actions::Joker {
        off: Vec::new(),
        on,
    })
}

#[tokio::test]
async fn a_bet_says_that_it_counts_more_and_counts_more() {
    let app = with_joker();
    for name in ["Org1", "Org2"] {
        act(&app, name, result(1, Outcome::played(score(2, 1))));
    }
    app.node.mine_at(at(1_100));
    let tips = app.json("/api/v1/matches/A1/tips").await;
    let of = |name: &str| {
        let mut all = tips["items"].as_array().unwrap().iter();
        all.find(|it| it["player"]["name"] == name).unwrap().clone()
    };
    let (ana, ben) = (of("Ana"), of("Ben"));
    assert_eq!(ana["points"], 3 * ben["points"].as_u64().unwrap());
    let mark = json!([{ "template": "×{factor}", "values": { "factor": 3 } }]);
    assert_eq!(ana["modifiers"], mark);
    assert!(ben.get("modifiers").is_none());
    let cells = app.json("/api/v1/rounds/Group%20A%2F1/matrix").await;
    assert_eq!(cells["items"][0]["cells"][0]["modifiers"], mark);
    let csv = app.get("/api/v1/tips.csv").await.text();
    let marked = csv.lines().filter(|line| line.ends_with(",×3")).count();
    assert_eq!(marked, 1, "{csv}");
    app.node.mine_at(at(1_700));
    let chips =
        async |name: &str| app.json(&format!("/api/v1/players/{name}")).await["chips"].clone();
    // The pot is shared by the points without it.
    assert_eq!(chips("ana").await, chips("ben").await);
}

#[tokio::test]
async fn a_player_sees_where_the_jokers_are_and_how_many_are_left() {
    let app = with_joker();
    let own = app.json("/api/v1/players/ana/features").await;
    let a1 = json!({ "no": 1, "code": "A1" });
    let jokers = json!({ "factor": 3, "on": [a1], "left": [
        { "stage": "Group A/1", "count": 0 },
        { "stage": "Final", "count": 1 },
    ] });
    assert_eq!(own, json!({ "jokers": jokers }));
    let none = crate::play::joined(BetMode::Open);
    assert_eq!(none.json("/api/v1/players/ana/features").await, json!({}));
}

#[tokio::test]
async fn a_wish_says_what_the_joker_does_or_why_it_is_refused() {
    let mut ahead = genesis(BetMode::Open);
    // By the node's clock the matches have long begun.
    ahead.matches.iter_mut().for_each(|it| it.kickoff = None);
    let app = put(ahead);
    let wish = async |action: Action| {
        let wish = json!({ "type": "act", "action": action });
        let body = json!({ "account": account("Ana"), "wish": wish }).to_string();
        let json = &[("content-type", "application/json")];
        app.request("POST", "/api/v1/wishes", json, body).await
    };
    let refused = wish(on(&[2])).await.json();
    assert_eq!(refused["code"], "no-joker-left", "{refused}");
    let moved = Action::Joker(actions::Joker {
        off: vec![MatchNo(1)],
        on: vec![MatchNo(2)],
    });
    let reply = wish(moved.clone()).await;
    let foreseen: Foreseen = serde_json::from_value(reply.json()).unwrap();
    assert_eq!(foreseen.actions, [moved]);
    let says: Vec<String> = foreseen.says.iter().map(english).collect();
    assert_eq!(says, ["Ana moves jokers from A1 to B1."]);
}
