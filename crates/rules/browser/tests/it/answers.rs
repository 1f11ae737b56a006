//! What a node says of a chain, compared with the chain.

use bolao_ledger::{Genesis, encode};
use bolao_replay::{Record, Replay, TipRecord};
use serde_json::{Value, json};

use crate::recorded::{ASKED, Asked, HALF_SIGNED, POOLS, Recorded, end, part};

#[test]
fn what_honest_nodes_answer_is_what_their_chains_make() {
    for name in POOLS.into_iter().chain([HALF_SIGNED, ASKED]) {
        let recorded = Recorded::read(name);
        let mut asked = recorded.checked();
        assert!(recorded.answers.len() > 25, "{name}");
        for answer in &recorded.answers {
            let path = answer["path"].as_str().unwrap();
            let own = asked.own(path, &answer["final"]).unwrap();
            assert_eq!(own, answer["text"], "{name} {path}");
        }
    }
}

#[test]
fn the_rules_in_sentences_are_those_that_honest_nodes_answer() {
    for name in POOLS {
        let recorded = Recorded::read(name);
        let text = recorded.opened().ok(json!({ "ask": "said" }));
        let said: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
        assert!(said.as_array().unwrap().len() > 15, "{name}");
        assert_eq!(said, recorded.said, "{name}");
    }
    let no_pool = Asked::default().code(json!({ "ask": "said" }));
    assert_eq!(no_pool, "no-pool");
}

/// What a node calls final is taken from it only as far as that is proven here.
#[test]
fn nothing_is_final_that_is_not_proven_here() {
    let mut checked = Recorded::read("hybrid").checked();
    let mut tips = |last_final: Value| {
        let path = "/api/v1/bets?player=Ben";
        let text = checked.own(path, &last_final).unwrap();
        let answer: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
        let items = answer["items"].as_array().unwrap().iter();
        items.map(|it| it["state"].clone()).collect::<Vec<_>>()
    };
    let proven = tips(Value::Null);
    assert!(proven.contains(&json!("final")), "{proven:?}");
    assert_eq!(tips(json!(1_000_000)), proven);
    assert!(tips(json!(0)).iter().all(|it| it == "in_block"));
}

#[test]
fn what_the_chain_does_not_answer_has_a_reason() {
    let mut checked = Recorded::read("pos").checked();
    for path in [
        "/api/v1/status",
        "/api/v1/blocks",
        "/api/v1/transactions?state=pending",
        "/api/v1/matches/A1/unknown",
        "/tips",
        "",
    ] {
        assert_eq!(checked.own(path, &Value::Null), Ok(Value::Null), "{path}");
    }
    for (path, code) in [
        ("/api/v1/matches/None", "not-found"),
        ("/api/v1/players/Nobody/bets", "not-found"),
        ("/api/v1/rounds/Nowhere/matrix", "not-found"),
        ("/api/v1/matches?limit=0", "bad-request"),
        ("/api/v1/matches?limit=x", "bad-request"),
        ("/api/v1/matches?cursor=zz", "bad-request"),
        ("/api/v1/matches?page=2", "bad-request"),
        ("/api/v1/players?limit=1&limit=2", "bad-request"),
        ("/api/v1/matches/%ff", "bad-request"),
        ("/api/v1/standings?stage=A&from=B", "bad-request"),
    ] {
        let error = checked.own(path, &Value::Null).unwrap_err();
        assert_eq!(error.0, code, "{path}: {}", error.1);
    }
    let unread = Recorded::read("pos")
        .opened()
        .own("/api/v1/matches", &Value::Null);
    assert_eq!(unread.unwrap_err().0, "no-check");
}

#[test]
fn the_keepers_are_those_of_the_chain() {
    let mut genesis: Value = serde_json::from_str(&Recorded::read("pos").genesis).unwrap();
    genesis["rules"]["tips"] = json!("sealed");
    let validator = genesis["consensus"]["pos"]["voting"]["validators"][0].clone();
    let genesis = Genesis::from_json(&genesis.to_string()).unwrap();
    let bytes = hex::encode(encode(&genesis));
    let replay = Replay::new(genesis).unwrap();
    let (pool, tip) = (replay.pool(), replay.tip());
    let mut asked = Asked::default();
    asked.ok(json!({ "ask": "open_pool", "genesis": bytes, "pool": pool }));
    let tip = Record::Tip(TipRecord {
        pool,
        tip: tip.into(),
    });
    asked.ok_part(&part(&[tip, end(&[])]));

    let keeper = json!({ "account": validator["account"] });
    let own = |asked: &mut Asked| -> Value {
        let text = asked.own("/api/v1/keepers", &Value::Null).unwrap();
        serde_json::from_str(text.as_str().unwrap()).unwrap()
    };
    let one = json!({
        "has_keepers": true,
        "keepers": [{ "keeper": keeper, "key": validator["key"] }],
        "needed": 1,
        "host_could_look": true,
    });
    assert_eq!(own(&mut asked), one);
    let none = json!({ "has_keepers": false, "keepers": [], "needed": 1, "host_could_look": true });
    assert_eq!(own(&mut Recorded::read("pos").checked()), none);
}
