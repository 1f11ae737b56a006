//! `POST /api/v1/fixtures/plan`: what a newer file of the pool's matches changes.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use axum::{body::Body, extract::ConnectInfo};
use bolao_api::{
    ApiConfig, Named,
    body::{NewerFileBody, PlanBody, PlannedBody},
};
use bolao_fixtures::pool::Verdict;
use bolao_ledger::{
    Action, BetMode, Genesis, MatchDay, MatchNo, Quorum, StateView as _, Text, UnixSeconds, actions,
};
use futures::{StreamExt as _, stream};
use http::Request;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    app::{App, Reply},
    node::{account, join},
    play::{act, at, genesis},
};

const PLAN: &str = "/api/v1/fixtures/plan";
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

const BYTES: &[(&str, &str)] = &[("content-type", "application/octet-stream")];

/// The pool's matches by their codes, with a kick-off for the one that had none, a new one and a result.
const NEWER: &str = r#"{"name": "Newer", "matches": [
    {"code": "A1", "round": "Group A/1", "date": "2019-06-05", "time": "18:45 UTC+0", "team1": "Portugal", "team2": "Spain",
     "score": {"ft": [2, 1]}},
    {"code": "X1", "round": "Final", "date": "2040-06-09", "time": "19:45 UTC+1", "team1": "Portugal", "team2": "Spain"},
    {"code": "N1", "round": "Final", "date": "2040-06-10", "time": "19:45 UTC+1", "team1": "Spain", "team2": "France"}
]}"#;

/// A pool of four matches of Portugal and Spain.
pub fn pool() -> App {
    pool_of(genesis(BetMode::Open))
}

fn pool_of(mut genesis: Genesis) -> App {
    for game in &mut genesis.matches {
        game.away.name = Text::new("Spain").unwrap();
    }
    let app = App::new(genesis, ApiConfig::default());
    for name in ["Org1", "Org2", "Org3"] {
        act(&app, name, join(name));
    }
    app.node.mine_at(at(10));
    app
}

async fn ask(app: &App, asked: &Value) -> Reply {
    app.request("POST", PLAN, JSON, asked.to_string()).await
}

async fn planned(app: &App, organiser: &str) -> PlanBody {
    let asked = NewerFileBody {
        text: NEWER.to_owned(),
        account: Some(account(organiser)),
        ..NewerFileBody::default()
    };
    let reply = ask(app, &json!(asked)).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let body: PlanBody = serde_json::from_value(reply.json()).unwrap();
    assert_eq!(serde_json::to_value(&body).unwrap(), reply.json());
    body
}

fn of<'a>(plan: &'a PlanBody, code: &str) -> Vec<&'a PlannedBody> {
    let changes = plan.changes.iter();
    changes.filter(|it| it.r#match.code == code).collect()
}

#[tokio::test]
async fn a_file_of_a_spreadsheet_is_text() {
    let app = pool();
    let list = |file: &'static [u8]| app.request("POST", "/api/v1/fixtures/text", BYTES, file);
    let sheet = include_bytes!("../../../../rules/fixtures/tests/corpus/files/winter_cup.xlsx");
    let reply = list(sheet).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let text = reply.json()["text"].as_str().unwrap().to_owned();
    assert!(
        text.contains("2026-11-28\t15:00\tLions\tTigers\t02:01"),
        "{text}"
    );
    assert_eq!(
        reply.json()["unseen"],
        json!({ "rows": "", "columns": "", "cells": "", "sheets": "Old" })
    );
    let hidden = include_bytes!("../../../../rules/fixtures/tests/corpus/files/hidden.xlsx");
    let reply = list(hidden).await.json();
    assert!(
        !reply["text"].as_str().unwrap().contains("Bears"),
        "{reply}"
    );
    assert_eq!(
        reply["unseen"],
        json!({ "rows": "3", "columns": "B", "cells": "A4, C4, D4", "sheets": "Lists" })
    );
    let far = include_bytes!("../../../../rules/fixtures/tests/corpus/files/far_cell.ods");
    // It was parsed for longer than anybody waits.
    let many =
        include_bytes!("../../../../rules/fixtures/tests/corpus/files/one_part_many_sheets.xlsx");
    for (file, code) in [
        (&many[..], "bad-fixtures"),
        (&far[..], "bad-fixtures"),
        (b"PK\x03\x04 no archive", "bad-fixtures"),
    ] {
        let reply = list(file).await;
        assert_eq!(
            (reply.status.as_u16(), reply.json()["code"].as_str()),
            (422, Some(code))
        );
    }
    let reply = list(&[0xFC, b'b', b'e', b'r']).await;
    assert_eq!(reply.json()["text"], "über");
}

