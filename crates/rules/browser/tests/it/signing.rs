//! What keys sign, as the ledger reads it.

use std::collections::BTreeMap;

use bolao_ledger::{
    AccountId, Action, Genesis, PoolId, Signature, Transaction, ValidatorKey, actions, decode,
};
use bolao_openings::{Deal, combine, take};
use bolao_wallet::{Invite, PublicInvite, PushAddress};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use serde_json::{Value, json};

use crate::recorded::{Asked, Recorded, pool_id};

fn player(recorded: &Recorded) -> Asked {
    let mut asked = recorded.opened();
    asked.ok(json!({ "ask": "new_keys", "entropy": "07".repeat(32) }));
    asked
}

fn signed(asked: &mut Asked, pool: PoolId, genesis: &Genesis, nonce: u64, act: Value) -> Action {
    let answer = asked.sign(nonce, act).unwrap();
    let bytes = hex::decode(answer["transaction"].as_str().unwrap()).unwrap();
    let transaction: Transaction = decode(&bytes).unwrap();
    assert_eq!(answer["id"], transaction.id().to_string());
    assert_eq!(
        (answer["nonce"].as_u64(), transaction.body.nonce.0),
        (Some(nonce), nonce)
    );
    let action: Action = serde_json::from_value(answer["action"].clone()).unwrap();
    let checked = transaction.check(genesis, pool).unwrap().into_inner();
    assert_eq!(checked.body.action, action);
    action
}

#[test]
fn a_page_signs_the_acts_of_pages_and_no_other() {
    let vectors = include_str!("../../../ledger/vectors/actions.json");
    let vectors: BTreeMap<String, Value> = serde_json::from_str(vectors).unwrap();
    assert!(!vectors.is_empty());
    let mut asked = player(&Recorded::read("open"));
    for (name, vector) in vectors {
        let act = &vector["transaction"]["body"]["action"];
        let begun = asked.ask(json!({ "ask": "wish", "acts": [act] }));
        if vector["is_of_pages"] == true || name == "join" {
            begun.unwrap();
        } else {
            let refusal = format!("`{name}` is no act of a page");
            assert_eq!(begun, Err(("bad-act".to_owned(), refusal)));
        }
    }
}

#[test]
fn every_act_is_signed_as_the_ledger_reads_it() {
    let recorded = Recorded::read("open");
    let (pool, genesis) = (
        pool_id(&recorded.pool),
        Genesis::from_json(&recorded.genesis).unwrap(),
    );
    let mut asked = player(&recorded);
    let team = json!({ "name": "A" });
    let acts = [
        json!({ "type": "join", "name": "  Ana  Clara " }),
        json!({ "type": "bet", "tips": [{ "match_no": 1, "prediction": { "score": { "home": 2, "away": 1 } }, "stake": 0 }] }),
        json!({ "type": "schedule", "fixture": { "no": 9, "code": "X", "home": team, "away": team, "kickoff": 1, "stage": "S" } }),
        json!({ "type": "result", "match_no": 1, "outcome": { "status": "played", "after_90": { "home": 1, "away": 0 } } }),
        json!({ "type": "object", "match_no": 1, "text": "It was 2–1." }),
    ];
    for (nonce, act) in (0..).zip(acts) {
        signed(&mut asked, pool, &genesis, nonce, act);
    }
    for (act, code) in [
        (json!({ "type": "join", "name": "" }), "bad-name"),
        (
            json!({ "type": "join", "name": "ana (you)" }),
            "misleading-name",
        ),
        (
            json!({ "type": "join", "name": "Organiser" }),
            "misleading-name",
        ),
        (json!({ "type": "dance" }), "bad-act"),
        (json!({ "type": "unstake", "chips": 1 }), "bad-act"),
        (
            json!({ "type": "bet", "tips": [{ "match_no": 99, "prediction": { "score": { "home": 2, "away": 1 } }, "stake": 2_000_000_000 }] }),
            "unknown-account",
        ),
        (
            json!({ "type": "join", "name": "Ana", "invitation": "AQ" }),
            "bad-invitation",
        ),
    ] {
        assert_eq!(asked.sign(0, act).unwrap_err().0, code);
    }
    let object = json!({ "type": "object", "match_no": 1, "text": "No." });
    let refused = |mut asked: Asked| asked.sign(1, object.clone()).unwrap_err().0;
    assert_eq!(refused(recorded.opened()), "no-keys");
    let mut nowhere = Asked::default();
    nowhere.ok(json!({ "ask": "new_keys", "entropy": "07".repeat(32) }));
    assert_eq!(refused(nowhere), "no-pool");
    let mut idle = player(&recorded);
    assert_eq!(idle.step(json!("start")).unwrap_err().0, "no-wish");
    // Other keys do not go on with what was begun for these.
    idle.sign(1, object.clone()).unwrap();
    idle.ok(json!({ "ask": "new_keys", "entropy": "08".repeat(32) }));
    assert_eq!(idle.step(json!("taken")).unwrap_err().0, "no-wish");
}

