//! What a node says of a chain, compared with the chain.

use bolao_ledger::Genesis;
use bolao_replay::{Record, Replay, TipRecord};
use serde_json::{Value, json};

use crate::recorded::{Asked, HALF_SIGNED, POOLS, Recorded, end, part};

#[test]
fn what_honest_nodes_answer_is_what_their_chains_make() {
    for name in POOLS.into_iter().chain([HALF_SIGNED]) {
        let recorded = Recorded::read(name);
        let mut asked = recorded.checked();
        assert!(recorded.answers.len() > 8, "{name}");
        for answer in &recorded.answers {
            let compared = asked.compare(answer);
            assert_eq!(
                compared,
                json!({ "state": "equal" }),
                "{name} {}",
                answer["path"]
            );
        }
    }
}

#[test]
fn the_rules_in_sentences_are_those_that_honest_nodes_answer() {
    for name in POOLS {
        let recorded = Recorded::read(name);
        let said = recorded.opened().ok(json!({ "ask": "said" }));
        assert!(said.as_array().unwrap().len() > 15, "{name}");
        assert_eq!(said, recorded.said, "{name}");
    }
    let no_pool = Asked::default().code(json!({ "ask": "said" }));
    assert_eq!(no_pool, "no-pool");
}

/// Fields that no page rests on, or that only the node can say.
const NOT_LOOKED_AT: [&str; 10] = [
    "state",
    "rests_on_provisional",
    "signable",
    "tip",
    // Of the validators: what the node saw of them, and what it says in sentences.
    "away",
    "change",
    "cheated",
    "sentences",
    "staked",
    "twice",
];

