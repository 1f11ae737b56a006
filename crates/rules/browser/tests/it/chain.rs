//! The check of a chain.

use bolao_ledger::{
    Action, Block, Certificate, Genesis, Signature, actions, decode, encode, merkle_root,
};
use bolao_replay::{Record, Replay};
use serde_json::{Value, json};

use crate::{
    recorded::{Asked, POOLS, Recorded, end, height, part, pool_id},
    season::season,
};

/// Blocks of a chain, each with what follows it.
fn with_block(recorded: &Recorded, mut change: impl FnMut(&mut Block) -> bool) -> (Vec<u8>, usize) {
    let mut records = recorded.records();
    let mut changed = 0;
    for record in &mut records {
        if let Record::Block(bytes) = record {
            let mut block: Block = decode(bytes).unwrap();
            if changed == 0 && change(&mut block) {
                changed += 1;
                *bytes = encode(&block);
            }
        }
    }
    (part(&records), changed)
}

#[test]
fn a_changed_missing_or_forged_thing_in_the_chain_is_caught() {
    for name in POOLS {
        let recorded = Recorded::read(name);
        let caught = |bytes: &[u8], wanted: &str| {
            let (code, message) = recorded.opened().part(bytes).unwrap_err();
            assert_eq!(code, "broken-chain", "{name}: {message}");
            assert!(
                message.contains(wanted),
                "{name}: {message}, wanted {wanted}"
            );
        };
        // A score in a result.
        let (bytes, changed) = with_block(&recorded, |block| {
            block
                .transactions
                .iter_mut()
                .any(|it| match &mut it.body.action {
                    Action::Result(actions::Result { outcome, .. }) => {
                        outcome.after_90 = Some("9-9".parse().unwrap());
                        true
                    }
                    _ => false,
                })
        });
        assert_eq!(changed, 1);
        caught(&bytes, "Merkle");
        // A bet.
        let (bytes, changed) = with_block(&recorded, |block| {
            let before = block.transactions.len();
            block
                .transactions
                .retain(|it| it.body.action.placed().is_empty());
            block.transactions.len() < before
        });
        assert_eq!(changed, 1);
        caught(&bytes, "Merkle");
        // A block.
        let mut records = recorded.records();
        let at = records
            .iter()
            .rposition(|it| matches!(it, Record::Block(_)))
            .unwrap();
        let last: Block = match &records[at] {
            Record::Block(bytes) => decode(bytes).unwrap(),
            _ => unreachable!(),
        };
        records.truncate(at);
        records.push(end(&records));
        let (code, message) = {
            let mut asked = recorded.opened();
            assert_eq!(
                asked.part(&part(&records)).unwrap(),
                json!({ "more": true })
            );
            let tip = records[0].clone();
            asked.part(&part(&[tip.clone(), end(&[tip])])).unwrap_err()
        };
        assert_eq!(code, "broken-chain");
        let height = last.coinbase.height;
        assert!(
            message.contains(&format!("ends at block {height}")),
            "{message}"
        );
    }
}

#[test]
fn a_forged_certificate_is_caught() {
    for name in ["pos", "hybrid"] {
        let recorded = Recorded::read(name);
        let mut records = recorded.records();
        let certificates = records.iter_mut().filter_map(|record| match record {
            Record::Certificate(bytes) => Some(bytes),
            _ => None,
        });
        let bytes = certificates.last().unwrap();
        // The last byte is of the last signature.
        *bytes.last_mut().unwrap() ^= 1;
        let (code, message) = recorded.opened().part(&part(&records)).unwrap_err();
        assert_eq!(code, "broken-chain");
        assert!(message.contains("is invalid"), "{message}");

        if name == "pos" {
            let mut records = recorded.records();
            let at = records
                .iter()
                .position(|it| matches!(it, Record::Certificate(_)))
                .unwrap();
            let Record::Certificate(bytes) = &mut records[at] else {
                panic!();
            };
            let mut certificate: Certificate = decode(bytes).unwrap();
            let (key, _) = certificate.signatures.pop_first().unwrap();
            *bytes = encode(&certificate);
            let (_, message) = recorded.opened().part(&part(&records)).unwrap_err();
            assert!(message.contains("more than two thirds"), "{message}");
            certificate.signatures.insert(key, Signature([7; 64]));
            records.remove(at);
            let (_, message) = recorded.opened().part(&part(&records)).unwrap_err();
            assert!(message.contains("it has no certificate"), "{message}");
        }
    }
}

/// Many blocks are checked in one batch, and what is wrong in one of them has its name all the same.
#[test]
fn a_tip_that_its_player_did_not_sign_is_caught_though_validators_signed_its_block() {
    let checked = |forged: Option<u64>| {
        let (pool, genesis, records) = season(4, 10, 2, |block| {
            if forged == Some(block.coinbase.height.0) {
                block.transactions[1].signature.0[0] ^= 1;
            }
        })
        .unwrap();
        let mut asked = Asked::default();
        asked.ok(
            json!({ "ask": "open_pool", "genesis": hex::encode(encode(&genesis)), "pool": pool }),
        );
        asked.part(&part(&records))
    };
    assert_eq!(checked(None).unwrap()["checked"]["height"], 22);
    for height in [1, 17, 22] {
        let (code, message) = checked(Some(height)).unwrap_err();
        assert_eq!(code, "broken-chain");
        let wanted = format!("block {height}: transaction 1 of the block");
        assert!(message.contains(&wanted), "{message}, wanted {wanted}");
    }
}