/// A node refuses one of two, then takes the rest.
#[test]
fn what_is_too_late_is_left_out_of_a_wish() {
    let mut asked = player(&Recorded::read("sealed"));
    let tip = |no: u16| json!({ "match_no": no, "prediction": { "score": { "home": 2, "away": 1 } }, "stake": 0 });
    let late = json!({ "accepted": false, "code": "bet-after-kickoff", "detail": "over" });
    asked
        .sign(7, json!({ "type": "bet", "tips": [tip(1), tip(2)] }))
        .unwrap();
    let tried = asked
        .step(json!({ "refused": { "problem": late } }))
        .unwrap();
    assert_eq!(tried["step"], "try");
    assert_eq!(tried["transactions"].as_array().unwrap().len(), 2);
    assert_eq!(tried["transactions"][0]["action"]["type"], "seal");
    let verdicts = json!([late, { "accepted": true }]);
    let step = asked
        .step(json!({ "verdicts": { "of": verdicts } }))
        .unwrap();
    assert_eq!(step["signed"]["nonce"], 7);
    let done = asked.step(json!("taken")).unwrap();
    let left_out = json!([{ "match_no": 1, "code": "bet-after-kickoff" }]);
    assert_eq!(done, json!({ "step": "done", "left_out": left_out }));
}

#[test]
fn seals_open_by_the_words_alone() {
    let recorded = Recorded::read("sealed");
    let (pool, genesis) = (
        pool_id(&recorded.pool),
        Genesis::from_json(&recorded.genesis).unwrap(),
    );
    let mut asked = player(&recorded);
    let tips =
        json!([{ "match_no": 3, "prediction": { "score": { "home": 4, "away": 2 } }, "stake": 5 }]);
    let action = signed(
        &mut asked,
        pool,
        &genesis,
        6,
        json!({ "type": "bet", "tips": tips }),
    );
    let Action::Seal(actions::Seal { bets }) = action else {
        panic!("{action:?}");
    };
    let commitment = hex::encode(bets[0].commitment);
    let question = |nonce: u64| json!({ "ask": "opening", "match_no": 3, "nonce": nonce, "commitment": commitment });
    let opening = player(&recorded).ok(question(6));
    assert_eq!(
        opening["prediction"],
        json!({ "score": { "home": 4, "away": 2 } })
    );
    assert_eq!(player(&recorded).ok(question(7)), Value::Null);
    signed(
        &mut asked,
        pool,
        &genesis,
        7,
        json!({ "type": "open", "openings": [opening] }),
    );
}