#[tokio::test]
async fn what_a_file_changes_is_signed_as_it_is_answered() {
    let app = pool();
    let state = || {
        let snapshot = app.node.store().reader().snapshot().unwrap();
        let pending = snapshot.pending().unwrap();
        (snapshot.scan_bytes(&[], None, usize::MAX).unwrap(), pending)
    };
    let before = state();
    let plan = planned(&app, "Org1").await;
    assert_eq!(state(), before, "nothing is written");
    assert_eq!((plan.matches, plan.known), (3, 2));
    assert_eq!(plan.not_in_file, ["B1", "F1"]);

    let [moved, result] = of(&plan, "A1")[..] else {
        panic!("{plan:?}");
    };
    assert!(matches!(moved.verdict, Verdict::Refused(_)), "{moved:?}");
    assert_eq!(result.verdict, Verdict::Sign);
    let ([scheduled], [new]) = (&of(&plan, "X1")[..], &of(&plan, "N1")[..]) else {
        panic!("{plan:?}");
    };
    assert_eq!((scheduled.r#match.no, new.r#match.no), (4, 5));
    assert_eq!(json!(result.missing), json!([{ "more": 1 }]));
    assert_eq!(json!(scheduled.missing), json!([{ "more": 0 }]));
    for change in [result, scheduled, new] {
        assert_eq!(change.verdict, Verdict::Sign);
        for signed in &change.signs {
            act(&app, "Org1", (**signed).clone());
        }
    }
    app.node.mine_at(at(1_500));

    // One signature is enough for a schedule here, and two are wanted for a result.
    let plan = planned(&app, "Org1").await;
    assert_eq!(of(&plan, "X1").len() + of(&plan, "N1").len(), 0, "{plan:?}");
    assert_eq!(plan.known, 3);
    assert_eq!(of(&plan, "A1")[1].verdict, Verdict::Signed);
    let plan = planned(&app, "Org2").await;
    let result = of(&plan, "A1")[1];
    assert_eq!(result.verdict, Verdict::Sign);
    assert_eq!(json!(result.missing), json!([{ "more": 0 }]));
    act(&app, "Org2", (*result.signs[0]).clone());
    app.node.mine_at(at(1_510));
    let plan = planned(&app, "Org2").await;
    assert_eq!(of(&plan, "A1").len(), 1, "{plan:?}");
}

#[tokio::test]
async fn what_is_doubtful_about_a_new_match_is_said() {
    let mut genesis = genesis(BetMode::Open);
    genesis.days = Some(Vec::new());
    let app = pool_of(genesis);
    let known = r#"{"code": "X1", "round": "Final", "date": "2040-06-09", "time": "19:45 UTC+1", "team1": "Portugal", "team2": "Spain"}"#;
    let new = r#"{"code": "N1", "round": "Final", "date": "2019-06-10", "team1": "Portugla", "team2": "France"}"#;
    let text = format!(r#"{{"name": "Newer", "matches": [{known}, {new}]}}"#);
    let reply = ask(&app, &json!({ "text": text })).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let plan = reply.json();
    let changes = plan["changes"].as_array().unwrap();
    let new = changes.iter().find(|it| it["match"]["code"] == "N1");
    assert_eq!(
        new.unwrap()["doubt"],
        json!({ "why": "alike", "name": "Portugla", "meant": "Portugal" })
    );
    // The pool of this test has no days, and the one who asks says nothing.
    assert_eq!(plan["zone"], "UTC");
    let there = json!({ "text": text, "here": "America/Fortaleza" });
    assert_eq!(ask(&app, &there).await.json()["zone"], "America/Fortaleza");
    let warned = plan["warnings"][0].as_str().unwrap();
    assert!(warned.contains("nobody can bet on it"), "{warned}");
}

#[tokio::test]
async fn days_that_wait_say_whose_days_those_of_a_file_are() {
    let mut genesis = genesis(BetMode::Open);
    genesis.days = Some(Vec::new());
    genesis.rules.schedule_quorum = Quorum::of(2);
    for game in &mut genesis.matches {
        game.kickoff = None;
    }
    let app = pool_of(genesis);
    let text = r#"{"name": "Newer", "matches": [
        {"code": "X1", "round": "Final", "date": "2040-06-09", "team1": "Portugal", "team2": "Spain"}
    ]}"#;
    let planned = async |organiser: &str, here: &str| {
        let asked = json!({ "text": text, "here": here, "account": account(organiser) });
        let reply = ask(&app, &asked).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    };
    let ana = planned("Org1", "Europe/Lisbon").await;
    assert_eq!(ana["zone"], "Europe/Lisbon");
    let signs = ana["changes"][0]["signs"][0].clone();
    let day: Named<Action> = serde_json::from_value(signs).unwrap();
    assert!(
        matches!(*day, Action::Day(actions::Day { day: Some(_), .. })),
        "{ana}"
    );
    act(&app, "Org1", day.into_value());
    app.node.mine_at(at(1_500));
    let bruno = planned("Org2", "Europe/Berlin").await;
    assert_eq!(
        bruno["changes"][0]["signs"], ana["changes"][0]["signs"],
        "{bruno}"
    );
    assert_eq!(bruno["zone"], "UTC+01");
}

/// The pool's days are Berlin's, of summer and of winter; the one who asks is in Fortaleza.
#[tokio::test]
async fn where_clocks_change_among_a_pools_days_those_beside_a_files_count() {
    let mut genesis = genesis(BetMode::Open);
    let day = |no: u16, begins: &str| {
        let begins: jiff::Timestamp = begins.parse().unwrap();
        let begins = UnixSeconds(begins.as_second().unsigned_abs());
        MatchDay {
            match_no: MatchNo(no),
            begins,
            ends: UnixSeconds(begins.0 + 86_400),
        }
    };
    let days = vec![
        day(1, "2040-06-08T22:00:00Z"),
        day(2, "2040-12-08T23:00:00Z"),
    ];
    genesis.days = Some(days);
    for game in &mut genesis.matches {
        game.kickoff = None;
    }
    let app = pool_of(genesis);
    let asked = async |date: &str, zone: Option<&str>| {
        let game = format!(
            r#"{{"code": "X1", "round": "Final", "date": "{date}", "team1": "Portugal", "team2": "Spain"}}"#
        );
        let text = format!(r#"{{"name": "Newer", "matches": [{game}]}}"#);
        let asked = json!({ "text": text, "here": "America/Fortaleza", "zone": zone });
        ask(&app, &asked).await
    };
    for (date, zone) in [("2040-06-02", "UTC+02"), ("2040-12-20", "UTC+01")] {
        let reply = asked(date, None).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.json()["zone"], zone, "{date}");
    }
    let between = asked("2040-10-20", None).await;
    assert_eq!(between.status, 422, "{}", between.text());
    assert_eq!(between.json()["code"], "zone-needed");
    let said = between.text();
    assert!(said.contains("say whose days they are"), "{said}");
    let told = asked("2040-10-20", Some("Europe/Berlin")).await;
    assert_eq!(told.json()["zone"], "Europe/Berlin", "{}", told.text());
}

#[tokio::test]
async fn where_nobody_organises_nothing_can_be_signed() {
    let mut genesis = genesis(BetMode::Open);
    genesis.organisers.clear();
    (genesis.rules.results_quorum, genesis.rules.schedule_quorum) = (Quorum::of(1), Quorum::of(1));
    let app = App::new(genesis, ApiConfig::default());
    let reply = ask(&app, &json!({ "text": NEWER, "anyway": true })).await;
    assert_eq!(reply.json()["code"], "not-an-organiser");
    reply.problem(403);
}

#[tokio::test]
async fn what_cannot_be_compared_says_what_to_do() {
    let app = pool();
    let text = |time: &str, date: &str, home: &str| {
        format!("Date,Time,Home,Away,Round\n{date},{time},{home},Spain,Final\n")
    };
    let coded = async |asked: Value| {
        let reply = ask(&app, &asked).await;
        assert_eq!(reply.status, 422, "{}", reply.text());
        reply.json()["code"].as_str().unwrap().to_owned()
    };
    let no_zone = json!({ "text": text("19:45", "2040-06-09", "Portugal") });
    assert_eq!(coded(no_zone).await, "zone-needed");
    let no_order = json!({ "text": text("19:45", "05/06/2040", "Portugal"), "zone": "UTC" });
    assert_eq!(coded(no_order).await, "dates-needed");
    assert_eq!(coded(json!({ "text": "<html>" })).await, "bad-fixtures");
    let bad_line = json!({ "text": text("19:45", "2040-06-31", "Portugal"), "zone": "UTC" });
    let said = ask(&app, &bad_line).await.json();
    assert_eq!(
        (&said["code"], &said["line"]),
        (&json!("bad-line"), &json!(2))
    );
    let mut other = json!({ "text": text("19:45", "2040-06-09", "Ghana"), "zone": "UTC" });
    assert_eq!(coded(other.clone()).await, "other-competition");
    other["anyway"] = json!(true);
    let reply = ask(&app, &other).await;
    assert_eq!(reply.status, 200, "{}", reply.text());

    let bad = json!({ "text": NEWER, "zone": "Lisbon" });
    assert!(ask(&app, &bad).await.problem(400).contains("Europe/Lisbon"));
    ask(&app, &json!({ "file": NEWER })).await.problem(400);
    let stranger = json!({ "text": NEWER, "account": account("Ana") });
    let reply = ask(&app, &stranger).await;
    assert_eq!(reply.json()["code"], "not-an-organiser");
    reply.problem(403);
    let long = json!({ "text": " ".repeat(1024 * 1024) });
    ask(&app, &long).await.problem(413);
    let plain = app.request("POST", PLAN, &[], NEWER).await;
    plain.problem(415);
}

/// A request of a file from an address elsewhere.
fn from(address: [u8; 4], body: Body) -> Request<Body> {
    let mut request = Request::post(PLAN)
        .header("host", "192.168.1.5:9000")
        .header("content-type", "application/json")
        .body(body)
        .unwrap();
    let caller = SocketAddr::from((address, 4000));
    request.extensions_mut().insert(ConnectInfo(caller));
    request
}

/// A body that begins and never ends.
fn slow() -> Body {
    let begun = stream::once(async { Ok::<_, Infallible>("{") });
    Body::from_stream(begun.chain(stream::pending()))
}

#[tokio::test]
async fn bodies_that_come_slowly_hold_nobody_up() {
    let app = Arc::new(pool());
    let mut waiting = JoinSet::new();
    for number in 0..100_u8 {
        let app = Arc::clone(&app);
        waiting.spawn(async move { app.send(from([192, 0, 2, number], slow())).await.status });
    }
    while waiting.len() > 32 {
        assert_eq!(waiting.join_next().await.unwrap().unwrap(), 503);
    }
    let body = json!({ "text": NEWER }).to_string();
    let reply = app.send(from([198, 51, 100, 1], body.into())).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
}

/// A plan takes long: a stranger gets a few in a row, and this machine as many as it likes.
#[tokio::test]
async fn an_address_plans_now_and_then() {
    let app = pool();
    let body = json!({ "text": NEWER }).to_string();
    let ask = async |address: [u8; 4]| app.send(from(address, body.clone().into())).await;
    let (stranger, other) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    for _ in 0..6 {
        assert_eq!(ask(stranger).await.status, 200);
    }
    let refused = ask(stranger).await;
    assert_eq!(refused.header("retry-after"), "1");
    assert!(refused.problem(429).contains("try again"));
    assert_eq!(ask(other).await.status, 200);
    for _ in 0..8 {
        assert_eq!(ask([127, 0, 0, 1]).await.status, 200);
    }
}
