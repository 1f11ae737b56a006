//! Genesis documents, and those that are refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Base, BetMode, Bounds, Consensus, Genesis, Hybrid, MatchDay, MatchNo, Pos, Quorum, SetChange,
    StageRule, Text, UnixSeconds, Validator, ValidatorKey, Voting, actions::JokerRule, decode,
    encode, preset, sha256d,
};
use serde_json::{Value, json};

use super::{compare, read};
use crate::{game, jokers, next, paid, points, through};

/// A document in which every rule is used, as `pos` has it.
fn full() -> Genesis {
    let mut genesis = game::by_invitation();
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
    let rules = &mut genesis.rules;
    rules.short_bets_void = true;
    rules.put_off_stays_open = true;
    rules.notice_s = 43_200;
    rules.anybody_opens = true;
    rules.results_quorum = Quorum::TWO_ONCE_TWO;
    rules.organisers_quorum = Quorum::TWO_ONCE_TWO;
    genesis.bounds = Some(Bounds {
        window_s: 60,
        account_transactions: 30,
        account_bytes: 20_000,
        joins: 50,
    });
    genesis.days = Some(vec![MatchDay {
        match_no: genesis.matches[0].no,
        begins: UnixSeconds(1_700_000_000),
        ends: UnixSeconds(1_700_086_400),
    }]);
    genesis
}

