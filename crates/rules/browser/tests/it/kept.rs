//! What a device keeps of a check, and a visit that goes on from it.

use std::hash::{DefaultHasher, Hasher as _};

use bolao_replay::Record;
use serde_json::{Value, json};

use crate::{
    chain::without_last_block,
    recorded::{Asked, POOLS, Recorded, end, part},
};

/// What is kept of a chain that was checked, and what was found.
fn kept(recorded: &Recorded, chain: &[u8]) -> (Vec<u8>, Value) {
    let mut asked = recorded.opened();
    let ended = asked.part(chain).unwrap();
    let bytes = asked.keep(false);
    assert!(!bytes.is_empty() && asked.keep(true).is_empty());
    (bytes, ended["checked"].clone())
}

fn seen(checked: &Value) -> Value {
    json!({ "height": checked["final"], "hash": checked["final_hash"] })
}

fn begin(asked: &mut Asked, named: &[Value], seen: &Value) -> Value {
    asked.ok(json!({ "ask": "begin_part", "named": named, "seen": seen }))
}

/// A session that goes on from kept bytes, and what it asks for.
fn recalled(recorded: &Recorded, kept: &[u8], seen: &Value) -> (Asked, Value) {
    let mut asked = recorded.opened();
    assert!(asked.recall(kept));
    let wanted = begin(&mut asked, &[], seen);
    (asked, wanted)
}

/// What a node sends where nothing is new.
fn nothing(recorded: &Recorded) -> Vec<u8> {
    let tip = recorded.records()[0].clone();
    part(&[tip.clone(), end(&[tip])])
}

/// What it sends to who has all but the last block.
fn last_block(recorded: &Recorded) -> Vec<Record> {
    let records = recorded.records();
    let at = records
        .iter()
        .rposition(|it| matches!(it, Record::Block(_)))
        .unwrap();
    let mut last = vec![
        records[0].clone(),
        records[at].clone(),
        records[at + 1].clone(),
    ];
    last.push(end(&last));
    last
}

#[test]
fn what_was_kept_gives_the_same_answers() {
    let recorded = Recorded::read("pos");
    let (kept, checked) = kept(&recorded, &recorded.chain);
    let (mut asked, wanted) = recalled(&recorded, &kept, &seen(&checked));
    assert_eq!(
        wanted,
        json!({ "above": checked["tip"], "proven": checked["final"] })
    );
    // Nothing counts before the node has shown that it has the block.
    assert_eq!(
        asked.own("/api/v1/standings", &Value::Null).unwrap_err().0,
        "no-check"
    );
    let ended = asked.feed_all(&nothing(&recorded)).unwrap();
    assert_eq!(ended, json!({ "more": false, "checked": checked }));
    for answer in &recorded.answers {
        let path = answer["path"].as_str().unwrap();
        assert_eq!(
            asked.own(path, &answer["final"]).unwrap(),
            answer["text"],
            "{path}"
        );
    }
    assert!(asked.keep(true).is_empty());
}

#[test]
fn what_comes_above_it_is_checked_by_every_rule() {
    let recorded = Recorded::read("pos");
    let (_, whole) = kept(&recorded, &recorded.chain);
    let (kept, checked) = kept(&recorded, &without_last_block(&recorded));
    for seen in [seen(&checked), seen(&whole)] {
        let (mut asked, wanted) = recalled(&recorded, &kept, &seen);
        assert_eq!(wanted["above"], checked["tip"]);
        let ended = asked.feed_all(&part(&last_block(&recorded))).unwrap();
        assert_eq!(ended["checked"], whole);
    }
    let mut forged = last_block(&recorded);
    let Record::Certificate(bytes) = &mut forged[2] else {
        unreachable!()
    };
    *bytes.last_mut().unwrap() ^= 1;
    let (mut asked, _) = recalled(&recorded, &kept, &seen(&checked));
    let (code, message) = asked.feed_all(&part(&forged)).unwrap_err();
    assert_eq!(code, "broken-chain", "{message}");
    assert!(asked.keep(true).is_empty());
    // A book that does not reach the block that this device has found final is an older one, kept or not.
    let older = part(&[last_block(&recorded)[0].clone(), end(&[])]);
    let (mut asked, _) = recalled(&recorded, &kept, &seen(&whole));
    assert!(asked.feed_all(&older).is_err());
    assert!(asked.keep(true).is_empty());
}

