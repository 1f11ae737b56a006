//! Rounds that are won, in the table that they decide.

use bolao_api::ApiConfig;
use bolao_ledger::{Action, BetMode, Outcome, TieBreak, actions};
use serde_json::json;

use crate::{
    app::App,
    node::join,
    play::{act, at, bet, genesis, result, score},
};

/// Ana and Ben have bet on both matches of a round; Ana has won it.
fn played(tie_breaks: Vec<TieBreak>) -> App {
    let mut with = genesis(BetMode::Open);
    with.rules.tie_breaks = tie_breaks;
    let app = App::new(with, ApiConfig::default());
    for name in ["Org1", "Org2", "Org3", "Ana", "Ben"] {
        act(&app, name, join(name));
    }
    app.node.mine_at(at(10));
    for (name, home) in [("Ana", 2), ("Ben", 3)] {
        let bets = vec![bet(1, home, 1, 0), bet(2, 1, 0, 0)];
        act(&app, name, Action::Bet(actions::Bet { bets }));
    }
    app.node.mine_at(at(20));
    for no in [1, 2] {
        for name in ["Org1", "Org2"] {
            act(&app, name, result(no, Outcome::played(score(2, 1))));
        }
        app.node.mine_at(at(1_100 + u64::from(no) * 1_000));
    }
    app
}

#[tokio::test]
async fn the_table_says_who_has_won_which_round() {
    let app = played(vec![TieBreak::Wins, TieBreak::Nearest]);
    let table = app.json("/api/v1/standings").await;
    assert_eq!(table.get("won"), None, "not final yet: {table}");
    app.node.mine_at(at(9_000));
    let table = app.json("/api/v1/standings").await;
    let won = &table["won"];
    assert_eq!(
        (&won[0]["stage"], &won[0]["shared_by"]),
        (&json!("Group A/1"), &json!(1))
    );
    assert_eq!(won[0]["players"][0]["name"], "Ana");
    let first = &table["items"][0];
    assert_eq!(
        (&first["wins"], &first["off"]),
        (&json!(720_720), &json!(0))
    );
    assert_eq!(first.get("bonus"), None);
    let live = app.json("/api/v1/live/standings").await;
    assert_eq!(
        (&live["items"][0]["wins"], &live["items"][0]["before"]),
        (&json!(720_720), &json!(1))
    );
    // They separate nobody in a round's own table.
    let round = app.json("/api/v1/standings?stage=Group%20A%2F1").await;
    assert!(round["items"][0].get("wins").is_none(), "{round}");
}

#[tokio::test]
async fn a_pool_that_does_not_go_by_them_says_nothing_of_them() {
    let app = played(vec![TieBreak::Exact]);
    app.node.mine_at(at(9_000));
    let table = app.json("/api/v1/standings").await;
    assert!(
        table.get("won").is_none() && table["items"][0].get("wins").is_none(),
        "{table}"
    );
}
