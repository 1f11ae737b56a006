#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{cell::RefCell, collections::BTreeSet};

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

use super::*;

/// Gives values that may stand in a parameter's place.
fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("ana")),
        Just(json!(null)),
        Just(json!([["version-rolling"]])),
        Just(json!({"a": 1})),
        any::<f64>().prop_map(|number| json!(number)),
        any::<u32>().prop_map(|number| json!(format!("{number:08x}"))),
        any::<String>().prop_map(|text| json!(text)),
    ]
}

/// A submission with all that belongs to it; one of twenty has a wrong parameter.
fn submission() -> impl Strategy<Value = (&'static str, Value)> {
    let number = |number: u32| format!("{number:08x}");
    let worker = prop_oneof![9 => Just("ana"), 1 => Just("bia")];
    let job = prop_oneof![8 => 1..3_u32, 1 => 3..8_u32, 1 => any::<u32>()];
    let time = prop_oneof![8 => Just(TIME), 1 => TIME - 12..TIME + 14, 1 => any::<u32>()];
    let bits = proptest::option::weighted(0.2, any::<u32>());
    let wrong = proptest::option::weighted(0.05, (0..7_usize, junk()));
    (worker, job, 0..2_u64, time, 0..80_u32, bits, wrong).prop_map(
        move |(worker, job, extranonce2, time, nonce, bits, wrong)| {
            let mut params = vec![
                json!(worker),
                json!(format!("{}{job:08x}", hex::encode(EXTRANONCE1))),
                json!(format!("{extranonce2:016x}")),
                json!(number(time)),
                json!(number(nonce)),
            ];
            params.extend(bits.map(|bits| json!(number(bits & 0x1fff_e000))));
            if let Some((at, junk)) = wrong {
                let at = at.min(params.len() - 1);
                params[at] = junk;
            }
            ("submit", json!(params))
        },
    )
}

fn request() -> impl Strategy<Value = (&'static str, Value)> {
    let method = prop_oneof![
        Just("subscribe"),
        Just("authorize"),
        Just("submit"),
        Just("configure"),
        Just("suggest_difficulty"),
        Just("ping"),
        Just("x"),
    ];
    let any = (method, proptest::collection::vec(junk(), 0..7))
        .prop_map(|(method, params)| (method, json!(params)));
    prop_oneof![
        20 => submission(),
        3 => any,
        1 => Just(("configure", json!([["version-rolling"], {}]))),
    ]
}

/// Whatever a miner sends, there is an answer with its id, and never more than five lines; all that can become of a share
/// does become of some.
#[test]
fn nothing_that_is_sent_upsets_it() {
    let conversation = (
        proptest::bool::weighted(0.95),
        proptest::bool::weighted(0.95),
        proptest::collection::vec(request(), 0..80),
    );
    let seen = RefCell::new(BTreeSet::new());
    TestRunner::deterministic()
        .run(&conversation, |(subscribes, authorizes, requests)| {
            let mut lines = Vec::new();
            if subscribes {
                lines.push(("subscribe", json!([])));
            }
            if authorizes {
                lines.push(("authorize", json!(["ana", "x"])));
            }
            lines.extend(requests);
            let spoken = lines.iter().enumerate().map(|(id, (method, params))| {
                let method = format!("mining.{method}");
                json!({ "id": id, "method": method, "params": params }).to_string()
            });
            let spoken: Vec<String> = spoken.collect();
            let turns = converse(spoken.join("\n").as_bytes());
            prop_assert_eq!(turns.len(), lines.len());
            for (id, (turn, (method, _))) in turns.iter().zip(&lines).enumerate() {
                prop_assert!((1..=5).contains(&turn.len()), "{turn:?}");
                let answer: Value = serde_json::from_str(&turn[0]).unwrap();
                prop_assert_eq!(answer["id"].as_u64(), Some(id as u64));
                if *method == "submit" {
                    let code = answer["error"][0].as_u64().unwrap_or_default();
                    prop_assert_eq!(code == 0, answer["result"] == true);
                    seen.borrow_mut().insert(code);
                }
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(
        seen.into_inner().into_iter().collect::<Vec<_>>(),
        [0, 20, 21, 22, 23, 24, 25]
    );
}

#[test]
fn it_ends_at_a_line_that_is_too_long_or_no_text() {
    let ping = "{\"id\":1,\"method\":\"mining.ping\"}\n";
    let long = format!("{ping}{}\n{ping}", "x".repeat(9_000));
    assert_eq!(converse(long.as_bytes()).len(), 1);
    let bytes = [ping.as_bytes(), b"\xff\n", ping.as_bytes()].concat();
    assert_eq!(converse(&bytes).len(), 1);
    assert_eq!(converse(format!("{ping}{ping}").as_bytes()).len(), 2);
}