#[test]
fn a_chain_is_kept_up_with_part_by_part() {
    for name in POOLS {
        let recorded = Recorded::read(name);
        let mut asked = recorded.opened();
        let records = recorded.records();
        let tip = records[0].clone();
        let blocks: Vec<usize> = records
            .iter()
            .enumerate()
            .filter(|(_, it)| matches!(it, Record::Block(_)))
            .map(|(index, _)| index)
            .collect();
        for (number, at) in blocks.iter().enumerate() {
            let next = blocks.get(number + 1).copied().unwrap_or(records.len() - 1);
            let mut piece = vec![tip.clone()];
            piece.extend_from_slice(&records[*at..next]);
            piece.push(end(&piece));
            let ended = asked.part(&part(&piece)).unwrap();
            assert_eq!(ended["more"], number + 1 < blocks.len(), "{name} {number}");
            if number + 1 < blocks.len() {
                assert_eq!(
                    asked.own("/api/v1/standings", &Value::Null).unwrap_err().0,
                    "no-check"
                );
            }
        }
        let whole = recorded.opened().part(&recorded.chain).unwrap();
        let asked_for = asked.ok(json!({ "ask": "begin_part", "named": [] }));
        assert_eq!(asked_for["above"], whole["checked"]["tip"]);
        assert_eq!(asked_for["proven"], whole["checked"]["final"]);
        let ended = asked.ok_part(&part(&[tip.clone(), end(&[tip])]));
        assert_eq!(ended, whole);
    }
}

/// A certificate of a block of work may come after blocks above it.
#[test]
fn later_certificates_make_final() {
    let recorded = Recorded::read("hybrid");
    let (mut later, mut bare) = (Vec::new(), Vec::new());
    let mut at = 0;
    for record in recorded.records() {
        match record {
            Record::Certificate(certificate) => later.push(Record::Proof {
                height: bolao_ledger::Height(at),
                certificate,
            }),
            record => {
                at += u64::from(matches!(record, Record::Block(_)));
                bare.push(record);
            }
        }
    }
    let whole = recorded.opened().part(&recorded.chain).unwrap();
    let mut asked = recorded.opened();
    let ended = asked.part(&part(&bare)).unwrap();
    assert_eq!(height(&ended["checked"]["final"]).0, 0);
    let now = json!({ "ask": "begun", "shows": ended["checked"]["clock"], "undecided": false });
    assert_eq!(asked.ok(now.clone()), json!([]));
    let long_after = |undecided: bool| json!({ "ask": "begun", "shows": 4_000_000_000_u64, "undecided": undecided });
    assert_eq!(asked.ok(long_after(false)), json!([]));
    assert_eq!(asked.ok(long_after(true)), json!([1, 2]));
    let mut proofs = vec![bare[0].clone()];
    proofs.extend(later.clone());
    proofs.push(end(&proofs));
    assert_eq!(asked.part(&part(&proofs)).unwrap(), whole);
    assert_eq!(asked.ok(now), json!([1, 2]));
    // Once more: it is not the next checkpoint.
    let (code, _) = asked.part(&part(&proofs)).unwrap_err();
    assert_eq!(code, "broken-chain");
}

/// The chain as it was before its last block.
pub(crate) fn without_last_block(recorded: &Recorded) -> Vec<u8> {
    let mut records = recorded.records();
    let cut = records
        .iter()
        .rposition(|it| matches!(it, Record::Block(_)))
        .unwrap();
    records.truncate(cut);
    let mut replay = Replay::new(Genesis::from_json(&recorded.genesis).unwrap()).unwrap();
    for (at, record) in records.iter().enumerate() {
        let certificate = match records.get(at + 1) {
            Some(Record::Certificate(certificate)) => Some(&**certificate),
            _ => None,
        };
        if let Record::Block(block) = record {
            replay.push(decode(block).unwrap(), certificate).unwrap();
        }
    }
    let reached = *replay.tip();
    if let Record::Tip(tip) = &mut records[0] {
        tip.tip = (&reached).into();
    }
    records.push(end(&records));
    part(&records)
}

#[test]
fn a_worse_chain_than_the_page_has_kept_is_an_older_one() {
    for name in ["open", "sealed"] {
        let recorded = Recorded::read(name);
        let whole = recorded.opened().part(&recorded.chain).unwrap();
        let checked = &whole["checked"];
        let begin = json!({
            "ask": "begin_part",
            "named": [],
            "best": { "work": checked["work"], "tip": checked["tip"] },
        });
        let mut asked = recorded.opened();
        asked.ok(begin.clone());
        let (code, message) = asked.feed_all(&without_last_block(&recorded)).unwrap_err();
        assert_eq!(code, "behind", "{message}");
        assert_eq!(
            asked.own("/api/v1/standings", &Value::Null).unwrap_err().0,
            "no-check"
        );
        let mut asked = recorded.opened();
        asked.ok(begin);
        assert_eq!(asked.feed_all(&recorded.chain).unwrap(), whole);
    }
}

