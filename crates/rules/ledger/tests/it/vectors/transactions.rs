//! Transactions: bodies, what is signed, identities.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{
    ACTION_KINDS, Action, Day, Genesis, MatchNo, Name, Nonce, Opening, Outcome, PageAddress,
    Quorum, SealedBet, Side, Status, Text, Transaction, TxBody, Vote,
    actions::{self, JokerRule},
    decode, encode, seal_commitment, signing_bytes,
};
use serde_json::json;

use super::{compare, read};
use crate::{
    game::{
        self, START, account, appoint, called_off, day, evidence, fixture, invitation, key, object,
        offer, open, open_for, organiser, played, predicted, result, ruled, score, sealed, sign,
        stake, tip, transfer, unstake, with_votes,
    },
    jokers, paid,
    questions::{FIRST, answered, ask, choice, number},
    through,
    validators::{APPOINTED, STAKED},
};

fn actions() -> Vec<(&'static str, Action)> {
    let join = |name: &str| {
        Action::Join(actions::Join {
            name: Name::new(name).unwrap(),
            invitation: None,
        })
    };
    let pool = Genesis::article().pool_id();
    let salt = [9; 32];
    let commitment = seal_commitment(pool, &account(1), MatchNo(2), score("1-1").into(), &salt);
    let shootout = Outcome {
        half_time: Some(score("0-0")),
        after_120: Some(score("0-0")),
        shootout: Some(score("5-6")),
        advances: Some(Side::Away),
        reason: Some(Text::new("uefa.com").unwrap()),
        ..played("0-0")
    };
    let mut scheduled = fixture(2, "NlEn", Some(1_559_846_700));
    scheduled.home.name = Text::new("Netherlands").unwrap();
    scheduled.home.code = Some(Text::new("NED").unwrap());
    let mut late = fixture(65_535, "final_2-4", None);
    late.kickoff = Some(Day::LATEST);
    vec![
        ("join", join("Ana")),
        ("join, composed letters and a space", join("Ana Conceição")),
        (
            "join, by invitation",
            Action::Join(actions::Join {
                name: Name::new("Eva").unwrap(),
                invitation: Some(Box::new(invitation(pool, 2, 1, 20))),
            }),
        ),
        (
            "seal",
            Action::Seal(actions::Seal {
                bets: vec![SealedBet {
                    match_no: MatchNo(2),
                    commitment,
                    stake: bolao_ledger::Chips(70),
                }],
            }),
        ),
        (
            "open",
            Action::Open(actions::Open {
                openings: vec![Opening {
                    match_no: MatchNo(2),
                    prediction: (score("1-1")).into(),
                    salt,
                }],
            }),
        ),
        ("result, after 90 minutes", result(1, played("3-1"))),
        ("result, with a shoot-out", result(3, shootout)),
        (
            "result, postponed",
            result(2, called_off(Status::Postponed)),
        ),
        ("transfer", transfer(2, 1_000)),
        ("objection", object(1, "it was 3-1")),
        (
            "bet, one tip for points alone",
            Action::Bet(actions::Bet {
                bets: vec![tip(1, 0)],
            }),
        ),
        (
            "bet, three tips",
            Action::Bet(actions::Bet {
                bets: vec![tip(1, 1), tip(2, 1_000), tip(65_535, u64::MAX)],
            }),
        ),
        (
            "bet, a whole round",
            Action::Bet(actions::Bet {
                bets: (0..128).map(|no| tip(no, no.into())).collect(),
            }),
        ),
        (
            "schedule, no kick-off",
            Action::Schedule(actions::Schedule {
                fixture: fixture(3, "Soon", None),
            }),
        ),
        (
            "schedule, kick-off and a team's code",
            Action::Schedule(actions::Schedule { fixture: scheduled }),
        ),
        (
            "schedule, largest numbers",
            Action::Schedule(actions::Schedule { fixture: late }),
        ),
    ]
}

fn compare_rows(name: &str, genesis: &Genesis, actions: Vec<(&str, Action)>) {
    let pool = genesis.pool_id();
    let rows: Vec<_> = (0..)
        .zip(actions)
        .map(|(nonce, (what, action))| {
            let body = TxBody {
                account: account(1),
                nonce: Nonce(nonce * 1_000_003),
                action,
            };
            let transaction = sign(pool, 1, body.clone());
            transaction.clone().check(genesis, pool).unwrap();
            json!({
                "what": what,
                "json": transaction,
                "body": hex::encode(encode(&body)),
                "signing_bytes": hex::encode(signing_bytes(pool, &body)),
                "signature": transaction.signature,
                "id": transaction.id(),
                "bytes": hex::encode(encode(&transaction)),
                "witness_id": transaction.witness_id(),
            })
        })
        .collect();
    compare(
        name,
        &json!({
            "secret_key": hex::encode(<[u8; 32]>::from(key(1))),
            "account": account(1),
            "pool": pool,
            "transactions": rows,
        }),
    );
}

#[test]
fn transactions() {
    compare_rows("transactions", &Genesis::article(), actions());
}

#[test]
fn transactions_of_validators() {
    let (appointed, staked) = (with_votes(APPOINTED), with_votes(STAKED));
    let evidence = evidence(appointed.pool_id(), 1, 7);
    compare_rows(
        "appointments",
        &appointed,
        vec![
            ("offer", offer(appointed.pool_id(), 1, 2)),
            ("appointment", appoint(2, 1 << 50)),
            ("removal", appoint(2, 0)),
            ("evidence", evidence),
        ],
    );
    compare_rows(
        "stakes",
        &staked,
        vec![("stake", stake(1_000)), ("unstake", unstake(1))],
    );
}