#[test]
fn it_counts_only_below_what_this_device_has_found_final() {
    let recorded = Recorded::read("pos");
    let (kept, checked) = kept(&recorded, &recorded.chain);
    let other = |height: u64| json!({ "height": height, "hash": "7".repeat(64) });
    let height = checked["final"].as_u64().unwrap();
    for (named, seen) in [
        (vec![], Value::Null),
        (vec![seen(&checked)], Value::Null),
        (vec![], other(height)),
        (vec![], other(height - 1)),
        (vec![other(1)], seen(&checked)),
    ] {
        let mut asked = recorded.opened();
        assert!(asked.recall(&kept));
        let wanted = begin(&mut asked, &named, &seen);
        assert_eq!(
            wanted,
            json!({ "above": null, "proven": 0 }),
            "{named:?} {seen}"
        );
        let same = begin(&mut recorded.opened(), &named, &seen);
        assert_eq!(wanted, same);
    }
    // What is named above it is looked for there.
    let above = json!({ "height": height + 1, "hash": "7".repeat(64) });
    let mut asked = recorded.opened();
    assert!(asked.recall(&kept));
    assert_eq!(
        begin(&mut asked, &[above], &seen(&checked))["above"],
        checked["tip"]
    );
    assert_eq!(asked.feed_all(&nothing(&recorded)).unwrap_err().0, "behind");
}

/// A node that has not the block is read from genesis on, and found out as without what was kept.
#[test]
fn another_history_is_told_as_without_it() {
    let recorded = Recorded::read("pos");
    let (kept, checked) = kept(&recorded, &recorded.chain);
    for (chain, wanted) in [
        (recorded.chain.clone(), None),
        (without_last_block(&recorded), Some("behind")),
        (Recorded::read("hybrid").chain, Some("other-pool")),
    ] {
        let (mut asked, _) = recalled(&recorded, &kept, &seen(&checked));
        asked.ok(json!({ "ask": "begin_again" }));
        assert_eq!(
            begin(&mut asked, &[], &seen(&checked))["above"],
            Value::Null
        );
        let again = asked.feed_all(&chain);
        let mut asked = recorded.opened();
        begin(&mut asked, &[], &seen(&checked));
        assert_eq!(again, asked.feed_all(&chain));
        assert_eq!(again.err().map(|(code, _)| code).as_deref(), wanted);
    }
    let (mut asked, _) = recalled(&recorded, &kept, &seen(&checked));
    asked.ok(json!({ "ask": "begin_again" }));
    let other = json!({ "height": checked["final"], "hash": "7".repeat(64) });
    begin(&mut asked, &[], &other);
    assert_eq!(
        asked.feed_all(&recorded.chain).unwrap_err().0,
        "other-history"
    );
}

#[test]
fn only_chains_of_final_blocks_are_kept_and_only_whole_ones() {
    for name in POOLS {
        let recorded = Recorded::read(name);
        assert_eq!(
            recorded.checked().keep(true).is_empty(),
            name != "pos",
            "{name}"
        );
        let mut asked = recorded.opened();
        assert!(asked.keep(true).is_empty());
        asked.ok(json!({ "ask": "begin_part", "named": [] }));
        assert!(asked.keep(true).is_empty());
        asked
            .feed(&recorded.chain[..recorded.chain.len() - 1])
            .unwrap();
        assert!(asked.keep(true).is_empty());
    }
}

#[test]
fn other_or_damaged_bytes_are_not_taken() {
    let recorded = Recorded::read("pos");
    let (kept, checked) = kept(&recorded, &recorded.chain);
    let refused = |bytes: &[u8]| assert!(!recorded.opened().recall(bytes));
    for at in 0..kept.len() {
        if at % 89 == 0 || at < 64 || kept.len() - at < 64 {
            let mut bytes = kept.clone();
            bytes[at] ^= 0x40;
            refused(&bytes);
            refused(&kept[..at]);
        }
    }
    refused(&[&kept[..], &[0]].concat());
    assert!(!Recorded::read("hybrid").opened().recall(&kept));
    assert!(!Asked::default().recall(&kept));
    // It is taken once, and never in the place of what was read.
    let mut asked = recorded.opened();
    assert!(asked.recall(&kept));
    assert!(!asked.recall(&kept));
    assert!(!recorded.checked().recall(&kept));
    // A refusal leaves everything as it was.
    let mut asked = recorded.opened();
    assert!(!asked.recall(&kept[1..]));
    assert_eq!(asked.part(&recorded.chain).unwrap()["checked"], checked);
}

/// Whoever can write on the device can write any bytes with their digest: no panic.
#[test]
fn hostile_bytes_break_nothing_down() {
    let recorded = Recorded::read("pos");
    let (kept, checked) = kept(&recorded, &recorded.chain);
    let body = &kept[..kept.len() - 8];
    let mut taken = 0;
    let mut tries: Vec<Vec<u8>> = (0..body.len())
        .step_by(61)
        .map(|at| body[..at].to_vec())
        .collect();
    for at in (48..body.len()).step_by(31) {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = body.to_vec();
            bytes[at] ^= change;
            tries.push(bytes);
        }
        // A length of gigabytes.
        let mut bytes = body.to_vec();
        bytes[at..].iter_mut().take(4).for_each(|byte| *byte = 0xff);
        tries.push(bytes);
    }
    for mut bytes in tries {
        let mut digest = DefaultHasher::new();
        digest.write(&bytes);
        bytes.extend(digest.finish().to_le_bytes());
        let mut asked = recorded.opened();
        if !asked.recall(&bytes) {
            continue;
        }
        taken += 1;
        begin(&mut asked, &[], &seen(&checked));
        let _ = asked.feed_all(&nothing(&recorded));
        for answer in recorded.answers.iter().step_by(7) {
            let _ = asked.own(answer["path"].as_str().unwrap(), &answer["final"]);
        }
        let _ = asked.keep(true);
    }
    assert!(taken > 10, "{taken}");
}

