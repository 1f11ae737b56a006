#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

const NOW: Duration = Duration::from_secs(1);
const TIME: u32 = 1_900_000_000;

/// A template on a tip whose bytes are all `tip`; every 16th hash makes a block.
fn template(tip: u8) -> JobTemplate<u8> {
    let mut header = [0; 80];
    header[0] = 2;
    header[4..36].fill(tip);
    header[68..72].copy_from_slice(&TIME.to_le_bytes());
    let mut target = [0xff; 32];
    target[31] = 0x0f;
    JobTemplate {
        header,
        target,
        coinbase_prefix: vec![7; 50],
        merkle_branch: vec![[8; 32], [9; 32]],
        min_time: TIME - 10,
        max_time: TIME + 10,
        block: tip,
    }
}

fn session() -> Session<u8> {
    Session::new(Arc::default(), [1, 2, 3, 4], [0xaa; 4])
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
        Step::Authorize { id, worker } => {
            parsed(&session.authorized(&id, worker, Ok(template(1)), NOW))
        }
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
    let told = lines[1]["params"][0].as_f64().unwrap();
    let block = Difficulty::of_target(&template(1).target).value();
    assert!(told < block && told > block * 0.999, "{told} of {block}");
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
    let stranger = json!([
        "bia",
        "0102030400000001",
        "0000000000000005",
        "00000000",
        "00000000"
    ]);
    assert_eq!(
        code(&sent(call(&mut session, "mining.submit", &stranger))),
        24
    );
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
    session.renew(template(2), NOW);
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
    let rejected = SubmitError::Rejected("bad-merkle-root".into());
    assert_eq!(
        code(&parsed(&session.submitted(&id, Err(rejected), NOW))),
        20
    );
    let stale = session.submitted(&id, Err(SubmitError::Stale), NOW);
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
    let mut session = session();
    for _ in 1..20 {
        assert_eq!(code(&sent(session.line("}{", NOW))), 20);
    }
    assert!(matches!(session.line("}{", NOW), Step::Close));
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

proptest! {
    /// Whatever a miner sends, there is an answer, and never more than three lines.
    #[test]
    fn nothing_that_is_sent_upsets_it(
        lines in proptest::collection::vec((
            prop_oneof![
                Just("subscribe"), Just("authorize"), Just("submit"), Just("configure"),
                Just("suggest_difficulty"), Just("x"),
            ],
            proptest::collection::vec(prop_oneof![
                Just(json!("ana")), Just(json!("0102030400000001")), Just(json!("0000000000000000")),
                Just(json!(null)), Just(json!([["version-rolling"]])), Just(json!({"a": 1})),
                any::<f64>().prop_map(|number| json!(number)),
                any::<u32>().prop_map(|number| json!(format!("{number:08x}"))),
                any::<String>().prop_map(|text| json!(text)),
            ], 0..7),
        ), 0..30),
    ) {
        let mut session = ready();
        for (method, params) in lines {
            match call(&mut session, &format!("mining.{method}"), &json!(params)) {
                Step::Send(lines) => prop_assert!((1..=3).contains(&lines.len())),
                Step::Authorize { .. } | Step::Submit { .. } => {}
                Step::Close => prop_assert!(false),
            }
        }
    }
}
