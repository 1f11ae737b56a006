#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::fuzzing::{EXTRANONCE1, TIME, job};

const NOW: Duration = Duration::from_secs(1);

fn session() -> Session<u8> {
    Session::new(Arc::default(), EXTRANONCE1, [0xaa; 4])
}

fn sent(step: Step<u8>) -> Vec<Value> {
    match step {
        Step::Send(lines) => parsed(&lines),
        other => panic!("{other:?}"),
    }
}

fn parsed(lines: &[String]) -> Vec<Value> {
    lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn call(session: &mut Session<u8>, method: &str, params: &Value) -> Step<u8> {
    let line = json!({ "id": 9, "method": method, "params": params }).to_string();
    session.line(&line, NOW)
}

fn authorize(session: &mut Session<u8>, worker: &str) -> Vec<Value> {
    match call(session, "mining.authorize", &json!([worker, "x"])) {
        Step::Authorize { id, worker } => parsed(&session.authorized(&id, worker, Ok(job(1)), NOW)),
        other => sent(other),
    }
}

fn ready() -> Session<u8> {
    let mut session = session();
    sent(call(&mut session, "mining.subscribe", &json!([])));
    authorize(&mut session, "ana");
    session
}

fn submit(session: &mut Session<u8>, job: &str, nonce: u32) -> Step<u8> {
    let (time, nonce) = (format!("{TIME:08x}"), format!("{nonce:08x}"));
    let params = json!(["ana", job, "0000000000000005", time, nonce]);
    call(session, "mining.submit", &params)
}

fn code(lines: &[Value]) -> u64 {
    lines[0]["error"][0].as_u64().unwrap()
}

#[test]
fn jobs_start_after_both_in_either_order() {
    let mut session = session();
    let lines = sent(call(&mut session, "mining.subscribe", &json!(["m/1"])));
    let name = "01020304";
    let subscriptions = [["mining.set_difficulty", name], ["mining.notify", name]];
    assert_eq!(
        lines,
        [json!({ "id": 9, "error": null, "result": [subscriptions, name, 8] })]
    );
    let lines = authorize(&mut session, "ana");
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0], json!({ "id": 9, "error": null, "result": true }));
    assert_eq!(lines[1]["method"], "mining.set_difficulty");
    assert_eq!(lines[2]["method"], "mining.notify");

    let mut session = self::session();
    assert_eq!(authorize(&mut session, "ana").len(), 1);
    let lines = sent(call(&mut session, "mining.subscribe", &json!([])));
    assert_eq!(lines[2]["method"], "mining.notify");
    let again = sent(call(&mut session, "mining.subscribe", &json!([])));
    assert_eq!(again.len(), 1);
}

#[test]
fn the_difficulty_sent_is_never_above_the_block_s() {
    let mut session = session();
    sent(call(&mut session, "mining.subscribe", &json!([])));
    let lines = authorize(&mut session, "ana");
    let sent_difficulty = lines[1]["params"][0].as_f64().unwrap();
    let block = Difficulty::of_target(&job(1).0.target).value();
    assert!(
        sent_difficulty < block && sent_difficulty > block * 0.999,
        "{sent_difficulty} of {block}"
    );
}

#[test]
fn one_connection_one_worker() {
    let mut session = ready();
    assert_eq!(authorize(&mut session, "ana").len(), 1);
    assert_eq!(code(&authorize(&mut session, "bia")), 24);
    for bad in [json!([]), json!([""]), json!([7]), json!(["x".repeat(101)])] {
        assert_eq!(
            code(&sent(call(&mut session, "mining.authorize", &bad))),
            24
        );
    }
    let mut session = self::session();
    for bad in ["ana\u{1b}[2J", "ana\n", "\u{7f}ana", "ana\u{9b}2J"] {
        let lines = sent(call(&mut session, "mining.authorize", &json!([bad])));
        assert_eq!(code(&lines), 24);
        let why = lines[0]["error"][1].as_str().unwrap();
        assert!(!why.contains(char::is_control), "{why:?}");
    }
}