/// A session at an address without TLS.
fn insecure(recorded: &Recorded) -> Asked {
    let mut asked = Asked::default();
    asked.keep_blocks();
    asked.ok(
        json!({ "ask": "open_pool", "genesis": recorded.genesis_bytes, "pool": recorded.pool }),
    );
    asked
}

/// The same bytes with another digest behind them, as whoever writes on this device makes it.
fn digested(bytes: &[u8]) -> Vec<u8> {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    [bytes, &hasher.finish().to_le_bytes()].concat()
}

/// What the chain makes was kept, and whoever could write on the device once could change it: chips, points and tips were other ones
/// under the mark "Checked" for good.
#[test]
fn at_an_address_without_tls_blocks_are_kept_and_replayed() {
    let recorded = Recorded::read("pos");
    let (state, checked) = kept(&recorded, &recorded.chain);
    let mut first = insecure(&recorded);
    first.part(&recorded.chain).unwrap();
    let blocks = first.keep(false);
    assert!(!blocks.is_empty() && first.keep(true).is_empty());

    // It goes on from them, and everything is as by the chain itself.
    let mut asked = insecure(&recorded);
    assert!(asked.recall(&blocks));
    assert_eq!(
        asked.own("/api/v1/standings", &Value::Null).unwrap_err().0,
        "no-check"
    );
    let wanted = begin(&mut asked, &[], &seen(&checked));
    assert_eq!(
        wanted,
        json!({ "above": checked["tip"], "proven": checked["final"] })
    );
    let ended = asked.feed_all(&nothing(&recorded)).unwrap();
    assert_eq!(ended, json!({ "more": false, "checked": checked }));
    for answer in &recorded.answers {
        let path = answer["path"].as_str().unwrap();
        let own = asked.own(path, &answer["final"]).unwrap();
        assert_eq!(own, answer["text"], "{path}");
    }

    // A state, right or changed, is none; with TLS one with another digest is believed.
    let content = &state[..state.len() - 8];
    let mut changed = (0..content.len()).rev().map(|at| {
        let mut content = content.to_vec();
        content[at] ^= 1;
        digested(&content)
    });
    let believed = changed.find(|state| recorded.opened().recall(state));
    for state in [&state, &believed.unwrap()] {
        assert!(!insecure(&recorded).recall(state));
    }
    assert!(!recorded.opened().recall(&blocks));
    // Of blocks nothing can be changed.
    for at in (0..blocks.len()).step_by(101) {
        let mut blocks = blocks.clone();
        blocks[at] ^= 1;
        assert!(!insecure(&recorded).recall(&blocks), "byte {at}");
        assert!(!insecure(&recorded).recall(&blocks[..at]), "{at} bytes");
    }
    assert!(!insecure(&recorded).recall(&[&*blocks, b"x"].concat()));
}

/// Blocks that came without their end come again, and are kept once.
#[test]
fn blocks_that_were_cut_off_are_kept_once() {
    let recorded = Recorded::read("pos");
    let mut asked = insecure(&recorded);
    begin(&mut asked, &[], &Value::Null);
    asked
        .feed(&recorded.chain[..recorded.chain.len() * 2 / 3])
        .unwrap();
    let wanted = begin(&mut asked, &[], &Value::Null);
    // The node sends what is above the block that was reached.
    let mut above = Vec::new();
    let mut is_above = wanted["above"].is_null();
    for record in recorded.records() {
        match &record {
            Record::Block(bytes) if !is_above => {
                let block: bolao_ledger::Block = bolao_ledger::decode(bytes).unwrap();
                is_above = wanted["above"] == json!(block.hash());
                continue;
            }
            Record::Certificate(_) if above.len() == 1 => continue,
            _ => {}
        }
        if is_above || matches!(record, Record::Tip(_)) {
            above.push(record);
        }
    }
    above.pop_if(|it| matches!(it, Record::End { .. }));
    above.push(end(&above));
    let ended = asked.feed_all(&part(&above)).unwrap();
    assert_eq!(ended["more"], false);
    let blocks = asked.keep(false);
    let mut again = insecure(&recorded);
    assert!(again.recall(&blocks));
    let wanted = begin(&mut again, &[], &seen(&ended["checked"]));
    assert_eq!(wanted["above"], ended["checked"]["tip"]);
}