#[test]
fn seals_are_dealt_to_keepers() {
    let recorded = Recorded::read("sealed");
    let (pool, genesis) = (
        pool_id(&recorded.pool),
        Genesis::from_json(&recorded.genesis).unwrap(),
    );
    let mut asked = player(&recorded);
    let tips =
        json!([{ "match_no": 3, "prediction": { "score": { "home": 4, "away": 2 } }, "stake": 5 }]);
    let action = signed(
        &mut asked,
        pool,
        &genesis,
        6,
        json!({ "type": "bet", "tips": tips }),
    );
    let Action::Seal(actions::Seal { bets }) = action else {
        panic!("{action:?}");
    };
    let keepers = [5, 6, 7].map(|seed| SigningKey::from([seed; 32]));
    let keys = keepers.map(|key| ValidatorKey(VerificationKeyBytes::from(&key).into()));
    let commitment = hex::encode(bets[0].commitment);
    let question = |nonce: u64, entropy: String| {
        json!({
            "ask": "deal", "match_no": 3, "nonce": nonce, "commitment": commitment, "round": 0, "keepers": keys,
            "entropy": entropy,
        })
    };
    let other = asked.ok(question(7, "02".repeat(32)));
    assert_eq!(other, Value::Null, "the seal of another transaction");
    let deal = asked.ok(question(6, "01".repeat(32)));
    let deal: Deal = decode(&hex::decode(deal.as_str().unwrap()).unwrap()).unwrap();
    assert_eq!(deal.check(pool), Ok(()));
    let shares: BTreeMap<_, _> = keepers[1..]
        .iter()
        .filter_map(|key| take(pool, &deal.body, key))
        .collect();
    let opening = combine(pool, &deal.body, &shares).unwrap();
    assert_eq!(opening.prediction.to_string(), "4-2");
    assert_eq!(asked.code(question(6, "01".repeat(31))), "bad-question");
}

/// A question for an invitation; `about` is that of the organiser's.
fn make(about: Value) -> Value {
    let mut question = json!({
        "ask": "invite", "uses": 5, "expires": 2_000_000_000, "named": null, "secret": "09".repeat(16),
    });
    for (name, value) in about.as_object().unwrap() {
        question[name] = value.clone();
    }
    question
}

fn text(made: &Value, form: &str) -> String {
    made[form].as_str().unwrap().to_owned()
}

fn read(fragment: &str, kept: Option<&str>) -> Value {
    json!({ "ask": "read_invitation", "fragment": format!("#{fragment}"), "kept": kept })
}

#[test]
fn an_invitation_lets_in() {
    let recorded = Recorded::read("pos");
    let (pool, genesis) = (
        pool_id(&recorded.pool),
        Genesis::from_json(&recorded.genesis).unwrap(),
    );
    let mut organiser = player(&recorded);
    let named = json!({ "height": 3, "hash": "1".repeat(64) });
    let made = organiser.ok(make(json!({ "named": named })));
    let (short, kept, whole) = (
        text(&made, "short"),
        text(&made, "kept"),
        text(&made, "whole"),
    );
    assert_eq!(short.len(), 44);
    assert_eq!(whole.parse::<Invite>().unwrap().pool, pool);

    let mut asked = recorded.opened();
    let public: PublicInvite = kept.parse().unwrap();
    let wants = asked.ok(read(&short, None));
    assert_eq!(wants, json!({ "wants": public.given.ticket.key }));
    let said = asked.ok(read(&short, Some(&kept)));
    assert_eq!(said, asked.ok(read(&whole, None)));
    assert_eq!(
        (&said["named"], &said["ticket"]["uses"], &said["text"]),
        (&named, &json!(5), &json!(whole))
    );

    asked.ok(json!({ "ask": "new_keys", "entropy": "08".repeat(32) }));
    let act = json!({ "type": "join", "name": "Clara", "invitation": said["text"] });
    let Action::Join(actions::Join { invitation, .. }) =
        signed(&mut asked, pool, &genesis, 0, act.clone())
    else {
        panic!();
    };
    assert_eq!(invitation.unwrap().given.ticket.uses, 5);
    let elsewhere = Recorded::read("hybrid");
    let mut other = player(&elsewhere);
    assert_eq!(other.sign(0, act).unwrap_err().0, "other-pool");
}

