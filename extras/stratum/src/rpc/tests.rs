#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

fn request(line: &str) -> Request {
    let request = parse(line).unwrap();
    request.unwrap_or_else(|| panic!("{line} is taken for an answer"))
}

#[test]
fn reads_what_miners_send() {
    // As pooler's cpuminer, cgminer and others send them.
    let subscribe =
        request(r#"{"id": 1, "method": "mining.subscribe", "params": ["cpuminer/2.5.1"]}"#);
    assert_eq!(subscribe.id, json!(1));
    assert_eq!(subscribe.method, "mining.subscribe");
    assert_eq!(subscribe.params, [json!("cpuminer/2.5.1")]);
    let text = request(r#"{"jsonrpc":"2.0","id":"a","method":"mining.ping","params":null}"#);
    assert_eq!((text.id, text.params), (json!("a"), vec![]));
    let bare = request(r#"{"method":"mining.ping"}"#);
    assert_eq!(bare.id, Value::Null);
    let carriage = request("{\"id\":2,\"method\":\"m\",\"params\":[]}\r");
    assert_eq!(carriage.id, json!(2));
    let answer = parse(r#"{"id": 7, "result": "cpuminer/2.5.1", "error": null}"#).unwrap();
    assert_eq!(answer, None);
}

#[test]
fn refuses_what_is_no_request() {
    for bad in [
        "",
        "   ",
        "GET / HTTP/1.1",
        "[]",
        "null",
        "1e999",
        r#"{"id":[],"method":"m"}"#,
        r#"{"id":{},"method":"m"}"#,
        r#"{"id":1,"method":2}"#,
        r#"{"id":1,"method":"m","params":{}}"#,
        r#"{"id":1,"method":"m","params":"x"}"#,
        r#"{"id":1,"method":"m","params":[]}{}"#,
        "{\"id\":1,\"method\":\"\u{0}\"",
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
    let long = format!(r#"{{"id":"{}","method":"m"}}"#, "x".repeat(65));
    assert!(parse(&long).unwrap_err().starts_with("the id "));
}

#[test]
fn depth_is_bounded() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = |levels: usize| {
            let (open, close) = (open.repeat(levels), close.repeat(levels));
            format!(r#"{{"id":1,"method":"m","params":[{open}1{close}]}}"#)
        };
        assert!(parse(&deep(100)).is_ok());
        assert!(parse(&deep(1_300)).unwrap_err().starts_with("not JSON"));
        assert!(parse(&open.repeat(8_000 / open.len())).is_err());
    }
}

#[test]
fn answers_have_all_three_parts() {
    assert_eq!(
        answer(&json!(4), Ok(json!(true))),
        r#"{"error":null,"id":4,"result":true}"#
    );
    assert_eq!(
        answer(&json!("x"), Err(Reject::Duplicate)),
        r#"{"error":[22,"duplicate share",null],"id":"x","result":null}"#
    );
    assert_eq!(
        notification("mining.set_difficulty", &json!([0.5])),
        r#"{"id":null,"method":"mining.set_difficulty","params":[0.5]}"#
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn any_nearly_json_is_read_or_refused(text in r#"[\[\]{}",:0-9a-e.+\-\\ nulltruefalseidmethodparams]{0,200}"#) {
        let _ = parse(&text);
    }

    #[test]
    fn a_request_comes_back(id in any::<i64>(), method in "[a-z._]{1,30}", words in proptest::collection::vec(any::<String>(), 0..6)) {
        let line = json!({ "id": id, "method": method, "params": words }).to_string();
        let expected = Request {
            id: json!(id),
            method,
            params: words.into_iter().map(Value::String).collect(),
        };
        prop_assert_eq!(request(&line), expected);
    }
}
