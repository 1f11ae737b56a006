//! Hashes, headers, targets, coinbases, Merkle trees, genesis.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Base, BetMode, BlockHash, Bounds, Chips, Coinbase, Consensus, EXTRA_NONCE_BYTES, Genesis,
    Header, Height, Hybrid, Keepers, MatchDay, MatchNo, Pos, SetChange, StageRule, Target,
    TargetRule, Text, UnixSeconds, Validator, ValidatorKey, Version2, Voting, WitnessId, decode,
    encode, merkle_branch, merkle_root, preset, sha256d,
};
use serde_json::{Value, json};

use super::{compare, read};
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

/// Every field of version 2, as `pos` has it; no program plays it yet.
fn to_come() -> Genesis {
    let mut genesis = game::by_invitation();
    genesis.version = 2;
    genesis.consensus = Consensus::Pos(Pos {
        voting: Voting {
            clock_s: 5,
            propose_ms: 600,
            vote_ms: 300,
            round_ms: 10_000,
            validators: vec![Validator {
                account: game::account(1),
                key: ValidatorKey(game::account(9).0),
                weight: 1,
            }],
            change: SetChange::Stake {
                wait_s: 86_400,
                cut_percent: 100,
            },
        },
        heartbeat_s: 3_600,
    });
    genesis.v2 = Some(Version2 {
        transfers: true,
        short_bets_void: true,
        put_off_stays_open: true,
        anybody_opens: true,
        keepers: Keepers::Validators { weight_percent: 67 },
        organisers_quorum: 1,
        block_reward: Chips(2),
        bounds: Some(Bounds {
            window_s: 60,
            account_transactions: 30,
            account_bytes: 20_000,
            joins: 50,
        }),
        days: Some(vec![MatchDay {
            match_no: genesis.matches[0].no,
            begins: UnixSeconds(1_700_000_000),
            ends: UnixSeconds(1_700_086_400),
        }]),
    });
    genesis
}

fn v2(genesis: &mut Genesis) -> &mut Version2 {
    genesis.v2.as_mut().unwrap()
}

