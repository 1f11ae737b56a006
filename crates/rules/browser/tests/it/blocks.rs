//! Blocks, as a device draws them from what it has checked.

use bolao_ledger::{Block, decode, encode};
use bolao_replay::Record;
use serde_json::{Value, json};

use crate::recorded::{Asked, POOLS, Recorded, end, part};

/// The part of a chain that is the block at a height, with its certificate if it has one.
fn of(recorded: &Recorded, height: usize) -> Vec<Record> {
    let mut all = recorded.records().into_iter();
    let mut records = vec![all.next().unwrap()];
    let mut rest = all.filter(|it| matches!(it, Record::Block(_) | Record::Certificate(_)));
    let mut blocks = 0;
    records.extend(rest.by_ref().find(|it| {
        blocks += usize::from(matches!(it, Record::Block(_)));
        blocks == height
    }));
    records.extend(
        rest.next()
            .filter(|it| matches!(it, Record::Certificate(_))),
    );
    records.push(end(&records));
    records
}

fn blocks(checked: &mut Asked, below: Value) -> Vec<Value> {
    let found = checked.ok(json!({ "ask": "blocks", "below": below, "limit": 500 }));
    found.as_array().unwrap().clone()
}

#[test]
fn blocks_are_listed_from_the_last_one_down_with_what_they_hold() {
    for name in POOLS {
        let mut checked = Recorded::read(name).checked();
        let all = blocks(&mut checked, Value::Null);
        assert!(all.len() > 4, "{name}");
        assert_eq!(all[0]["next"], Value::Null);
        assert_eq!(all.last().unwrap()["previous"], Value::Null);
        for (block, below) in all.iter().zip(&all[1..]) {
            assert_eq!(block["previous"], below["hash"], "{name}");
            assert_eq!(below["next"], block["hash"], "{name}");
            let height = block["height"].as_u64().unwrap();
            let path = format!("/api/v1/blocks/{height}/transactions?limit=500");
            let own = checked.own(&path, &Value::Null).unwrap();
            let own: Value = serde_json::from_str(own.as_str().unwrap()).unwrap();
            let held = own["items"].as_array().unwrap();
            assert_eq!(block["transactions"], held.len(), "{name} {height}");
            for held in held {
                assert_eq!(held["block"]["hash"], block["hash"], "{name} {height}");
            }
        }
        assert_eq!(blocks(&mut checked, json!(all.len() - 1)), all[1..]);
    }
}

#[test]
fn a_block_is_found_by_its_hash_and_by_its_height() {
    let mut checked = Recorded::read("pos").checked();
    let all = blocks(&mut checked, Value::Null);
    for block in &all {
        for which in [&block["hash"], &json!(block["height"].to_string())] {
            let found = checked.ok(json!({ "ask": "block", "which": which }));
            assert_eq!(found, *block);
        }
    }
    for which in ["a".repeat(64), all.len().to_string(), "first".to_owned()] {
        let found = checked.ok(json!({ "ask": "block", "which": which }));
        assert_eq!(found, Value::Null, "{which}");
    }
}

#[test]
fn who_made_and_confirmed_a_block_is_read_from_its_own_bytes() {
    for name in POOLS {
        let recorded = Recorded::read(name);
        let mut checked = recorded.checked();
        for height in 1..blocks(&mut checked, Value::Null).len() {
            let bytes = part(&of(&recorded, height));
            let at = u32::try_from(height).unwrap();
            let found = checked.read_block(at, &bytes).unwrap();
            assert!(found["miner"]["account"].is_string(), "{name} {height}");
            assert_eq!(
                found["signers"].is_array(),
                name == "pos",
                "{name} {height}"
            );
            // What has not come whole is waited for.
            let cut = &bytes[..bytes.len() / 2];
            assert_eq!(
                checked.read_block(at, cut),
                Ok(Value::Null),
                "{name} {height}"
            );
            // Another block is none of this height.
            let code = checked.read_block(at + 1, &bytes).unwrap_err().0;
            assert_eq!(code, "broken-chain", "{name} {height}");
        }
    }
}

#[test]
fn a_block_of_another_maker_or_with_other_signatures_is_refused() {
    let recorded = Recorded::read("pos");
    let checked = recorded.checked();
    let mut records = of(&recorded, 3);
    let (Record::Block(block), Record::Certificate(certificate)) = (&records[1], &records[2])
    else {
        panic!("{records:?}");
    };
    let (block, certificate) = (block.clone(), certificate.clone());
    for at in 0..certificate.len() {
        let mut forged = certificate.clone();
        forged[at] ^= 1;
        records[2] = Record::Certificate(forged);
        let code = checked.read_block(3, &part(&records)).unwrap_err().0;
        assert_eq!(code, "broken-chain", "byte {at} of the certificate");
    }
    records[2] = Record::Certificate(certificate);
    let mut other: Block = decode(&block).unwrap();
    other.coinbase.miner.0[0] ^= 1;
    records[1] = Record::Block(encode(&other));
    let code = checked.read_block(3, &part(&records)).unwrap_err().0;
    assert_eq!(code, "broken-chain");
    let mut emptied: Block = decode(&block).unwrap();
    emptied.transactions.clear();
    records[1] = Record::Block(encode(&emptied));
    let code = checked.read_block(3, &part(&records)).unwrap_err().0;
    assert_eq!(code, "broken-chain");
}
