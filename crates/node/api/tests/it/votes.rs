//! What waits for the signatures of other organisers.

use bolao_api::{ApiConfig, SignedId};
use bolao_ledger::{
    Action, BetMode, Fixture, Genesis, MatchCode, MatchNo, Outcome, Quorum, Rules, actions,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    node::{account, join},
    play::{act, at, genesis, result, score},
    v1::all,
};

fn outcome(home: u64, away: u64) -> Outcome {
    Outcome::played(score(home, away))
}

/// The fourth match's fixture, with another number and code, to begin so many seconds after the pool was made.
fn fixture(no: u16, code: &str, kickoff: u64) -> Fixture {
    Fixture {
        no: MatchNo(no),
        code: MatchCode::new(code).unwrap(),
        kickoff: Some(at(kickoff)),
        ..genesis(BetMode::Open).matches[3].clone()
    }
}

/// A pool in which two organisers schedule and all three record.
fn pool() -> App {
    let genesis = genesis(BetMode::Open);
    let genesis = Genesis {
        rules: Rules {
            schedule_quorum: Quorum::of(2),
            results_quorum: Quorum::of(3),
            ..genesis.rules
        },
        ..genesis
    };
    genesis.check().unwrap();
    let app = App::new(genesis, ApiConfig::default());
    for name in ["Org1", "Org2", "Org3"] {
        act(&app, name, join(name));
    }
    app.node.mine_at(at(10));
    app
}

/// The same where a new match, a kick-off and two records of the first match wait.
pub fn waiting() -> App {
    let app = pool();
    for (name, fixture) in [
        ("Org1", fixture(9, "N1", 9_000)),
        ("Org2", fixture(4, "X1", 4_000)),
    ] {
        act(&app, name, Action::Schedule(actions::Schedule { fixture }));
    }
    for (name, outcome) in [
        ("Org1", outcome(2, 1)),
        ("Org2", outcome(2, 1)),
        ("Org3", outcome(0, 0)),
    ] {
        act(&app, name, result(1, outcome));
    }
    app.node.mine_at(at(1_100));
    app
}

fn sorted(mut items: Vec<Value>) -> Vec<Value> {
    items.sort_by_key(|item| item["id"].to_string());
    items
}

#[tokio::test]
async fn all_that_waits_is_there_once_whatever_the_page() {
    let app = waiting();
    let whole = all(&app, "/api/v1/votes", 500).await;
    for limit in [1, 2, 3] {
        assert_eq!(all(&app, "/api/v1/votes", limit).await, whole, "{limit}");
    }
    let codes: Vec<&Value> = whole.iter().map(|item| &item["about"]["code"]).collect();
    assert_eq!(codes, ["X1", "9", "A1", "A1"]);

    let new = fixture(9, "N1", 9_000);
    let action = Action::Schedule(actions::Schedule {
        fixture: new.clone(),
    });
    assert_eq!(
        whole[1],
        json!({
            "id": SignedId::of(&action).to_string(),
            "about": {"no": 9, "code": "9"},
            "type": "schedule",
            "fixture": {
                "no": 9, "code": "N1", "kickoff": "2019-06-05T02:30:00Z", "stage": "Final",
                "home": new.home, "away": new.away,
            },
            "signers": [{"account": account("Org1").to_string(), "name": "Org1"}],
            "signatures_needed": 2,
            // By the node's clock, its kick-off is past.
            "signable": false,
        })
    );
    let ids =
        [outcome(2, 1), outcome(0, 0)].map(|outcome| SignedId::of_record(MatchNo(1), &outcome));
    let records = sorted(whole[2..].to_vec());
    let mut wanted = ids.map(|id| id.to_string());
    wanted.sort();
    assert_eq!([&records[0]["id"], &records[1]["id"]], wanted.each_ref());
    for record in &records {
        let alike = record["id"] == ids[0].to_string();
        let signers = record["signers"].as_array().unwrap();
        let mut names: Vec<&str> = signers
            .iter()
            .map(|signer| signer["name"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(names == ["Org1", "Org2"], alike, "{names:?}");
        assert_eq!(names == ["Org3"], !alike, "{names:?}");
        assert_eq!(
            (&record["type"], &record["signatures_needed"]),
            (&json!("result"), &json!(3))
        );
        assert_eq!(record["signable"], true);
    }
}

#[tokio::test]
async fn what_lies_ahead_can_be_signed() {
    let app = pool();
    let fixture = fixture(9, "N1", 900_000_000);
    act(
        &app,
        "Org1",
        Action::Schedule(actions::Schedule { fixture }),
    );
    app.node.mine_at(at(20));
    let found = all(&app, "/api/v1/votes", 500).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["signable"], true);
}

#[tokio::test]
async fn what_waits_on_one_match() {
    let app = waiting();
    let whole = all(&app, "/api/v1/votes", 500).await;
    for limit in [1, 500] {
        for (which, found) in [
            ("a1", &whole[2..]),
            ("1", &whole[2..]),
            ("X1", &whole[..1]),
            ("9", &whole[1..2]),
            ("b1", &[]),
            ("77", &[]),
        ] {
            let path = format!("/api/v1/votes?match={which}");
            assert_eq!(all(&app, &path, limit).await, found, "{which}");
        }
    }
    app.get("/api/v1/votes?match=N1").await.problem(404);
}

#[tokio::test]
async fn what_takes_effect_spends_all_that_waited() {
    let app = waiting();
    act(&app, "Org3", result(1, outcome(2, 1)));
    let fixture = fixture(4, "X1", 4_000);
    act(
        &app,
        "Org1",
        Action::Schedule(actions::Schedule { fixture }),
    );
    app.node.mine_at(at(1_110));
    let codes = |items: Vec<Value>| -> Vec<Value> {
        items
            .into_iter()
            .map(|item| item["about"]["code"].clone())
            .collect()
    };
    assert_eq!(codes(all(&app, "/api/v1/votes", 500).await), ["9"]);
}

#[tokio::test]
async fn a_final_result_waits_for_nobody() {
    let app = waiting();
    act(&app, "Org3", result(1, outcome(2, 1)));
    app.node.mine_at(at(1_110));
    act(&app, "Org1", result(1, outcome(1, 1)));
    app.node.mine_at(at(1_120));
    assert_eq!(all(&app, "/api/v1/votes?match=a1", 500).await.len(), 1);
    act(&app, "Org2", result(2, outcome(1, 1)));
    app.node.mine_at(at(2_200));
    let game = app.json("/api/v1/matches/a1").await;
    assert_eq!(game["status"], "final");
    assert!(all(&app, "/api/v1/votes?match=a1", 500).await.is_empty());
    let whole = all(&app, "/api/v1/votes", 1).await;
    let codes: Vec<&Value> = whole.iter().map(|item| &item["about"]["code"]).collect();
    assert_eq!(codes, ["X1", "9", "B1"]);
}