#[test]
fn what_version_2_brings_is_refused_until_it_can_be_played() {
    let to_come = to_come();
    assert!(decode::<Genesis>(&encode(&to_come)).unwrap() == to_come);
    let error = Genesis::from_json(&to_come.to_json()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "got rules that ask for blocks made by validators (consensus `pos`), which this program cannot play yet: use a newer program"
    );
    let plain = Genesis {
        version: 2,
        v2: Some(Version2::default()),
        ..game::genesis()
    };
    plain.check().unwrap();
    let pool = plain.pool_id();
    assert_ne!(pool, game::genesis().pool_id());
    let wanted = |change: &dyn Fn(&mut Genesis), wanted: &str| {
        let mut genesis = plain.clone();
        change(&mut genesis);
        assert_ne!(genesis.pool_id(), pool, "{wanted}");
        let error = genesis.check().unwrap_err().to_string();
        assert!(error.contains(wanted), "{wanted}: {error}");
    };
    let hybrid = || {
        let Consensus::Pos(pos) = to_come.consensus.clone() else {
            unreachable!("it is pos");
        };
        Hybrid {
            voting: pos.voting,
            grace_s: 30,
            kept_s: 30,
            there_s: 10,
            patience_s: 120,
        }
    };
    wanted(&|g| g.consensus = Consensus::Hybrid(hybrid()), "`hybrid`");
    wanted(&|g| v2(g).short_bets_void = true, "`short_tips_void`");
    wanted(&|g| v2(g).put_off_stays_open = true, "`put_off_stays_open`");
    wanted(&|g| v2(g).anybody_opens = true, "`anybody_opens`");
    wanted(&|g| v2(g).keepers = to_come.v2().keepers, "`keepers`");
    wanted(&|g| v2(g).organisers_quorum = 1, "`organisers_quorum`");
    wanted(&|g| v2(g).block_reward = Chips(1), "`block_reward`");
    wanted(&|g| v2(g).bounds = to_come.v2().bounds, "`bounds`");
    wanted(&|g| v2(g).days.clone_from(&to_come.v2().days), "`days`");
    // What is out of range is wrong in every program.
    let out = |change: &dyn Fn(&mut Hybrid), what: &str| {
        let mut changed = hybrid();
        change(&mut changed);
        wanted(&|g| g.consensus = Consensus::Hybrid(changed.clone()), what);
    };
    out(&|h| h.patience_s = 9, "patience_s = 9, wanted 10");
    out(&|h| h.voting.clock_s = 0, "clock_s = 0");
    out(&|h| h.voting.round_ms = 599, "round_ms = 599, wanted 600");
    out(&|h| h.voting.validators.clear(), "validators = 0");
    out(&|h| h.voting.validators[0].weight = 0, "weight = 0");
    out(&|h| h.voting.validators[0].key.0 = [0; 32], "small order");
    out(
        &|h| h.voting.validators.push(h.voting.validators[0]),
        "twice",
    );
    let quorum = SetChange::Appointed { quorum: 2 };
    out(&|h| h.voting.change = quorum, "quorum = 2, wanted 1 to 1");
    wanted(
        &|g| v2(g).organisers_quorum = 2,
        "organisers_quorum = 2, wanted 0 to 1",
    );
    wanted(
        &|g| v2(g).keepers = Keepers::Validators { weight_percent: 33 },
        "weight_percent",
    );
    let day = |begins: u64, ends: u64, no: u16| MatchDay {
        match_no: MatchNo(no),
        begins: UnixSeconds(begins),
        ends: UnixSeconds(ends),
    };
    wanted(
        &|g| v2(g).days = Some(vec![day(5, 5, 1)]),
        "the end of a match's day",
    );
    wanted(
        &|g| v2(g).days = Some(vec![day(5, 6, 1), day(5, 6, 1)]),
        "match number 1",
    );
    wanted(&|g| v2(g).days = Some(vec![day(5, 6, 3)]), "match number 3");
    // Version 1 knows none of it.
    let mut old = game::genesis();
    old.v2 = Some(Version2::default());
    let error = old.check().unwrap_err().to_string();
    assert!(error.contains("wanted version 2"), "{error}");
    let mut cut = plain.clone();
    cut.v2 = None;
    let error = Genesis::from_json(&cut.to_json()).unwrap_err().to_string();
    assert!(error.contains("without `v2`"), "{error}");
    let mut old = to_come.clone();
    old.version = 1;
    let error = old.check().unwrap_err().to_string();
    assert!(error.contains("wanted version 2"), "{error}");
}

#[test]
fn documents_of_newer_programs_are_refused_in_plain_words() {
    let second = Genesis {
        version: 2,
        v2: Some(Version2::default()),
        ..game::genesis()
    };
    let parse = |pointer: &str, value: Value| {
        let mut changed = serde_json::to_value(&second).unwrap();
        *changed.pointer_mut(pointer).unwrap() = value;
        Genesis::from_json(&changed.to_string())
            .unwrap_err()
            .to_string()
    };
    let error = parse("/version", json!(3));
    assert_eq!(
        error,
        "got rules of version 3, this program knows versions 1 to 2: use a newer program"
    );
    for (pointer, value, named) in [
        ("/consensus", json!("authority"), "`authority`"),
        ("/target", json!({"rule": "moon"}), "`moon`"),
        ("/v2", json!({"chess": true}), "`chess`"),
    ] {
        let error = parse(pointer, value);
        assert!(error.contains("this program cannot read"), "{error}");
        assert!(
            error.contains(named) && error.contains("newer program"),
            "{error}"
        );
    }
}

#[test]
fn genesis() {
    let article = Genesis::article();
    article.check().unwrap();
    assert_eq!(Genesis::from_json(&article.to_json()).unwrap(), article);
    assert_eq!(article.header().merkle_root, sha256d(&encode(&article)));
    assert_eq!(article.pool_id().0, sha256d(&article.header().to_bytes()));
    let played = game::genesis();
    let mut full = game::by_invitation();
    full.rules.bets = BetMode::Sealed;
    full.rules.scoring = preset("add").unwrap();
    full.rules.stages.push(StageRule {
        stage: Text::new("Final").unwrap(),
        base: Base::After120,
        multiplier: 3,
    });
    full.check().unwrap();
    let second = Genesis {
        version: 2,
        v2: Some(Version2::default()),
        ..full.clone()
    };
    second.check().unwrap();
    let rows = [
        ("article", article),
        ("with an organiser", played),
        ("sealed, by invitation, a stage of its own", full),
        ("version 2 of it", second),
        ("version 2 with all that is to come", to_come()),
    ]
    .map(|(what, genesis)| {
        json!({
            "what": what,
            "json": genesis,
            "bytes": hex::encode(encode(&genesis)),
            "header": hex::encode(genesis.header().to_bytes()),
            "pool": genesis.pool_id(),
        })
    });
    compare("genesis", &json!(rows));
}

