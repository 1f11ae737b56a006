//! Hashes, headers, targets, coinbases, Merkle trees.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    BlockHash, Coinbase, EXTRA_NONCE_BYTES, Genesis, Header, Height, Target, TargetRule, WitnessId,
    decode, encode, merkle_branch, merkle_root, sha256d,
};
use serde_json::{Value, json};

use super::compare;
use crate::{dice::Dice, game};

/// Block 0 of Bitcoin.
const BITCOIN_GENESIS: &str = "01000000000000000000000000000000000000000000000000000000000000000000\
    00003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c";

fn header_row(what: &str, header: Header) -> Value {
    json!({
        "what": what,
        "header": hex::encode(header.to_bytes()),
        "version": header.version,
        "previous": header.previous,
        "merkle_root": hex::encode(header.merkle_root),
        "time": header.time(),
        "bits": header.bits().to_consensus(),
        "nonce": header.nonce,
        "hash": header.hash(),
        "target": hex::encode(header.target().to_be_bytes()),
        "meets_own_target": header.meets_own_target(),
    })
}

#[test]
fn hashes() {
    let hello = sha256d(b"hello");
    // https://en.bitcoin.it/wiki/Protocol_documentation#Hashes
    assert_eq!(
        hex::encode(hello),
        "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50"
    );
    let bytes: [u8; 80] = hex::decode(BITCOIN_GENESIS).unwrap().try_into().unwrap();
    let bitcoin = Header::from_bytes(&bytes);
    assert_eq!(bitcoin.to_bytes(), bytes);
    assert_eq!(
        bitcoin.hash().to_string(),
        "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
    );
    assert!(bitcoin.meets_own_target());
    assert!(!bitcoin.with_nonce(0).meets_own_target());

    let mut dice = Dice::new(3);
    let ours = Header {
        version: 1,
        previous: BlockHash(dice.bytes()),
        merkle_root: dice.bytes(),
        time: 1_560_000_000,
        bits: 0x1f00_ffff,
        nonce: 305_419_896,
    };
    let data: [&[u8]; 4] = [b"", b"hello", b"bolao/tx/1", &[0; 80]];
    let rows = data
        .map(|data| json!({ "data": hex::encode(data), "sha256d": hex::encode(sha256d(data)) }));
    compare(
        "hashes",
        &json!({
            "sha256d": rows,
            "headers": [
                header_row("block 0 of Bitcoin", bitcoin),
                header_row("the article's pool", Genesis::article().header()),
                header_row("seeded", ours),
                header_row("bits of a negative target", Header { version: 1,
                    previous: BlockHash::default(),
                    merkle_root: [0; 32],
                    time: 0,
                    bits: 0x1d80_ffff,
                    nonce: 0,
                }),
            ],
        }),
    );
}

#[test]
fn targets() {
    let bits = |zero_bits| TargetRule::Fixed { zero_bits }.initial_bits();
    // Bitcoin's own easiest target has 32 zero bits.
    assert_eq!(bits(32).to_consensus(), 0x1d00_ffff);
    assert_eq!(bits(16).to_consensus(), 0x1f00_ffff);
    let rows: Vec<_> = (1..=128)
        .map(|zero_bits| {
            let rule = TargetRule::Asert {
                zero_bits_at_start: zero_bits,
                block_interval_s: 60,
                half_life_s: 600,
            };
            assert_eq!(rule.initial_bits(), bits(zero_bits));
            let target = Target::from_compact(bits(zero_bits)).to_be_bytes();
            let zeros: u32 = {
                let first = target.iter().position(|byte| *byte != 0).unwrap();
                u32::try_from(8 * first).unwrap() + target[first].leading_zeros()
            };
            assert_eq!(zeros, u32::from(zero_bits));
            json!({
                "zero_bits": zero_bits,
                "bits": bits(zero_bits).to_consensus(),
                "target": hex::encode(target),
            })
        })
        .collect();
    compare("targets", &json!(rows));
}

#[test]
fn coinbases() {
    let mut dice = Dice::new(4);
    let rows: Vec<_> = [(0, 0), (1, 3), (u64::MAX, 64)]
        .map(|(height, length)| Coinbase {
            height: Height(height),
            miner: game::account(1),
            message: b"bolao ".iter().copied().cycle().take(length).collect(),
            extra_nonce: dice.bytes(),
        })
        .into_iter()
        .map(|coinbase| {
            let bytes = encode(&coinbase);
            assert!(bytes.len() > 64);
            assert!(bytes.starts_with(b"bolao/cb"));
            assert!(bytes.ends_with(&coinbase.extra_nonce));
            assert_eq!(decode::<Coinbase>(&bytes).unwrap(), coinbase);
            json!({
                "height": coinbase.height.0,
                "miner": coinbase.miner,
                "message": hex::encode(&coinbase.message),
                "extra_nonce": hex::encode(coinbase.extra_nonce),
                "bytes": hex::encode(&bytes),
                "extra_nonce_offset": bytes.len() - EXTRA_NONCE_BYTES,
                "witness_id": coinbase.witness_id(),
            })
        })
        .collect();
    compare("coinbases", &json!(rows));
}

/// Folds a branch as a light client does.
fn fold(leaf: WitnessId, position: usize, branch: &[[u8; 32]]) -> [u8; 32] {
    let mut index = position;
    branch.iter().fold(leaf.0, |hash, sibling| {
        let pair = if index.is_multiple_of(2) {
            [hash, *sibling]
        } else {
            [*sibling, hash]
        };
        index /= 2;
        sha256d(&pair.concat())
    })
}

#[test]
fn merkle_roots() {
    let leaves: Vec<_> = (1..=8_u8).map(|n| WitnessId(sha256d(&[n]))).collect();
    let rows: Vec<_> = (1..=8)
        .map(|count| {
            let leaves = &leaves[..count];
            let root = merkle_root(leaves);
            let branches: Vec<Vec<String>> = (0..count)
                .map(|position| {
                    let branch = merkle_branch(leaves, position);
                    assert_eq!(fold(leaves[position], position, &branch), root);
                    branch.iter().map(hex::encode).collect()
                })
                .collect();
            json!({
                "leaves": leaves.iter().map(|leaf| hex::encode(leaf.0)).collect::<Vec<_>>(),
                "root": hex::encode(root),
                "branches": branches,
            })
        })
        .collect();

    // CVE-2012-2459: a repeated tail has the same root.
    let three = &leaves[..3];
    let four = [three, &three[2..]].concat();
    assert_eq!(merkle_root(three), merkle_root(&four));
    let six = &leaves[..6];
    let eight = [six, &six[4..]].concat();
    assert_eq!(merkle_root(six), merkle_root(&eight));
    let hexes = |leaves: &[WitnessId]| {
        leaves
            .iter()
            .map(|leaf| hex::encode(leaf.0))
            .collect::<Vec<_>>()
    };
    let pairs = [(three, &four), (six, &eight)].map(|(genuine, mutated)| {
        json!({
            "genuine": hexes(genuine),
            "mutated": hexes(mutated),
            "root": hex::encode(merkle_root(genuine)),
        })
    });
    compare("merkle", &json!({ "trees": rows, "cve_2012_2459": pairs }));
}

#[test]
fn the_tree_is_bitcoins() {
    // Block 100,000 of Bitcoin.
    let leaves = [
        "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
        "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
        "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
        "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d",
    ]
    .map(|text| text.parse::<WitnessId>().unwrap());
    assert_eq!(
        WitnessId(merkle_root(&leaves)).to_string(),
        "f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766"
    );
}
