//! Receipts from the outside: what the published ones prove, and that every altered bit fails, with a reason.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_headers::HeaderError;
use bolao_ledger::{BlockHash, Height, PoolId};
use bolao_receipts::{Proven, Slip, SlipError, verify};
use serde_json::{Value, json};

mod checkpoints;
mod votes;

/// The bytes of a header above genesis whose version is 1.
const HEADER: usize = 41;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/slip.json")).unwrap()
}

fn pool_and_text(vector: &Value) -> (PoolId, String) {
    let pool = vector["pool"].as_str().unwrap().parse().unwrap();
    (pool, vector["slip"].as_str().unwrap().to_owned())
}

/// A good one: its transaction is in block 3 of 4.
fn slip() -> (PoolId, String) {
    pool_and_text(&vectors()["good"]["fixed"])
}

#[test]
fn the_published_slips_prove_what_they_proved() {
    let vectors = vectors();
    let good = vectors["good"].as_object().unwrap();
    assert_eq!(good.len(), 6);
    for (what, vector) in good {
        let (pool, text) = pool_and_text(vector);
        let report = verify(&Slip::from_json(&text).unwrap(), pool).unwrap();
        let kept = &vector["report"];
        assert_eq!(report.id.to_string(), kept["transaction"], "{what}");
        assert_eq!(report.block.to_string(), kept["block"], "{what}");
        assert_eq!(report.height.0, kept["height"], "{what}");
        assert_eq!(report.clock.0, kept["clock"], "{what}");
        match report.proven {
            Proven::Work(proven) => {
                assert_eq!(proven.confirmations, kept["confirmations"], "{what}");
                assert_eq!(proven.work, kept["work"], "{what}");
                assert_eq!(proven.first_work, kept["first_work"], "{what}");
            }
            Proven::Votes(proven) => {
                assert_eq!(proven.signers, kept["signers"], "{what}");
                assert_eq!(proven.validators, kept["validators"], "{what}");
                assert_eq!(proven.weight, kept["weight"], "{what}");
                assert_eq!(proven.total, kept["total"], "{what}");
                assert_eq!(proven.changes, kept["changes"], "{what}");
                assert_eq!(proven.signed.0, kept["signed"], "{what}");
                let deciders = kept["deciders"].as_array().unwrap();
                assert_eq!(proven.deciders.len(), deciders.len(), "{what}");
                for (got, kept) in proven.deciders.iter().zip(deciders) {
                    assert_eq!(got.since.0, kept["since"], "{what}");
                    assert_eq!(got.until.0, kept["until"], "{what}");
                    assert_eq!(got.validators, kept["validators"], "{what}");
                    let enough: Vec<_> = got.enough.iter().map(ToString::to_string).collect();
                    assert_eq!(json!(enough), kept["enough"], "{what}");
                }
            }
            other => panic!("{other:?}"),
        }
    }
    let bad = vectors["bad"].as_object().unwrap();
    assert_eq!(bad.len(), 20);
    for (what, vector) in bad {
        let (pool, text) = pool_and_text(vector);
        let proven = Slip::from_json(&text).and_then(|slip| verify(&slip, pool));
        proven.expect_err(what);
    }
}

#[test]
fn a_changed_bit_anywhere_in_the_file_fails() {
    let (pool, text) = pool_and_text(&vectors()["good"]["asert"]);
    no_bit_can_change(pool, &text);
}

fn no_bit_can_change(pool: PoolId, text: &str) {
    verify(&Slip::from_json(text).unwrap(), pool).unwrap();
    for index in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.as_bytes().to_vec();
            bytes[index] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            let result = Slip::from_json(&changed).and_then(|slip| verify(&slip, pool));
            assert!(result.is_err(), "byte {index}, bit {bit}: {changed}");
        }
    }
}

fn headers(slip: &mut Slip) -> &mut Vec<u8> {
    slip.headers.as_mut().unwrap()
}

#[test]
fn a_changed_bit_anywhere_in_what_it_holds_fails() {
    let (pool, text) = slip();
    let good = Slip::from_json(&text).unwrap();
    let parts: [fn(&mut Slip) -> &mut Vec<u8>; 3] = [
        |slip| &mut slip.transaction,
        |slip| &mut slip.path,
        |slip| headers(slip),
    ];
    for part in parts {
        let mut slip = good.clone();
        for index in 0..part(&mut slip).len() {
            for bit in 0..8 {
                part(&mut slip)[index] ^= 1 << bit;
                assert!(verify(&slip, pool).is_err(), "byte {index}, bit {bit}");
                part(&mut slip)[index] ^= 1 << bit;
            }
        }
        part(&mut slip).pop();
        assert!(verify(&slip, pool).is_err());
        part(&mut slip).clear();
        assert!(verify(&slip, pool).is_err());
    }
    for bit in 0..32 {
        let mut slip = good.clone();
        slip.position ^= 1 << bit;
        assert!(verify(&slip, pool).is_err(), "position, bit {bit}");
        let mut slip = good.clone();
        slip.height.0 ^= 1 << bit;
        assert!(verify(&slip, pool).is_err(), "height, bit {bit}");
    }
}