#[test]
fn transactions_of_version_2() {
    let genesis = ruled(sealed(), |it| {
        it.rules.anybody_opens = true;
        it.rules.organisers_quorum = Quorum::of(1);
        it.days = Some(Vec::new());
    });
    compare_rows(
        "organising",
        &genesis,
        vec![
            ("an organiser added", organiser(2, true)),
            ("an organiser removed", organiser(2, false)),
            ("a day", day(1, Some((START, START + 86_400)))),
            ("no day", day(1, None)),
            ("another's seal opened", open_for(2, 3, "2-1", 7)),
        ],
    );
}

#[test]
fn transactions_of_questions() {
    let genesis = ruled(sealed(), |it| it.rules.notice_s = 100);
    let pool = genesis.pool_id();
    let (no, seal) = (MatchNo(FIRST), predicted("number 172"));
    let commitment = seal_commitment(pool, &account(1), no, seal, &[7; 32]);
    compare_rows(
        "questions",
        &genesis,
        vec![
            ("one of four", ask(choice(1, 4, None, 0))),
            ("an order of three", ask(choice(3, 4, Some(4), 5))),
            ("a number", ask(number(0, 400, &[5, 3, 1]))),
            (
                "the answer 172, sealed",
                Action::Seal(actions::Seal {
                    bets: vec![SealedBet {
                        match_no: no,
                        commitment,
                        stake: bolao_ledger::Chips(0),
                    }],
                }),
            ),
            ("the answer 172, opened", open(FIRST, "number 172", 7)),
            ("right answers", result(FIRST, answered(&[2, 0, 172]))),
            ("cancelled", result(FIRST, called_off(Status::Cancelled))),
        ],
    );
}

#[test]
fn transactions_of_addresses() {
    let genesis = ruled(sealed(), |it| it.rules.notice_s = 100);
    let address = |text| {
        Action::Address(actions::Address {
            address: PageAddress::new(text).unwrap(),
        })
    };
    compare_rows(
        "addresses",
        &genesis,
        vec![
            ("a page", address("https://pool.example.org")),
            ("a page at a port", address("https://p1.example.org:8443")),
        ],
    );
}

#[test]
fn transactions_of_jokers() {
    let rule = JokerRule {
        factor: 2,
        per_stage: 1,
        in_all: 0,
    };
    compare_rows(
        "jokers",
        &jokers::with(rule),
        vec![
            ("moved", jokers::joker(&[3], &[4])),
            ("put on", jokers::joker(&[], &[3])),
            ("taken off", jokers::joker(&[3], &[])),
        ],
    );
}

#[test]
fn transactions_of_entry_fees() {
    compare_rows(
        "fees",
        &paid::with(paid::fee(1_000, &[100])),
        vec![
            ("paid", paid::paid(2, true)),
            ("not paid", paid::paid(2, false)),
        ],
    );
}

#[test]
fn transactions_of_who_goes_through() {
    let named = |text| game::bet(&[game::tip_on(3, text, 10)]);
    compare_rows(
        "through",
        &through::chooses(game::genesis()),
        vec![
            ("the first team", named("1-1 home")),
            ("the second team", named("1-1 away")),
        ],
    );
}

/// A stranger's program finds each action in one of the files. The first of each kind is written to `actions.json`, which a test of
/// each place that handles actions reads: it fails where an action has left the list.
#[test]
fn each_action_has_a_vector() {
    let files = [
        "transactions",
        "appointments",
        "stakes",
        "organising",
        "questions",
        "addresses",
        "jokers",
        "fees",
        "through",
    ];
    let files = files.map(read);
    let rows = files
        .iter()
        .flat_map(|file| file["transactions"].as_array().unwrap());
    let mut examples = BTreeMap::new();
    for row in rows {
        let bytes = hex::decode(row["bytes"].as_str().unwrap()).unwrap();
        let signed = decode::<Transaction>(&bytes).unwrap().body.action;
        if let Some(vote) = signed.vote() {
            assert_eq!(Vote::KINDS.contains(&vote.kind()), vote.is_of_item());
        }
        let kind = signed.kind();
        let action = row["json"]["body"]["action"].clone();
        let pages = Action::of_page(action).is_ok();
        let example = json!({ "is_of_pages": pages, "transaction": row["json"] });
        examples.entry(kind.name()).or_insert(example);
    }
    let names: BTreeSet<&str> = ACTION_KINDS.iter().map(|kind| kind.name()).collect();
    assert!(examples.keys().copied().eq(names));
    compare("actions", &json!(examples));
}

#[test]
fn written_transactions_decode_and_check() {
    let file = read("transactions");
    let genesis = Genesis::article();
    let rows = file["transactions"].as_array().unwrap();
    assert_eq!(rows.len(), actions().len());
    for row in rows {
        let bytes = hex::decode(row["bytes"].as_str().unwrap()).unwrap();
        let transaction: Transaction = decode(&bytes).unwrap();
        assert_eq!(
            serde_json::from_value::<Transaction>(row["json"].clone()).unwrap(),
            transaction
        );
        assert_eq!(row["id"], transaction.id().to_string());
        transaction.check(&genesis, genesis.pool_id()).unwrap();
    }
}
