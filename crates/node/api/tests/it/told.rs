//! What every player is told of organisers' acts, however much else they did.

use bolao_api::{ApiConfig, ReadNode as _};
use bolao_ledger::{Action, BetMode, Fixture, Genesis, Outcome, Quorum, Rules, Text, actions};
use serde_json::Value;

use crate::{
    app::App,
    node::join,
    play::{act, at, genesis, result, score},
    v1::all,
};

/// A pool whose organisers each sign alone.
fn alone() -> App {
    let mut genesis: Genesis = genesis(BetMode::Open);
    genesis.rules = Rules {
        results_quorum: Quorum::of(1),
        dispute_window_s: 100_000,
        ..genesis.rules
    };
    genesis.check().unwrap();
    let app = App::new(genesis, ApiConfig::default());
    act(&app, "Org1", join("Org1"));
    app.node.mine_at(at(10));
    app
}

fn height(app: &App) -> u64 {
    app.node
        .reader()
        .snapshot()
        .unwrap()
        .tip()
        .unwrap()
        .height
        .0
}

fn moves(app: &App, match_index: usize, kickoff: u64) {
    let fixture = Fixture {
        kickoff: Some(at(kickoff)),
        ..app.node.genesis.matches[match_index].clone()
    };
    act(app, "Org1", Action::Schedule(actions::Schedule { fixture }));
}

/// Corrections of the first match, so many in a block.
fn corrected(app: &App, from: u64, count: u64) {
    for number in from..from + count {
        let outcome = Outcome {
            reason: Some(Text::new("read again").unwrap()),
            ..Outcome::played(score(number % 90, 0))
        };
        act(app, "Org1", result(1, outcome));
    }
    app.node.mine_at(at(2_000 + from));
}

async fn told(app: &App, above: u64, limit: usize) -> Vec<Value> {
    all(app, &format!("/api/v1/log?told_above={above}"), limit).await
}

#[tokio::test]
async fn corrections_bury_no_act_that_every_player_is_told() {
    let app = alone();
    moves(&app, 2, 2_500);
    app.node.mine_at(at(20));
    let moved = height(&app);
    app.node.mine_at(at(1_100));
    corrected(&app, 0, 101);
    let acts = told(&app, 0, 500).await;
    let codes: Vec<_> = acts.iter().map(|act| &act["about"]["code"]).collect();
    assert_eq!(
        codes,
        ["F1"],
        "the kick-off that was moved, and no correction"
    );
    assert_eq!(acts[0]["height"], moved);
    assert!(!acts[0]["said"].as_array().unwrap().is_empty());
    assert_eq!(told(&app, moved - 1, 500).await, acts);
    assert!(told(&app, moved, 500).await.is_empty(), "it was seen");
    // The whole log is as long as ever.
    assert_eq!(all(&app, "/api/v1/log", 500).await.len(), 102);
}

#[tokio::test]
async fn what_is_told_comes_page_by_page_and_looks_through_so_many_acts_at_once() {
    let app = alone();
    for (index, kickoff) in [(1, 2_100), (2, 3_100), (2, 3_200)] {
        moves(&app, index, kickoff);
    }
    app.node.mine_at(at(20));
    app.node.mine_at(at(1_100));
    for from in (0..1_050).step_by(150) {
        corrected(&app, from, 150);
    }
    let first = app.json("/api/v1/log?told_above=0").await;
    assert!(first["items"].as_array().unwrap().is_empty(), "{first}");
    assert!(
        first["next_cursor"].is_string(),
        "a thousand acts were looked through"
    );
    for limit in [1, 2, 500] {
        let acts = told(&app, 0, limit).await;
        let places: Vec<_> = acts
            .iter()
            .map(|act| act["seq"].as_u64().unwrap())
            .collect();
        assert_eq!(places, [2, 1, 0], "{limit} a page");
    }
}
