//! What a single organiser can do, as PLAYING says it: a row for each field of each act.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{collections::BTreeSet, fs, path::Path};

use bolao_ledger::{
    ACTION_KINDS, Action, MatchNo, Outcome, Score, Side, Text, Ticket, UnixSeconds, actions,
};
use serde_json::Value;

use crate::{
    game::{account, address, appoint, day, fixture, organiser, result, schedule},
    paid::paid,
    questions::{answered, ask, choice, number},
};

/// The paths of all that an act says, but for what kind of act it is.
fn fields(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    let Value::Object(object) = value else {
        found.insert(path.to_owned());
        return;
    };
    for (name, value) in object.iter().filter(|(name, _)| *name != "type") {
        let inner = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        // Of a fixture or a question the act is nothing more, and a score is one thing.
        let inner = inner.trim_start_matches("fixture.");
        let inner = inner.trim_start_matches("question.").to_owned();
        match (name.as_str(), value) {
            (
                "fixture" | "team" | "home" | "away" | "outcome" | "day" | "validator" | "question"
                | "asks",
                _,
            ) => {
                fields(value, &inner, found);
            }
            _ => {
                found.insert(inner);
            }
        }
    }
}

/// One of each act that only organisers sign, with nothing left out.
fn acts() -> Vec<Action> {
    let mut whole = fixture(4, "New", Some(1));
    whole.home.code = Some(Text::new("HOM").unwrap());
    whole.away.code = Some(Text::new("AWA").unwrap());
    let score = || Some(Score::new(1, 1).unwrap());
    vec![
        schedule(whole),
        Action::Result(actions::Result {
            match_no: MatchNo(1),
            outcome: Outcome {
                half_time: score(),
                after_120: score(),
                shootout: score(),
                advances: Some(Side::Home),
                reason: Some(Text::new("fog").unwrap()),
                ..Outcome::played(Score::new(1, 1).unwrap())
            },
        }),
        day(1, Some((1, 2))),
        appoint(2, 1),
        organiser(2, true),
        address("https://pool.example"),
        ask(choice(2, 3, Some(1), 1)),
        ask(number(1, 2, &[1])),
        result(0x4000, answered(&[1])),
        paid(2, true),
    ]
}

#[test]
fn every_field_that_a_single_organiser_signs_has_a_row_that_says_what_it_gains() {
    let mut wanted = BTreeSet::new();
    for act in acts() {
        let kind = act.kind().name();
        let mut found = BTreeSet::new();
        fields(&serde_json::to_value(&act).unwrap(), "", &mut found);
        wanted.extend(found.into_iter().map(|field| (kind.to_owned(), field)));
    }
    let ticket = Ticket {
        key: account(1),
        uses: 1,
        expires: UnixSeconds(1),
    };
    // Its key is drawn by whoever makes it, and stands for nothing.
    let Value::Object(ticket) = serde_json::to_value(ticket).unwrap() else {
        panic!("a ticket is an object");
    };
    let fields = ticket.keys().filter(|name| *name != "key");
    wanted.extend(fields.map(|field| ("invitation".to_owned(), field.clone())));
    let playing = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/PLAYING.md");
    let playing = fs::read_to_string(playing).unwrap();
    let (_, table) = playing.split_once("<!-- acts:begin -->").unwrap();
    let (table, _) = table.split_once("<!-- acts:end -->").unwrap();
    let mut said = BTreeSet::new();
    for row in table.lines().filter(|row| row.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert!(!cells[3].is_empty(), "{row}");
        let name = |cell: &str| cell.trim_matches('`').to_owned();
        assert!(said.insert((name(cells[1]), name(cells[2]))), "{row}");
    }
    assert_eq!(said, wanted);
    // Whoever adds an action says here whether organisers sign it.
    let ours: BTreeSet<_> = acts().iter().map(bolao_ledger::Action::kind).collect();
    let others = [
        "join", "bet", "seal", "open", "open_for", "transfer", "object", "stake", "unstake",
        "evidence", "offer", "joker",
    ];
    for kind in ACTION_KINDS {
        assert_ne!(
            ours.contains(kind),
            others.contains(&kind.name()),
            "{}",
            kind.name()
        );
    }
}