#[test]
fn every_error_has_its_code() {
    let mut session = session();
    assert_eq!(code(&sent(submit(&mut session, "0102030400000001", 0))), 25);
    sent(call(&mut session, "mining.subscribe", &json!([])));
    assert_eq!(code(&sent(submit(&mut session, "0102030400000001", 0))), 24);
    authorize(&mut session, "ana");
    assert_eq!(code(&sent(submit(&mut session, "0102030400000002", 0))), 21);
    assert_eq!(
        code(&sent(call(&mut session, "mining.submit", &json!([])))),
        20
    );
    let other = json!([
        "bia",
        "0102030400000001",
        "0000000000000005",
        "00000000",
        "00000000"
    ]);
    assert_eq!(code(&sent(call(&mut session, "mining.submit", &other))), 24);
    let early = json!([
        "ana",
        "0102030400000001",
        "0000000000000005",
        "00000000",
        "00000000"
    ]);
    assert_eq!(code(&sent(call(&mut session, "mining.submit", &early))), 20);
    assert_eq!(
        code(&sent(call(&mut session, "mining.dance", &json!([])))),
        20
    );
    let mut codes = Vec::new();
    let mut block = None;
    for nonce in 0..200 {
        match submit(&mut session, "0102030400000001", nonce) {
            Step::Submit { .. } => block = Some(nonce),
            step => codes.push(code(&sent(step))),
        }
    }
    assert!(codes.iter().all(|code| *code == 23));
    assert_eq!(
        code(&sent(submit(
            &mut session,
            "0102030400000001",
            block.unwrap()
        ))),
        22
    );
    session.renew(job(2), NOW);
    let stale = sent(submit(&mut session, "0102030400000001", block.unwrap()));
    assert_eq!(code(&stale), 21);
}

#[test]
fn a_block_goes_to_the_node_whose_word_is_the_answer() {
    let mut session = ready();
    let (id, found) = (0..)
        .find_map(
            |nonce| match submit(&mut session, "0102030400000001", nonce) {
                Step::Submit { id, found } => Some((id, found)),
                _ => None,
            },
        )
        .unwrap();
    assert_eq!(found.block, 1);
    assert_eq!(
        hex::encode(found.extra_nonce),
        "010203040000000000000005aaaaaaaa"
    );
    assert!(sha256d(&found.header)[31] <= 0x0f);
    assert!(session.take_counted().is_some());
    assert!(session.take_counted().is_none());
    let taken = session.submitted(&id, Ok(()), NOW);
    assert_eq!(parsed(&taken)[0]["result"], true);
    let rejected = Reject::not_taken("bad-merkle-root");
    assert_eq!(
        code(&parsed(&session.submitted(&id, Err(rejected), NOW))),
        20
    );
    let stale = session.submitted(
        &id,
        Err(Reject::Stale("the chain has moved on".into())),
        NOW,
    );
    assert_eq!(code(&parsed(&stale)), 21);
}

#[test]
fn versions_roll_within_the_mask_that_was_granted() {
    let mut session = ready();
    let rolled = |session: &mut Session<u8>, bits: &str| {
        let params = json!([
            "ana",
            "0102030400000001",
            "0000000000000005",
            format!("{TIME:08x}"),
            "00000000",
            bits
        ]);
        match call(session, "mining.submit", &params) {
            Step::Submit { .. } => 0,
            step => code(&sent(step)),
        }
    };
    assert_eq!(rolled(&mut session, "00002000"), 20, "not configured");
    let wish =
        json!([["version-rolling", "minimum-difficulty"], { "version-rolling.mask": "0000ffff" }]);
    let granted = sent(call(&mut session, "mining.configure", &wish));
    assert_eq!(
        granted[0]["result"],
        json!({ "version-rolling": true, "version-rolling.mask": "0000e000", "minimum-difficulty": false })
    );
    assert_eq!(rolled(&mut session, "00010000"), 20, "outside the mask");
    assert_eq!(rolled(&mut session, "00000002"), 20, "outside the mask");
    assert!([0, 23].contains(&rolled(&mut session, "00002000")));
    let none = json!([["version-rolling"], { "version-rolling.mask": "00000001" }]);
    let refused = sent(call(&mut session, "mining.configure", &none));
    assert_eq!(refused[0]["result"], json!({ "version-rolling": false }));
}

#[test]
fn difficulties_may_be_suggested() {
    let mut session = ready();
    let wish = Difficulty::from_hashes(2).value();
    for (wish, expected) in [
        (json!([wish]), Value::Null),
        (json!([]), json!(20)),
        (json!([-1]), json!(20)),
    ] {
        let lines = sent(call(&mut session, "mining.suggest_difficulty", &wish));
        assert_eq!(lines[0]["error"][0], expected, "{wish}");
    }
}

#[test]
fn bad_lines_are_answered_until_there_are_too_many() {
    let mut session = ready();
    for _ in 1..20 {
        assert_eq!(code(&sent(session.line("}{", NOW))), 20);
    }
    assert!(matches!(session.line("}{", NOW), Step::Close));
}

