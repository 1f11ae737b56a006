//! Who goes through, from a signature to its points.

use bolao_api::ApiConfig;
use bolao_ledger::{
    Action, BetMode, Outcome, Prediction, Side,
    actions::{self, ThroughRule},
};
use serde_json::json;

use crate::{
    app::App,
    node::join,
    play::{act, at, bet, genesis, result, score},
};

/// A pool in which two points are for who goes through in the final, where points are doubled; Ana and Ben have bet on it.
fn played() -> App {
    let mut with = genesis(BetMode::Open);
    with.rules.features.through = Some(ThroughRule {
        points: 2,
        stages: vec!["Final".parse().unwrap()],
    });
    with.version = with.rules.genesis_version();
    let app = App::new(with, ApiConfig::default());
    for name in ["Org1", "Org2", "Org3", "Ana", "Ben"] {
        act(&app, name, join(name));
    }
    app.node.mine_at(at(10));
    for (name, prediction) in [
        ("Ana", Prediction::ThroughAway(score(1, 1))),
        ("Ben", score(1, 1).into()),
    ] {
        let mut tip = bet(3, 1, 1, 0);
        tip.prediction = prediction;
        act(&app, name, Action::Bet(actions::Bet { bets: vec![tip] }));
    }
    app.node.mine_at(at(20));
    let record = Outcome {
        after_120: Some(score(1, 1)),
        shootout: Some(score(3, 4)),
        advances: Some(Side::Away),
        ..Outcome::played(score(1, 1))
    };
    for name in ["Org1", "Org2"] {
        act(&app, name, result(3, record.clone()));
    }
    app.node.mine_at(at(3_100));
    app
}

#[tokio::test]
async fn a_bet_says_who_goes_through_and_gets_the_points() {
    let app = played();
    let tips = app.json("/api/v1/matches/F1/tips").await;
    let of = |name: &str| {
        let mut all = tips["items"].as_array().unwrap().iter();
        all.find(|it| it["player"]["name"] == name).unwrap().clone()
    };
    let (ana, ben) = (of("Ana"), of("Ben"));
    assert_eq!(
        ana["points"].as_u64().unwrap(),
        ben["points"].as_u64().unwrap() + 2 * 2
    );
    assert_eq!(
        (&ana["score"], &ana["through"]),
        (&ben["score"], &json!("away"))
    );
    assert!(ben.get("through").is_none() && ben.get("modifiers").is_none());
    let team = json!({ "teams": [app.json("/api/v1/matches/F1").await["away"]["name"]] });
    let mark = json!([{ "template": "{team} goes through", "values": { "team": team } }]);
    assert_eq!(ana["modifiers"], mark);
    let cells = app.json("/api/v1/rounds/Final/matrix").await;
    assert_eq!(cells["items"][0]["cells"][0]["through"], "away");
}

#[tokio::test]
async fn a_match_says_that_it_counts() {
    let app = played();
    let counts = json!([{ "template": "who goes through +{points}", "values": { "points": 4 } }]);
    assert_eq!(app.json("/api/v1/matches/F1").await["counts"], counts);
    assert!(app.json("/api/v1/matches/A1").await.get("counts").is_none());
}