/// Where in an answer something stands that is looked at.
fn changes(body: &Value, path: &str, found: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                if !NOT_LOOKED_AT.contains(&name.as_str()) {
                    changes(value, &format!("{path}/{name}"), found);
                }
            }
        }
        Value::Array(parts) => {
            for (index, value) in parts.iter().enumerate() {
                changes(value, &format!("{path}/{index}"), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

/// Every number, text and switch of an answer that is looked at is changed, one at a time.
#[test]
fn whatever_is_changed_in_an_answer_is_seen() {
    let mut changed = 0;
    for name in POOLS.into_iter().chain([HALF_SIGNED]) {
        let mut recorded = Recorded::read(name);
        let mut asked = recorded.checked();
        if name == HALF_SIGNED {
            recorded.answers.retain(|it| it["path"] == "/api/v1/votes");
            assert!(recorded.answers[0]["body"]["items"][2].is_object());
        }
        for answer in &recorded.answers {
            let mut paths = Vec::new();
            changes(&answer["body"], "/body", &mut paths);
            // The stage of a table of a stage is what was asked for.
            paths.retain(|path| path != "/body/stage" || answer["body"]["items"].is_null());
            for path in paths {
                let mut lie = answer.clone();
                let value = lie.pointer_mut(&path).unwrap();
                *value = match value.take() {
                    Value::Number(number) => json!(number.as_u64().unwrap() + 1),
                    Value::Bool(is) => json!(!is),
                    Value::Null => json!(7),
                    Value::String(text) if text.ends_with('Z') && text.contains('T') => {
                        json!("2031-01-01T00:00:00Z")
                    }
                    Value::String(text) => json!(format!("{text}x")),
                    other => panic!("{other}"),
                };
                let of =
                    json!({ "path": answer["path"], "no": answer["no"], "body": answer["body"] });
                if path.starts_with("/body/no") {
                    continue;
                }
                let compared = asked.compare_as(&of, &lie);
                assert_eq!(
                    compared["state"], "different",
                    "{name} {} {path}",
                    answer["path"]
                );
                changed += 1;
            }
        }
    }
    assert!(changed > 500, "{changed}");
}

/// What an answer says besides what the chain has is seen too: a tip that was never missed, say.
#[test]
fn whatever_is_added_to_a_row_is_seen() {
    let mut added = 0;
    for name in POOLS {
        let recorded = Recorded::read(name);
        let mut asked = recorded.checked();
        for answer in &recorded.answers {
            let path = answer["path"].as_str().unwrap();
            let rows = answer["body"]["items"].as_array().map_or(0, Vec::len);
            for (row, field) in (0..rows).flat_map(|row| {
                ["missed", "after_kickoff", "moved", "offer"].map(|field| (row, field))
            }) {
                let mut lie = answer.clone();
                let fields = lie["body"]["items"][row].as_object_mut().unwrap();
                if fields.contains_key(field) {
                    continue;
                }
                fields.insert(field.to_owned(), json!(true));
                let compared = asked.compare(&lie);
                assert_eq!(compared["state"], "different", "{name} {path} {field}");
                added += 1;
            }
        }
    }
    assert!(added > 200, "{added}");
}

#[test]
fn what_is_left_out_added_or_in_another_order_is_named() {
    let recorded = Recorded::read("pos");
    let mut asked = recorded.checked();
    let answer = |path: &str| {
        let found = recorded
            .answers
            .iter()
            .find(|it| it["path"].as_str().unwrap().ends_with(path));
        found.unwrap().clone()
    };
    let mut said = |lie: Value| {
        let compared = asked.compare(&lie);
        let difference = &compared["difference"];
        (
            difference["what"].as_str().unwrap().to_owned(),
            difference["sentence"].as_str().unwrap().to_owned(),
        )
    };
    let tips = recorded
        .answers
        .iter()
        .find(|it| {
            it["path"].as_str().unwrap().ends_with("/tips") && it["body"]["items"][1].is_object()
        })
        .unwrap();
    let items = |lie: &mut Value| lie["body"]["items"].as_array_mut().unwrap().clone();
    let (first, second) = {
        let items = tips["body"]["items"].as_array().unwrap();
        (items[0].clone(), items[1].clone())
    };
    let named = |item: &Value| item["player"]["name"].as_str().unwrap().to_owned();
    let code = first["match"]["code"].as_str().unwrap().to_owned();

    for kept in [&first, &second] {
        let mut lie = tips.clone();
        lie["body"]["items"] = json!([kept]);
        let gone = if kept == &first { &second } else { &first };
        let wanted = format!(
            "This computer leaves out {}'s tip on {code}, which is in the chain.",
            named(gone)
        );
        assert_eq!(said(lie), ("left-out".to_owned(), wanted));
    }
    let mut lie = tips.clone();
    let mut swapped = items(&mut lie);
    swapped.swap(0, 1);
    lie["body"]["items"] = json!(swapped);
    assert_eq!(said(lie).0, "order");

    let mut lie = tips.clone();
    let mut more = items(&mut lie);
    let mut stranger = first.clone();
    stranger["player"] = json!({ "account": "bolao1x", "name": "Eve" });
    more.push(stranger);
    lie["body"]["items"] = json!(more);
    let (what, sentence) = said(lie);
    assert_eq!(what, "unknown");
    assert!(sentence.contains("Eve"), "{sentence}");

    let mut lie = answer("/standings");
    let points = lie["body"]["items"][0]["points"].as_u64().unwrap();
    let best = named(&lie["body"]["items"][0]);
    lie["body"]["items"][0]["points"] = json!(points + 1);
    let wanted = format!(
        "This computer gives the points of {best} as {}; the chain says {points}.",
        points + 1
    );
    assert_eq!(said(lie), ("points".to_owned(), wanted));
}

#[test]
fn the_line_of_one_player_is_compared_with_what_its_table_rests_on() {
    let recorded = Recorded::read("pos");
    let mut asked = recorded.checked();
    let mut tables = recorded.answers.iter().rev();
    let table = tables.find(|it| it["path"] == "/api/v1/standings");
    let body = &table.unwrap()["body"];
    let line = &body["items"][1];
    let account = &line["player"]["account"];
    let honest = json!({
        "players": body["players"],
        "provisional": body["provisional"],
        "items": [line],
    });
    let mut compare = |body: &Value| {
        let of = json!({ "route": "standings", "account": account });
        asked.ok(json!({ "ask": "compare", "of": of, "body": body }))["state"].clone()
    };
    assert_eq!(compare(&honest), "equal");
    // As a player's page has it: without the place before the last round.
    let mut own = honest.clone();
    assert!(own["items"][0]["before"].is_number());
    own["items"][0].as_object_mut().unwrap().remove("before");
    assert_eq!(compare(&own), "equal");
    for field in [
        "/players",
        "/provisional",
        "/items/0/points",
        "/items/0/chips",
    ] {
        let mut lying = honest.clone();
        *lying.pointer_mut(field).unwrap() = json!(99_999);
        assert_eq!(compare(&lying), "different", "{field}");
    }
}

#[test]
fn the_keepers_are_those_of_the_chain() {
    let mut genesis: Value = serde_json::from_str(&Recorded::read("pos").genesis).unwrap();
    genesis["rules"]["tips"] = json!("sealed");
    let validator = genesis["consensus"]["pos"]["voting"]["validators"][0].clone();
    let genesis = genesis.to_string();
    let replay = Replay::new(Genesis::from_json(&genesis).unwrap()).unwrap();
    let (pool, tip) = (replay.pool(), replay.tip());
    let mut asked = Asked::default();
    asked.ok(json!({ "ask": "open_pool", "genesis": genesis, "pool": pool }));
    let tip = Record::Tip(TipRecord {
        pool,
        hash: tip.hash,
        height: tip.height,
        work: tip.work.to_le_bytes(),
        time: tip.header.time(),
    });
    asked.ok_part(&part(&[tip, end(&[])]));

    let keeper = json!({ "account": validator["account"], "name": null });
    let body = json!({
        "has_keepers": true,
        "needed": 1,
        "host_could_look": true,
        "keepers": [{ "keeper": keeper, "key": validator["key"] }],
        "seals": [],
    });
    let honest = json!({ "path": "/api/v1/openings", "body": body });
    assert_eq!(asked.compare(&honest), json!({ "state": "equal" }));
    let own = json!({ "keeper": keeper, "key": "ab".repeat(32) });
    for (field, lie) in [
        ("/keepers", json!([own])),
        ("/keepers", json!([body["keepers"][0], own])),
        ("/keepers", json!([])),
        ("/host_could_look", json!(false)),
        ("/has_keepers", json!(false)),
        ("/keepers/0/keeper/name", json!("Ana")),
    ] {
        let mut lying = honest.clone();
        *lying["body"].pointer_mut(field).unwrap() = lie;
        assert_eq!(asked.compare(&lying)["state"], "different", "{field}");
    }
    let recorded = Recorded::read("pos");
    let none = json!({ "has_keepers": false, "needed": 1, "host_could_look": true, "keepers": [], "seals": [] });
    let none = json!({ "path": "/api/v1/openings", "body": none });
    assert_eq!(recorded.checked().compare(&none)["state"], "equal");
}