#[test]
fn another_history_is_none_once_a_block_is_final_or_named() {
    let recorded = Recorded::read("pos");
    let whole = recorded.checked().ok_part(&{
        let tip = recorded.records()[0].clone();
        part(&[tip.clone(), end(&[tip])])
    });
    let mut asked = recorded.opened();
    let place = json!({ "height": whole["checked"]["height"], "hash": "7".repeat(64) });
    asked.ok(json!({ "ask": "begin_part", "named": [place] }));
    let (code, message) = asked.feed_all(&recorded.chain).unwrap_err();
    assert_eq!(code, "other-history", "{message}");

    // The node goes back to an earlier block.
    let mut asked = recorded.checked();
    asked.ok(json!({ "ask": "begin_again" }));
    let (code, message) = asked.part(&without_last_block(&recorded)).unwrap_err();
    assert_eq!(code, "behind", "{message}");
    assert_eq!(
        asked.own("/api/v1/standings", &Value::Null).unwrap_err().0,
        "no-check"
    );
}

#[test]
fn below_a_block_that_was_found_final_before_signatures_are_not_checked_again() {
    let recorded = Recorded::read("pos");
    let whole = recorded.opened().part(&recorded.chain).unwrap();
    let seen = |hash: &Value| {
        let place = json!({ "height": whole["checked"]["final"], "hash": hash });
        json!({ "ask": "begin_part", "named": [], "seen": place })
    };
    let begun = || {
        let mut asked = recorded.opened();
        asked.ok(seen(&whole["checked"]["final_hash"]));
        asked
    };
    let mut unsigned = recorded.records();
    for record in &mut unsigned {
        if let Record::Certificate(bytes) = record {
            *bytes.last_mut().unwrap() ^= 1;
        }
    }
    let unsigned = part(&unsigned);
    assert_eq!(begun().feed_all(&unsigned).unwrap(), whole);
    let (code, message) = recorded.opened().part(&unsigned).unwrap_err();
    assert_eq!(code, "broken-chain", "{message}");

    // It is held to the block that it leads to, and to all that its hash is of.
    let mut asked = recorded.opened();
    asked.ok(seen(&json!("7".repeat(64))));
    let (code, message) = asked.feed_all(&recorded.chain).unwrap_err();
    assert_eq!(code, "other-history", "{message}");
    let mut blocks = 0;
    let (forged, _) = with_block(&recorded, |block| {
        blocks += 1;
        let is_last = json!(blocks) == whole["checked"]["final"];
        if is_last {
            block.transactions[0].signature = Signature([7; 64]);
            block.header.merkle_root = merkle_root(&block.leaves());
        }
        is_last
    });
    let (code, message) = begun().feed_all(&forged).unwrap_err();
    assert_eq!(code, "other-history", "{message}");
    let mut asked = begun();
    let (code, message) = asked.feed_all(&without_last_block(&recorded)).unwrap_err();
    assert_eq!(code, "behind", "{message}");
    assert_eq!(
        asked.own("/api/v1/standings", &Value::Null).unwrap_err().0,
        "no-check"
    );
}

#[test]
fn a_pool_that_is_opened_again_is_checked_from_its_beginning() {
    let recorded = Recorded::read("pos");
    let mut asked = recorded.opened();
    let mut bytes = recorded.chain.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    assert_eq!(asked.part(&bytes).unwrap_err().0, "broken-chain");
    assert_eq!(asked.part(&recorded.chain).unwrap_err().0, "broken-chain");
    asked.ok(
        json!({ "ask": "open_pool", "genesis": recorded.genesis_bytes, "pool": recorded.pool }),
    );
    assert_eq!(asked.part(&recorded.chain).unwrap()["more"], false);
}

#[test]
fn another_pool_is_refused() {
    let [one, other] = ["pos", "hybrid"].map(Recorded::read);
    let (code, _) = one.opened().part(&other.chain).unwrap_err();
    assert_eq!(code, "other-pool");
    let mut asked = one.opened();
    let open = json!({ "ask": "open_pool", "genesis": other.genesis_bytes, "pool": one.pool });
    assert_eq!(asked.code(open), "other-pool");
    assert_ne!(pool_id(&one.pool), pool_id(&other.pool));
}

/// Whatever bytes a node sends: an error or a chain, and no panic.
#[test]
fn no_damage_goes_unsaid() {
    let recorded = Recorded::read("pos");
    for at in (0..recorded.chain.len()).step_by(97) {
        let mut bytes = recorded.chain.clone();
        bytes[at] ^= 0x40;
        let mut asked = recorded.opened();
        let ended = asked.part(&bytes);
        assert!(ended.is_err(), "byte {at}: {ended:?}");
        let (code, _) = recorded.opened().part(&recorded.chain[..at]).unwrap_err();
        assert_eq!(code, "cut-off");
    }
}