/// A page in a browser of this machine can send anything below its lines of HTTP.
#[test]
fn what_does_not_begin_as_a_miner_is_not_heard() {
    for line in ["POST / HTTP/1.1", "what?", ""] {
        assert!(matches!(session().line(line, NOW), Step::Close), "{line}");
    }
}

#[test]
fn unknown_methods_are_bad_lines() {
    let mut session = ready();
    for _ in 1..20 {
        let lines = sent(call(&mut session, "mining.dance", &json!([])));
        assert_eq!(code(&lines), 20);
    }
    let last = call(&mut session, "mining.dance", &json!([]));
    assert!(matches!(last, Step::Close));
}

#[test]
fn other_methods_are_tolerated() {
    let mut session = session();
    for (method, result) in [
        ("mining.ping", json!("pong")),
        ("mining.extranonce.subscribe", json!(true)),
        ("mining.get_transactions", json!([])),
        ("mining.configure", json!({})),
    ] {
        let lines = sent(call(&mut session, method, &json!([])));
        assert_eq!(lines, [json!({ "id": 9, "error": null, "result": result })]);
    }
    assert!(sent(session.line(r#"{"id":1,"result":"x"}"#, NOW)).is_empty());
}

/// A session whose block is easier than what it would begin with, and whose miner may wish for less still.
fn easy(adjust: impl FnOnce(&mut StratumConfig)) -> Session<u8> {
    let mut config = StratumConfig {
        min_difficulty: Difficulty::MIN,
        ..StratumConfig::default()
    };
    adjust(&mut config);
    let mut session = Session::new(Arc::new(config), EXTRANONCE1, [0xaa; 4]);
    sent(call(&mut session, "mining.subscribe", &json!([])));
    authorize(&mut session, "ana");
    session
}

#[test]
fn a_share_counts_with_the_difficulty_that_admitted_it() {
    let mut session = easy(|_| ());
    let wish = Difficulty::from_hashes(2);
    let lines = sent(call(
        &mut session,
        "mining.suggest_difficulty",
        &json!([wish.value()]),
    ));
    assert_eq!(lines[1]["method"], "mining.set_difficulty");
    let sent_difficulty = session.sent.unwrap();
    assert!(sent_difficulty < Difficulty::from_hashes(3));
    // The first job was given with the block's.
    let counted = (0..)
        .find_map(
            |nonce| match submit(&mut session, "0102030400000001", nonce) {
                Step::Send(_) => session.take_counted(),
                _ => None,
            },
        )
        .unwrap();
    assert_eq!(counted, sent_difficulty);
}

#[test]
fn a_wish_before_the_worker_s_name_is_kept() {
    let config = StratumConfig {
        min_difficulty: Difficulty::MIN,
        ..StratumConfig::default()
    };
    let mut session = Session::new(Arc::new(config), EXTRANONCE1, [0xaa; 4]);
    let wish = Difficulty::from_hashes(3);
    sent(call(&mut session, "mining.subscribe", &json!([])));
    let params = json!([wish.value()]);
    let lines = sent(call(&mut session, "mining.suggest_difficulty", &params));
    assert_eq!(lines.len(), 1);
    let lines = authorize(&mut session, "ana");
    assert_eq!(lines[1]["method"], "mining.set_difficulty");
    let sent_difficulty = session.sent.unwrap();
    assert!(sent_difficulty > Difficulty::from_hashes(2) && sent_difficulty.eased() < wish);
}

#[test]
fn blocks_are_taken_after_a_job_s_last_share() {
    let mut session = easy(|config| config.shares_per_job = 1);
    let blocks = (0..200)
        .filter(|nonce| {
            matches!(
                submit(&mut session, "0102030400000001", *nonce),
                Step::Submit { .. }
            )
        })
        .count();
    assert_eq!(blocks, 2);
}

#[test]
fn so_many_late_shares_are_free() {
    let mut session = easy(|config| config.late_shares = 2);
    let free = |session: &mut Session<u8>| {
        assert_eq!(code(&sent(submit(session, "0102030400000000", 0))), 21);
        session.take_free()
    };
    assert_eq!([(); 3].map(|()| free(&mut session)), [true, true, false]);
    session.renew(job(1), NOW);
    assert!(!free(&mut session), "the same tip");
    session.renew(job(2), NOW);
    assert!(free(&mut session));
    sent(call(&mut session, "mining.ping", &json!([])));
    assert!(!session.take_free());
}