#[test]
fn each_version_has_its_parts() {
    let (pool, text) = slip();
    let why = |change: &dyn Fn(&mut Slip)| {
        let mut slip = Slip::from_json(&text).unwrap();
        change(&mut slip);
        verify(&slip, pool).unwrap_err()
    };
    assert!(matches!(
        why(&|slip| slip.version = 4),
        SlipError::Version { got: 4 }
    ));
    assert!(matches!(
        why(&|slip| slip.version = 2),
        SlipError::OtherProof {
            got: 2,
            wanted: "1"
        }
    ));
    for missing in [
        why(&|slip| slip.changes = Some(Vec::new())),
        why(&|slip| slip.headers = None),
        why(&|slip| slip.tip = None),
    ] {
        assert!(matches!(missing, SlipError::Parts { version: 1 }));
    }
}

#[test]
fn reasons() {
    let (pool, text) = slip();
    let good = Slip::from_json(&text).unwrap();
    let why = |change: &dyn Fn(&mut Slip)| {
        let mut slip = good.clone();
        change(&mut slip);
        verify(&slip, pool).unwrap_err()
    };
    let other = PoolId([1; 32]);
    assert!(matches!(
        verify(&good, other),
        Err(SlipError::OtherPool { .. })
    ));
    assert!(matches!(
        why(&|slip| {
            let mut genesis = slip.genesis().unwrap();
            genesis.starting_chips.0 = 9;
            slip.genesis = bolao_ledger::encode(&genesis);
        }),
        SlipError::OtherRules { .. }
    ));
    assert!(matches!(
        why(&|slip| slip.genesis.truncate(100)),
        SlipError::BadRules { .. }
    ));
    assert!(matches!(
        why(&|slip| slip.tip = Some(BlockHash([0; 32]))),
        SlipError::OtherTip { .. }
    ));
    assert!(matches!(
        why(&|slip| slip.height = Height(0)),
        SlipError::NoSuchBlock { .. }
    ));
    assert!(matches!(
        why(&|slip| slip.height = Height(1)),
        SlipError::BadPath
    ));
    assert!(matches!(
        why(&|slip| slip.position = 0),
        SlipError::Position { .. }
    ));
    assert!(matches!(
        why(&|slip| headers(slip).truncate(HEADER - 1)),
        SlipError::TornHeader { height: Height(1) }
    ));
    assert!(matches!(
        why(&|slip| headers(slip)[HEADER - 1] = 2),
        SlipError::TornHeader { height: Height(1) }
    ));
    // Version 1 written out, which is not how slips write it.
    assert!(matches!(
        why(&|slip| {
            headers(slip).splice(HEADER - 1..HEADER, [1, 1, 0, 0, 0]);
        }),
        SlipError::TornHeader { height: Height(1) }
    ));
    assert!(matches!(
        why(&|slip| headers(slip).truncate(2 * HEADER)),
        SlipError::OtherTip { .. }
    ));
    assert!(matches!(
        why(&|slip| slip.transaction.push(0)),
        SlipError::Encoding { .. }
    ));
    let end = good.transaction.len() - 1;
    assert!(matches!(
        why(&|slip| slip.transaction[end] ^= 1),
        SlipError::Transaction { .. }
    ));
    assert!(matches!(
        why(&|slip| slip.path.push(0)),
        SlipError::PathBytes { .. }
    ));
    assert!(matches!(Slip::from_json("{}"), Err(SlipError::Json { .. })));
    assert!(matches!(
        Slip::from_json(&text.to_uppercase()),
        Err(SlipError::Json { .. })
    ));
    assert!(matches!(
        Slip::from_json(&text.replace(':', ": ")),
        Err(SlipError::Form)
    ));
    let long = " ".repeat(9_000_000);
    assert!(matches!(
        Slip::from_json(&long),
        Err(SlipError::TooLong { .. })
    ));
}

#[test]
fn a_header_that_no_work_was_done_for_is_refused() {
    let (pool, text) = slip();
    let good = Slip::from_json(&text).unwrap();
    let no_work = (0..=u8::MAX).find_map(|nonce| {
        let mut slip = good.clone();
        // The nonce is followed by the version's byte.
        let at = headers(&mut slip).len() - 5;
        headers(&mut slip)[at] = nonce;
        match verify(&slip, pool) {
            Err(SlipError::Header {
                height,
                source: HeaderError::HighHash { .. },
            }) => Some(height),
            _ => None,
        }
    });
    assert_eq!(no_work, Some(Height(4)));
}

#[test]
fn another_players_signature_does_not_pass() {
    let (pool, text) = slip();
    let mut slip = Slip::from_json(&text).unwrap();
    let mut transaction: bolao_ledger::Transaction =
        bolao_ledger::decode(&slip.transaction).unwrap();
    let message = bolao_ledger::signing_bytes(pool, &transaction.body);
    let other = ed25519_zebra::SigningKey::from([1; 32]);
    transaction.signature = bolao_ledger::Signature(other.sign(&message).to_bytes());
    slip.transaction = bolao_ledger::encode(&transaction);
    assert!(matches!(
        verify(&slip, pool),
        Err(SlipError::Transaction { .. })
    ));
}
