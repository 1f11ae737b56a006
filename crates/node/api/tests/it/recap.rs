//! Rounds in a few lines, once they are over.

use bolao_api::{ApiConfig, body::StandingsBody};
use bolao_ledger::{Action, BetMode, Outcome, Status, actions};
use bolao_rulebook::english_with;
use serde_json::Value;

use crate::{
    app::App,
    node::join,
    play::{act, at, bet, genesis, result, score},
};

const GROUP: &str = "/api/v1/standings?stage=Group%20A%2F1";
const FINAL: &str = "/api/v1/standings?stage=Final";

/// A pool of these players; each with a tip on matches 1, 2 and 3.
fn tipped(players: &[(&str, [(u64, u64); 3])]) -> App {
    let app = App::new(genesis(BetMode::Open), ApiConfig::default());
    let all = ["Org1", "Org2"]
        .into_iter()
        .chain(players.iter().map(|(name, _)| *name));
    for name in all {
        act(&app, name, join(name));
    }
    app.node.mine_at(at(10));
    for (name, tips) in players {
        let bets = (1..)
            .zip(tips)
            .map(|(no, (home, away))| bet(no, *home, *away, 0));
        act(
            &app,
            name,
            Action::Bet(actions::Bet {
                bets: bets.collect(),
            }),
        );
    }
    app.node.mine_at(at(20));
    app
}

/// Lets both organisers sign what became of matches, and time pass until that is final.
fn ended(app: &App, after: u64, outcomes: &[(u16, Outcome)]) {
    for (no, outcome) in outcomes {
        for name in ["Org1", "Org2"] {
            act(app, name, result(*no, outcome.clone()));
        }
    }
    app.node.mine_at(at(after));
    app.node.mine_at(at(after + 600));
}

fn goals(home: u64, away: u64) -> Outcome {
    Outcome::played(score(home, away))
}

/// The lines of a table's recap, and what each is about.
async fn told(app: &App, path: &str) -> Vec<(String, String)> {
    let table: Value = app.json(path).await;
    let table: StandingsBody = serde_json::from_value(table).unwrap();
    let about = |it: &_| {
        serde_json::to_value(it)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    { table.recap.into_iter() }
        .flat_map(|it| it.lines)
        .map(|it| (about(&it.about), english_with(&it.says, &it.says)))
        .collect()
}

fn same(told: &[(String, String)], wanted: &[(&str, &str)]) {
    let told: Vec<(&str, &str)> = told.iter().map(|(a, b)| (&**a, &**b)).collect();
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn each_round_is_told_until_the_next_moves_players_again() {
    let app = tipped(&[
        ("Ana", [(2, 1), (1, 0), (1, 0)]),
        ("Ben", [(3, 1), (0, 1), (1, 0)]),
        ("Cid", [(0, 1), (0, 2), (3, 3)]),
        ("Dan", [(1, 0), (0, 1), (2, 0)]),
    ]);
    ended(&app, 1_100, &[(1, goals(2, 1))]);
    same(&told(&app, GROUP).await, &[]);
    ended(&app, 2_100, &[(2, goals(2, 1))]);
    let next = "Next: Portugal – Portugal, 2019-06-05T00:50:00Z.";
    let group = [
        ("won", "Group A/1: won by Ana with 7 points."),
        ("tip", "Portugal – Portugal 2:1? Only Ana called it."),
        (
            "upset",
            "Portugal – Portugal 2:1 fooled most of you: only 1 of 4 tips saw it coming.",
        ),
    ];
    same(
        &told(&app, GROUP).await,
        &[&group[..], &[("next", next)]].concat(),
    );
    same(&told(&app, FINAL).await, &[]);

    let off = Outcome {
        status: Status::Cancelled,
        after_90: None,
        ..goals(0, 0)
    };
    ended(&app, 5_000, &[(3, goals(3, 3)), (4, off)]);
    same(
        &told(&app, FINAL).await,
        &[
            ("won", "Final: won by Cid with 8 points."),
            ("tip", "Portugal – Portugal 3:3? Only Cid called it."),
            (
                "upset",
                "Portugal – Portugal 3:3 fooled most of you: only 1 of 4 tips saw it coming.",
            ),
            ("climbed", "On the march: Cid, up 3 places to number 1."),
            ("leads", "Final whistle! Finishing top: Cid on 8 points."),
        ],
    );
    // What the round did to the table is no news any more.
    same(&told(&app, GROUP).await, &group);
}

#[tokio::test]
async fn equals_share_a_round_and_nobody_is_told_who_had_nothing() {
    let app = tipped(&[
        ("Ana", [(2, 1), (2, 1), (0, 0)]),
        ("Ben", [(2, 1), (2, 1), (0, 0)]),
        ("Cid", [(2, 1), (2, 1), (0, 0)]),
    ]);
    ended(&app, 2_100, &[(1, goals(2, 1)), (2, goals(0, 5))]);
    same(
        &told(&app, GROUP).await[..3],
        &[
            (
                "won",
                "Group A/1: won by Cid, Ana and 1 other with 4 points each.",
            ),
            (
                "tip",
                "Spot on with Portugal – Portugal 2:1: Cid, Ana and 1 other.",
            ),
            ("upset", "Nobody saw Portugal – Portugal 0:5 coming."),
        ],
    );
    let app = tipped(&[("Ana", [(2, 1), (2, 1), (0, 0)])]);
    ended(&app, 2_100, &[(1, goals(0, 5)), (2, goals(0, 5))]);
    let told = told(&app, GROUP).await;
    let wanted = (
        "won",
        "Group A/1: no points, no winner. Literally pointless.",
    );
    same(&told[..1], &[wanted]);
    assert_eq!(told[1].0, "next", "{told:?}");
}

#[tokio::test]
async fn it_is_of_a_round_and_on_the_first_page_alone() {
    let app = tipped(&[
        ("Ana", [(2, 1), (2, 1), (0, 0)]),
        ("Ben", [(0, 0), (1, 1), (0, 0)]),
    ]);
    ended(&app, 2_100, &[(1, goals(2, 1)), (2, goals(0, 5))]);
    assert!(!told(&app, GROUP).await.is_empty());
    same(&told(&app, "/api/v1/standings").await, &[]);
    let first = app.json(&format!("{GROUP}&limit=1")).await;
    assert!(first.get("recap").is_some(), "{first}");
    let cursor = first["next_cursor"].as_str().unwrap();
    same(
        &told(&app, &format!("{GROUP}&limit=1&cursor={cursor}")).await,
        &[],
    );
}