#[test]
fn every_rule_is_in_the_pool_id() {
    let file = read("genesis");
    let article = &file[0]["json"];
    let parse = |json: &Value| Genesis::from_json(&json.to_string());
    assert_eq!(parse(article).unwrap(), Genesis::article());
    assert_eq!(file[0]["pool"], Genesis::article().pool_id().to_string());
    for (pointer, value) in [
        ("/name", json!("another")),
        ("/created", json!(1)),
        ("/target/zero_bits", json!(17)),
        ("/max_future_s", json!(121)),
        ("/limits/block_bytes", json!(999_999)),
        ("/limits/pending_per_account", json!(63)),
        ("/starting_chips", json!(999)),
        ("/rules/tips", json!("sealed")),
        ("/rules/deadline_lead_s", json!(60)),
        ("/rules/opening_window_s", json!(60)),
        ("/rules/later_kickoff_reopens", json!(true)),
        ("/rules/dispute_window_s", json!(0)),
        ("/rules/scoring/exact", json!(5)),
        ("/rules/base", json!("120")),
        ("/rules/awarded_counts", json!(false)),
        ("/rules/tie_breaks", json!(["exact"])),
        ("/rules/stake_min", json!(1)),
        ("/rules/stake_max", json!(1)),
        ("/rules/nobody_right", json!("rollover")),
        (
            "/rules/stages",
            json!([{ "stage": "Final", "base": "90", "multiplier": 2 }]),
        ),
        ("/organisers", json!([game::account(1)])),
        ("/matches/0/kickoff", json!(1_560_000_000)),
        ("/matches/1/home/name", json!("Holland")),
    ] {
        let mut changed = article.clone();
        match changed.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => changed["matches"][0]["kickoff"] = value,
        }
        let genesis = parse(&changed).unwrap();
        assert_ne!(genesis.pool_id(), Genesis::article().pool_id(), "{pointer}");
    }
    for (pointer, value) in [
        ("/version", json!(0)),
        ("/version", json!(3)),
        ("/created", json!(u64::from(u32::MAX) + 1)),
        ("/target/zero_bits", json!(0)),
        ("/target/zero_bits", json!(129)),
        ("/max_future_s", json!(0)),
        ("/limits/transaction_bytes", json!(511)),
        ("/limits/matches", json!(1)),
        ("/consensus", json!("pos")),
        ("/membership", json!("invite")),
        ("/matches/1/no", json!(1)),
        ("/matches/1/code", json!("PTCH")),
        ("/organisers", json!([game::account(1), game::account(1)])),
        ("/limits/unknown", json!(1)),
        ("/rules/results_quorum", json!(2)),
        ("/rules/schedule_quorum", json!(0)),
        ("/rules/deadline_lead_s", json!(86_401)),
        ("/rules/opening_window_s", json!(0)),
        ("/rules/dispute_window_s", json!(90 * 86_400 + 1)),
        ("/rules/stake_min", json!(1_000_001)),
        ("/rules/stake_max", json!((1_u64 << 40) + 1)),
        ("/rules/scoring/exact", json!(1_001)),
        ("/rules/scoring/kind", json!("sum")),
        ("/rules/base", json!("pens")),
        (
            "/rules/stages",
            json!([{ "stage": "Final", "base": "90", "multiplier": 0 }]),
        ),
        (
            "/rules/stages",
            json!([
                { "stage": "Final", "base": "90", "multiplier": 2 },
                { "stage": "Final", "base": "120", "multiplier": 1 },
            ]),
        ),
    ] {
        let mut changed = article.clone();
        match changed.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => changed["limits"]["unknown"] = value,
        }
        assert!(parse(&changed).is_err(), "{pointer}");
    }
}