#[test]
fn rules_that_cannot_be_played_are_refused() {
    let full = full();
    full.check().unwrap();
    assert!(decode::<Genesis>(&encode(&full)).unwrap() == full);
    let plain = game::genesis();
    let pool = plain.pool_id();
    let wanted = |change: &dyn Fn(&mut Genesis), wanted: &str| {
        let mut genesis = plain.clone();
        change(&mut genesis);
        assert_ne!(genesis.pool_id(), pool, "{wanted}");
        let error = genesis.check().unwrap_err().to_string();
        assert!(error.contains(wanted), "{wanted}: {error}");
    };
    let hybrid = || {
        let Consensus::Pos(pos) = full.consensus.clone() else {
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
    let played = Genesis {
        consensus: Consensus::Hybrid(hybrid()),
        ..plain.clone()
    };
    played.check().unwrap();
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
    let quorum = SetChange::Appointed {
        quorum: Quorum::of(2),
    };
    out(&|h| h.voting.change = quorum, "quorum = 2, wanted 1 to 1");
    wanted(
        &|g| g.rules.organisers_quorum = Quorum::of(2),
        "organisers_quorum = 2, wanted 0 to 1",
    );
    wanted(
        &|g| {
            g.rules.schedule_quorum = Quorum::TWO_ONCE_TWO;
            g.rules.organisers_quorum = Quorum::of(1);
        },
        "organisers_quorum = 1, wanted two-once-two",
    );
    wanted(
        &|g| {
            g.organisers.clear();
            g.rules.results_quorum = Quorum::TWO_ONCE_TWO;
        },
        "organisers = 0, wanted 1",
    );
    let bounds = |change: fn(&mut Bounds), what: &str| {
        let mut changed = full.bounds.unwrap();
        change(&mut changed);
        wanted(&|g| g.bounds = Some(changed), what);
    };
    bounds(|it| it.window_s = 0, "window_s = 0");
    bounds(
        |it| it.account_transactions = 4_097,
        "account_transactions = 4097, wanted 1 to 4096",
    );
    bounds(
        |it| it.account_bytes = 4_095,
        "account_bytes = 4095, wanted 4096",
    );
    bounds(|it| it.joins = 4_097, "joins = 4097, wanted 1 to 4096");
    wanted(
        &|g| g.rules.notice_s = 30 * 86_400 + 1,
        "notice_s = 2592001, wanted 0 to 2592000",
    );
    wanted(
        &|g| (g.rules.notice_s, g.matches[0].no) = (1, MatchNo(0x4000)),
        "a match number = 16384, wanted 0 to 16383",
    );
    let day = |begins: u64, ends: u64, no: u16| MatchDay {
        match_no: MatchNo(no),
        begins: UnixSeconds(begins),
        ends: UnixSeconds(ends),
    };
    wanted(
        &|g| g.days = Some(vec![day(5, 5, 1)]),
        "the end of a match's day",
    );
    wanted(
        &|g| g.days = Some(vec![day(5, 6, 1), day(5, 6, 1)]),
        "match number 1",
    );
    wanted(&|g| g.days = Some(vec![day(5, 6, 3)]), "match number 3");
}

#[test]
fn documents_of_newer_programs_are_refused_in_plain_words() {
    const NEWER: &str =
        "got rules of version 3, this program knows versions 1 and 2: use a newer program";
    let genesis = game::genesis();
    let parse = |pointer: &str, value: Value| {
        let mut changed = serde_json::to_value(&genesis).unwrap();
        *changed.pointer_mut(pointer).unwrap() = value;
        Genesis::from_json(&changed.to_string())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(parse("/version", json!(3)), NEWER);
    assert_eq!(
        parse("/version", json!(2)),
        "got rules of version 2, wanted version 1: rules with optional ones have version 2, others 1"
    );
    for (text, wanted) in [
        // Whatever else is in it, and in its known fields.
        (r#"{"version": 3, "v3": {}, "rules": []}"#, NEWER),
        (
            r#"{"version": "2"}"#,
            "got a text that is not a genesis document: version: got `2`, wanted u16",
        ),
        (
            r#"{"rules": {}}"#,
            "got a text that is not a genesis document: missing field `version`",
        ),
        (
            r#"{"version": 2, "version": 1}"#,
            "got a text that is not a genesis document: `version` stands twice at line 1 column 28",
        ),
        (
            r#"{"version": 1}"#,
            "got rules that this program cannot read (missing field `name`): correct them, or use a newer program",
        ),
    ] {
        let error = Genesis::from_json(text).unwrap_err();
        assert_eq!(error.to_string(), wanted, "{text}");
    }
    for (pointer, value, named) in [
        ("/consensus", json!("authority"), "`authority`"),
        ("/target", json!({"rule": "moon"}), "`moon`"),
        ("/rules/scoring/kind", json!("chess"), "`chess`"),
    ] {
        let error = parse(pointer, value);
        assert!(error.contains("this program cannot read"), "{error}");
        assert!(
            error.contains(named) && error.contains("newer program"),
            "{error}"
        );
    }
}

/// What is chosen stands at the end, and another order than that of the bytes is none.
fn with_jokers() -> Genesis {
    let rule = JokerRule {
        factor: 3,
        per_stage: 1,
        in_all: 8,
    };
    let genesis = jokers::with(rule);
    let bytes = encode(&genesis);
    assert!(bytes.ends_with(&[1, 0, 3, 1, 8]));
    assert_eq!(decode::<Genesis>(&bytes).unwrap(), genesis);
    let twice = [&bytes[..bytes.len() - 5], &[2, 0, 3, 1, 8, 0, 3, 1, 8]].concat();
    assert!(decode::<Genesis>(&twice).is_err());
    let unknown = [&bytes[..bytes.len() - 5], &[1, 200]].concat();
    assert!(decode::<Genesis>(&unknown).unwrap_err().is_newer());
    genesis
}

fn with_fee() -> Genesis {
    let genesis = paid::with(paid::fee(1_250, &[60, 40]));
    let bytes = encode(&genesis);
    let amount = 1_250_u64.to_le_bytes();
    let currency = [&[3, 0, 0, 0], "€".as_bytes()].concat();
    let chosen = [&[1, 2][..], &amount, &currency, &[2, 0, 0, 0, 60, 40]].concat();
    assert!(bytes.ends_with(&chosen));
    assert_eq!(decode::<Genesis>(&bytes).unwrap(), genesis);
    genesis
}

/// Behind jokers, whose byte is lower.
fn with_through() -> Genesis {
    let genesis = through::chooses(game::genesis());
    let bytes = encode(&genesis);
    let end = [
        &[2, 0, 2, 4, 0, 1, 3, 1, 0, 0, 0, 5, 0, 0, 0],
        &b"Final"[..],
    ]
    .concat();
    assert!(bytes.ends_with(&end));
    assert_eq!(decode::<Genesis>(&bytes).unwrap(), genesis);
    genesis
}

/// A kind of scheme has its byte wherever it stands.
fn with_points() -> Genesis {
    let genesis = points::with(
        |it| {
            it.rules.scoring = points::of("quota");
            it.rules.features.schemes = Some(points::schemes(json!([
                { "stage": "Semi-finals", "scoring": points::of("superbru") },
                { "stage": "Final", "scoring": points::of("nine") },
            ])));
        },
        game::genesis(),
    );
    let bytes = encode(&genesis);
    let lines = [4, 0, 3, 0, 2, 0, 6, 0, 4, 0, 6, 0, 5, 0, 4, 0];
    let last = [&[5, 0, 0, 0][..], b"Final", &[2], &lines].concat();
    assert!(bytes.ends_with(&last));
    assert_eq!(decode::<Genesis>(&bytes).unwrap(), genesis);
    let newer = [&bytes[..bytes.len() - 17], &[5], &lines].concat();
    assert!(decode::<Genesis>(&newer).unwrap_err().is_newer());
    genesis
}

/// In the order of their accounts.
fn with_next() -> Genesis {
    let known = [(2, "Ana"), (3, "Zoë 🎉")];
    let genesis = next::with(game::by_invitation(), &known);
    let mut players = known.map(|(who, name)| (game::account(who), name));
    players.sort_unstable();
    let known = players.map(|(account, name)| {
        let length = u32::try_from(name.len()).unwrap().to_le_bytes();
        [&account.0[..], &length, name.as_bytes()].concat()
    });
    let end = [&[1, 4][..], &[7; 32], &[2, 0, 0, 0], &known.concat()].concat();
    let bytes = encode(&genesis);
    assert!(bytes.ends_with(&end));
    assert_eq!(decode::<Genesis>(&bytes).unwrap(), genesis);
    // A name in another form than the kept one is none.
    let spaced = [&bytes[..bytes.len() - end.len()], &end].concat();
    let at = spaced.windows(3).rposition(|it| it == b"Ana").unwrap();
    let spaced = [&spaced[..at], b" na", &spaced[at + 3..]].concat();
    assert!(decode::<Genesis>(&spaced).is_err());
    genesis
}

#[test]
fn genesis() {
    let article = Genesis::article();
    article.check().unwrap();
    assert_eq!(Genesis::from_json(&article.to_json()).unwrap(), article);
    assert_eq!(article.header().merkle_root, sha256d(&encode(&article)));
    assert_eq!(article.pool_id().0, sha256d(&article.header().to_bytes()));
    let played = game::genesis();
    let mut staged = game::by_invitation();
    staged.rules.bets = BetMode::Sealed;
    staged.rules.scoring = preset("add").unwrap();
    staged.rules.stages.push(StageRule {
        stage: Text::new("Final").unwrap(),
        base: Base::After120,
        multiplier: 3,
    });
    staged.check().unwrap();
    let rows = [
        ("article", article),
        ("with an organiser", played),
        ("sealed, by invitation, a stage of its own", staged),
        ("every rule", full()),
        ("with jokers", with_jokers()),
        ("with an entry fee", with_fee()),
        ("with who goes through", with_through()),
        ("with points by stage", with_points()),
        ("after another pool, by invitation", with_next()),
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
        ("/rules/transfers", json!(false)),
        ("/rules/short_tips_void", json!(true)),
        ("/rules/put_off_stays_open", json!(true)),
        ("/rules/notice_s", json!(1)),
        ("/rules/anybody_opens", json!(true)),
        ("/days", json!([])),
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
        ("/version", json!(2)),
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
        ("/rules/schedule_quorum", json!(255)),
        ("/rules/schedule_quorum", json!("two")),
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
