#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::MatchNo;
use serde_json::{Value, json};

use super::*;
use crate::view::fixtures::{account_of, match_json, player};

fn cell_json(score: Option<(u8, u8)>, points: Option<u64>, provisional: bool) -> Value {
    json!({
        "score": score.map(|(home, away)| json!({"home": home, "away": away})),
        "sealed": score.is_none(), "stake": 0, "points": points, "tier": null,
        "provisional": provisional,
    })
}

fn matrix(statuses: [&str; 3]) -> Matrix {
    let codes = ["PtCh", "NlEn", "ChEn"];
    let matches: Vec<Value> = codes
        .iter()
        .zip(statuses)
        .map(|(code, status)| {
            let mut game = match_json(1, code, "A", "B");
            game["status"] = json!(status);
            if status != "closed" {
                game["record"] = json!({
                    "version": 0, "score": {"home": 3, "away": 1},
                    "outcome": {"status": "played", "after_90": {"home": 3, "away": 1}},
                    "signers": [], "since": "2019-06-06T21:30:00Z", "final_at": "2019-06-07T21:30:00Z",
                    "provisional": status == "provisional", "objections": 0,
                });
            }
            game
        })
        .collect();
    let row = |place: u32, name: &str, points: u64, cells: Value| {
        json!({
            "player": player(name), "place": place, "points": points, "exact": 0,
            "differences": 0, "tendencies": 0, "missing": 0, "tips": 0, "cells": cells,
        })
    };
    serde_json::from_value(json!({
        "stage": "Semi-finals", "tip": "00", "players": 2, "scored": 2, "provisional": 1,
        "rests_on_provisional": true, "matches": matches,
        "items": [
            row(1, "ana", 7, json!([
                cell_json(Some((3, 1)), Some(4), false), cell_json(Some((2, 0)), Some(3), true),
                cell_json(None, None, false),
            ])),
            row(2, "ben", 2, json!([
                cell_json(Some((1, 0)), Some(2), false), null, cell_json(Some((0, 0)), None, false),
            ])),
        ],
    }))
    .unwrap()
}

#[test]
fn everybodys_tips() {
    let matrix = matrix(["final", "provisional", "closed"]);
    let shown: Vec<String> = tables(&matrix, Some(&account_of("ben")), None)
        .iter()
        .map(output::piped)
        .collect();
    assert_eq!(shown.len(), 1);
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn a_narrow_terminal_gets_several_tables() {
    let matrix = matrix(["final", "provisional", "closed"]);
    for (width, wanted) in [(200, 1), (52, 2), (30, 3), (1, 3)] {
        let shown = tables(&matrix, None, Some(width));
        assert_eq!(shown.len(), wanted, "{width} columns");
        if width >= 52 {
            for table in &shown {
                let widest = output::framed(table)
                    .lines()
                    .map(|line| line.chars().count())
                    .max();
                assert!(widest.unwrap() <= width, "{}", output::framed(table));
            }
        }
    }
    let shown: Vec<String> = tables(&matrix, None, Some(52))
        .iter()
        .map(output::piped)
        .collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn long_codes_give_way_to_numbers() {
    let mut matrix = matrix(["final", "provisional", "closed"]);
    assert_eq!(legend(&matrix.matches), None);
    for (no, game) in (7..).zip(&mut matrix.matches) {
        game.entry.fixture.no = MatchNo(no);
    }
    matrix.matches[1].entry.fixture.code = "MD1-BorussiaMon-Wolverhampt-b5gp".parse().unwrap();
    assert_eq!(legend(&matrix.matches).unwrap(), "8 is A – B.");
    assert_eq!(heading(&matrix.matches[1]), "8\n3-1");
    assert_eq!(heading(&matrix.matches[2]), "ChEn");
}

#[test]
fn who_has_won() {
    let said = |statuses| winner(&matrix(statuses)).unwrap();
    assert_eq!(
        said(["final", "provisional", "closed"]),
        "ana leads the round, with 7 points."
    );
    assert_eq!(
        said(["final", "final", "final"]),
        "ana has won the round, with 7 points."
    );
    let mut shared = matrix(["final", "final", "final"]);
    for row in &mut shared.items {
        row.tally.place = 1;
    }
    assert_eq!(
        winner(&shared).unwrap(),
        "ana, ben have won the round together, with 7 points."
    );
    shared.items.clear();
    assert_eq!(winner(&shared), None);
}

#[test]
fn rounds_with_progress() {
    let rounds: Vec<Round> = serde_json::from_value(json!([
        {"stage": "Semi-finals", "base": "90", "multiplier": 1,
         "matches": [{"no": 1, "code": "PtCh"}, {"no": 2, "code": "NlEn"}], "scored": 2,
         "provisional": 1, "first_kickoff": "2019-06-05T18:45:00Z",
         "last_kickoff": "2019-06-06T18:45:00Z"},
        {"stage": "Final", "base": "120", "multiplier": 3, "matches": [{"no": 3, "code": "PtNl"}],
         "scored": 0, "provisional": 0, "first_kickoff": null, "last_kickoff": null},
    ]))
    .unwrap();
    insta::assert_snapshot!(output::piped(&rounds_table(&rounds)));
}
