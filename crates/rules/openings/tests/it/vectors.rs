//! Deals with the shares of their keepers, as other languages must make and read them.
//!
//! `BOLAO_WRITE_VECTORS=1` rewrites the file. The randomness of a deal is each program's own; all else is checked of the file.

use bolao_ledger::{Signature, decode, encode};
use bolao_openings::{Deal, combine, holds_bytes, is_held, receipt};
use serde_json::{Value, json};

use super::*;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/deals.json");

fn computed() -> Value {
    let cases = [
        (1, opening(1, 0, 0)),
        (3, opening(258, 2, 1)),
        (4, opening(7, 99, 3)),
    ];
    let deals: Vec<Value> = cases
        .into_iter()
        .map(|(count, opening)| {
            let keys = keepers(count);
            let body = dealt(&opening, &keys);
            let signature = Signature(player(2).sign(&body.signing_bytes(POOL)).into());
            let kept: Vec<Value> = keys
                .iter()
                .map(|key| {
                    let (place, share) = take(POOL, &body, key).unwrap();
                    json!({
                        "secret": hex::encode(key.as_bytes()),
                        "key": hex::encode(public(key).0),
                        "place": place,
                        "share": hex::encode(share.0),
                        "receipt": receipt(POOL, body.id(), key),
                    })
                })
                .collect();
            json!({
                "pool": hex::encode(POOL.0),
                "player": hex::encode(player(2).as_bytes()),
                "account": body.account,
                "match_no": body.match_no,
                "prediction": opening.prediction,
                "salt": hex::encode(opening.salt),
                "commitment": hex::encode(body.commitment),
                "needed": body.needed(),
                "deal_id": body.id().to_string(),
                "holds": hex::encode(holds_bytes(POOL, body.id())),
                "deal": hex::encode(encode(&Deal { body, signature })),
                "keepers": kept,
            })
        })
        .collect();
    json!({ "deals": deals })
}

#[test]
fn vectors_hold() {
    let computed = computed();
    if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
        let text = serde_json::to_string_pretty(&computed).unwrap() + "\n";
        std::fs::write(PATH, text).unwrap();
    }
    let written: Value = serde_json::from_slice(&std::fs::read(PATH).unwrap()).unwrap();
    assert_eq!(computed, written);
    for case in written["deals"].as_array().unwrap() {
        let bytes = |of: &Value| hex::decode(of.as_str().unwrap()).unwrap();
        let deal: Deal = decode(&bytes(&case["deal"])).unwrap();
        deal.check(POOL).unwrap();
        let kept = case["keepers"].as_array().unwrap();
        let shares = kept.iter().map(|keeper| {
            let share = Share(bytes(&keeper["share"]).try_into().unwrap());
            let receipt = Signature(bytes(&keeper["receipt"]).try_into().unwrap());
            let key = ValidatorKey(bytes(&keeper["key"]).try_into().unwrap());
            assert!(is_held(POOL, deal.body.id(), &key, &receipt));
            (
                u8::try_from(keeper["place"].as_u64().unwrap()).unwrap(),
                share,
            )
        });
        let opened = combine(POOL, &deal.body, &shares.collect()).unwrap();
        assert_eq!(hex::encode(opened.salt), case["salt"]);
    }
}
