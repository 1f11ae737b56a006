//! Answers of which the chain says a part.

use serde_json::{Value, json};

use crate::recorded::{ASKED, HALF_SIGNED, POOLS, Recorded};

/// What only the node knows of a seal, of what waits, and of an account.
const NODES_WORD: [&str; 5] = ["dealt", "deal", "will_open", "next_round", "next_nonce"];

/// Every field and row of an answer, as a way through it.
fn ways(body: &Value, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if !way.is_empty() {
        found.push(way.clone());
    }
    let parts: Vec<(String, &Value)> = match body {
        Value::Object(fields) => fields.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(rows) => { rows.iter().enumerate() }
            .map(|(at, it)| (at.to_string(), it))
            .collect(),
        _ => return,
    };
    for (name, part) in parts {
        way.push(name);
        ways(part, way, found);
        way.pop();
    }
}

fn at<'v>(body: &'v mut Value, way: &[String]) -> Option<&'v mut Value> {
    way.iter().try_fold(body, |part, name| match part {
        Value::Array(rows) => rows.get_mut(name.parse::<usize>().unwrap()),
        part => part.get_mut(name),
    })
}

fn another(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_u64().unwrap_or_default() + 1),
        Value::Bool(it) => json!(!it),
        Value::String(text) => json!(format!("{text}0")),
        Value::Null => json!(7),
        Value::Array(rows) if rows.is_empty() => json!([null]),
        Value::Array(_) => json!([]),
        Value::Object(_) => Value::Null,
    }
}

/// The same answer with one lie in it; none where that would be no lie.
fn lies(honest: &Value) -> Vec<(String, Value)> {
    let (mut found, mut ways_of) = (Vec::new(), Vec::new());
    ways(honest, &mut Vec::new(), &mut ways_of);
    for way in ways_of {
        let said = way.join("/");
        let waits = || match way.as_slice() {
            [seals, at, field @ ..] if seals == "seals" => {
                honest["seals"][at.parse::<usize>().unwrap()]["waits"] == true && field != ["waits"]
            }
            _ => false,
        };
        if way.iter().any(|name| NODES_WORD.contains(&name.as_str())) || waits() {
            continue;
        }
        let mut lie = honest.clone();
        let place = at(&mut lie, &way).unwrap();
        *place = another(place);
        found.push((format!("{said} changed"), lie));
        let (name, above) = way.split_last().unwrap();
        let mut dropped = honest.clone();
        let Some(Value::Array(rows)) = at(&mut dropped, above) else {
            continue;
        };
        let row = rows.remove(name.parse().unwrap());
        let mut doubled = honest.clone();
        if let Some(Value::Array(rows)) = at(&mut doubled, above) {
            rows.push(row);
        }
        // What waits is known to the node alone: it may leave it out.
        if above != ["items"] {
            found.push((format!("{said} dropped"), dropped));
            found.push((format!("{said} doubled"), doubled));
        }
    }
    found
}

#[test]
fn what_an_honest_node_says_besides_the_chain_is_taken() {
    for name in POOLS.into_iter().chain([HALF_SIGNED, ASKED]) {
        let recorded = Recorded::read(name);
        let mut checked = recorded.checked();
        assert!(recorded.partly.len() > 8, "{name}");
        for answer in &recorded.partly {
            let path = answer["path"].as_str().unwrap();
            let body = serde_json::from_str(answer["text"].as_str().unwrap()).unwrap();
            assert_eq!(checked.partly(path, &body), json!(true), "{name} {path}");
        }
    }
}

#[test]
fn no_lie_about_the_chain_is_taken_in_what_a_node_says_besides() {
    let mut told = 0;
    for name in POOLS.into_iter().chain([HALF_SIGNED, ASKED]) {
        let recorded = Recorded::read(name);
        let mut checked = recorded.checked();
        for answer in &recorded.partly {
            let path = answer["path"].as_str().unwrap();
            let honest = serde_json::from_str(answer["text"].as_str().unwrap()).unwrap();
            for (what, lie) in lies(&honest) {
                let verdict = checked.partly(path, &lie);
                // A list of what waits may be any part of it.
                let is_part = ["next_cursor changed", "items changed"].contains(&what.as_str());
                assert!(verdict.is_string() || is_part, "{name} {path} {what}");
                told += usize::from(verdict.is_string());
            }
        }
    }
    assert!(told > 300, "{told}");
}

#[test]
fn a_hidden_answer_that_stands_in_the_chain_cannot_be_left_out() {
    let recorded = Recorded::read(ASKED);
    let mut checked = recorded.checked();
    let of = |answer: &&Value| answer["path"].as_str().unwrap().contains("/openings");
    let mut standing = 0;
    for answer in recorded.partly.iter().filter(of) {
        let path = answer["path"].as_str().unwrap();
        let honest: Value = serde_json::from_str(answer["text"].as_str().unwrap()).unwrap();
        let seals = honest["seals"].as_array().unwrap();
        for at in (0..seals.len()).filter(|at| seals[*at]["waits"] == false) {
            standing += 1;
            let mut lie = honest.clone();
            lie["seals"].as_array_mut().unwrap().remove(at);
            assert!(checked.partly(path, &lie).is_string(), "{path}");
        }
    }
    assert!(standing > 0);
}

#[test]
fn of_what_the_chain_says_nothing_nothing_is_compared() {
    let mut checked = Recorded::read("pos").checked();
    for path in [
        "/api/v1/status",
        "/api/v1/peers",
        "/api/v1/openings",
        "/api/v1/transactions?state=pending",
        "/api/v1/transactions/x/slip",
        "",
    ] {
        assert_eq!(checked.partly(path, &json!({})), Value::Null, "{path}");
    }
}