#[test]
fn a_node_that_lies_about_an_invitation_is_caught() {
    let recorded = Recorded::read("pos");
    let mut organiser = player(&recorded);
    let made = organiser.ok(make(json!({})));
    let (short, kept) = (text(&made, "short"), text(&made, "kept"));
    let mut elsewhere = player(&Recorded::read("hybrid"));
    let named = json!({ "height": 3, "hash": "1".repeat(64) });
    // Each is signed by the organiser, and of the very ticket.
    let lies = [
        elsewhere.ok(make(json!({}))),
        organiser.ok(make(json!({ "named": named }))),
        organiser.ok(make(json!({ "uses": 6 }))),
    ];
    let mut asked = recorded.opened();
    let ticket = kept.parse::<PublicInvite>().unwrap().given.ticket.key;
    for lie in lies.map(|made| text(&made, "kept")) {
        let public: PublicInvite = lie.parse().unwrap();
        assert!(public.is_signed() && public.given.ticket.key == ticket);
        assert_eq!(asked.code(read(&short, Some(&lie))), "other-invitation");
    }
    for lie in ["", "é", &kept[1..]] {
        assert_eq!(asked.code(read(&short, Some(lie))), "other-invitation");
    }
    assert_eq!(asked.code(read(&short[1..], None)), "bad-invitation");
    let long = text(&made, "whole");
    assert_eq!(asked.code(read(&long[1..], None)), "bad-invitation");
    // A short one is nothing to join by before the node has given the rest.
    let act = json!({ "type": "join", "name": "Clara", "invitation": short });
    assert_eq!(organiser.sign(0, act).unwrap_err().0, "bad-invitation");
}

#[test]
fn questions_to_the_rules_are_answered_by_them() {
    let mut asked = Recorded::read("open").opened();
    asked.ok(json!({ "ask": "check_name", "name": "Ana" }));
    assert_eq!(
        asked.code(json!({ "ask": "check_name", "name": "bolao1abc" })),
        "bad-name"
    );
    assert_eq!(asked.code(json!({ "ask": "dance" })), "bad-question");
    let slip = json!({ "ask": "verify_slip", "json": "{}", "pool": null });
    assert_eq!(asked.code(slip), "no-slip");
}

#[test]
fn an_address_for_news_is_signed_as_a_node_reads_it() {
    let recorded = Recorded::read("open");
    let mut asked = player(&recorded);
    let account = asked.ok(json!({ "ask": "new_keys", "entropy": "07".repeat(32) }));
    let account: AccountId = account["account"].as_str().unwrap().parse().unwrap();
    let address = PushAddress {
        endpoint: "https://push.example/a".to_owned(),
        p256dh: "BA".to_owned(),
        auth: "AA".to_owned(),
    };
    let signature = asked.ok(json!({ "ask": "subscribe", "subscription": address }));
    let signature: Signature = serde_json::from_value(signature).unwrap();
    assert!(address.is_signed(pool_id(&recorded.pool), &account, &signature));
}

/// The node's bare word was offered to organisers as the pool's address.
#[test]
fn who_says_that_a_link_is_theirs_has_signed_it() {
    let recorded = Recorded::read("pos");
    let mut asked = recorded.checked();
    let (at, text) = (1_000_000, "serves https://pool.example 0f");
    let key = |name: &str| SigningKey::from(bolao_ledger::sha256d(name.as_bytes()));
    let account = |name: &str| AccountId(VerificationKeyBytes::from(&key(name)).into());
    let signed = |name: &str, text: &str| {
        let pool = pool_id(&recorded.pool);
        let bytes = [
            b"bolao/word/1".as_slice(),
            &pool.0,
            &bolao_ledger::encode(&(1_000_000_u64, text.to_owned())),
        ]
        .concat();
        hex::encode(key(name).sign(&bytes).to_bytes())
    };
    let mut said = |by: &str, signature: String, now: u64| {
        asked.ok(json!({ "ask": "link_said", "text": text, "account": account(by), "at": at, "signature": signature, "now": now }))
    };
    assert_eq!(said("org1", signed("org1", text), at), "Org1");
    for now in [at - 86_400, at + 86_400] {
        assert_eq!(said("org1", signed("org1", text), now), "Org1");
    }
    assert_eq!(said("org1", signed("org1", text), at + 86_401), Value::Null);
    assert_eq!(said("org1", signed("org2", text), at), Value::Null);
    let other = "serves https://other.example 0f";
    assert_eq!(said("org1", signed("org1", other), at), Value::Null);
    // Somebody whom the pool does not know.
    assert_eq!(said("nobody", signed("nobody", text), at), Value::Null);
}
