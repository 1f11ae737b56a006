#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;
use serde_json::json;

use super::*;
use crate::{
    account::AccountId,
    actions::Action,
    fixture::MatchNo,
    genesis::Genesis,
    scoring::{Additive, Scoring},
    units::UnixSeconds,
};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Point,
    Circle { radius: u8 },
    Named(String),
    Pair(i64, Option<bool>),
}

fn wrong_in<T: DeserializeOwned + fmt::Debug>(value: Value) -> String {
    from_value::<T>(value).unwrap_err().to_string()
}

#[test]
fn every_shape_is_read() {
    let read = from_value::<Vec<Shape>>(json!([
        "point", { "point": null }, { "circle": { "radius": 3, "other": [] } }, { "named": "n" }, { "pair": [-1, null] },
    ]));
    let (point, circle) = (Shape::Point, Shape::Circle { radius: 3 });
    let (named, pair) = (Shape::Named("n".into()), Shape::Pair(-1, None));
    assert_eq!(read.unwrap(), [point, Shape::Point, circle, named, pair]);
    let numbers = from_json::<BTreeMap<String, f64>>(r#"{"a": 1, "b": -0.5}"#).unwrap();
    assert_eq!(numbers.into_values().collect::<Vec<_>>(), [1.0, -0.5]);
    let value = json!({ "a": [1, -1, 0.5, null, true, "x", {}] });
    assert_eq!(from_value::<Value>(value.clone()).unwrap(), value);
}

#[test]
fn a_field_stands_once() {
    for text in [
        r#"{"circle": {"radius": 3, "radius": 4}}"#,
        r#"{"circle": {"other": {"a": 1, "a": 1}, "radius": 3}}"#,
    ] {
        let error = from_json::<Shape>(text).unwrap_err().to_string();
        assert!(error.contains("stands twice"), "{error}");
    }
}

#[test]
fn tagged_types_have_each_field_once_and_no_private_ones() {
    for scoring in [
        r#"{"kind":"sum","kind":"sum","exact":5,"tendency":2,"each_team":1,"difference":1}"#,
        r#"{"kind":"sum","exact":{"$serde_json::private::RawValue":"5"},"tendency":2,"each_team":1,"difference":1}"#,
    ] {
        assert!(
            serde_json::from_str::<Scoring>(scoring).is_err(),
            "{scoring}"
        );
        assert!(from_json::<Scoring>(scoring).is_err(), "{scoring}");
    }
}

#[test]
fn a_file_of_brackets_is_not_built() {
    let text = format!(r#"{{"a":[{}0]}}"#, r#"{"":0},"#.repeat(200_000));
    let error = from_file::<Value>(&text).unwrap_err().to_string();
    assert!(error.contains("wanted at most"), "{error}");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let mut genesis: Value = serde_json::from_str(&Genesis::article().to_json()).unwrap();
    *genesis.pointer_mut("/matches/1/home/name").unwrap() = json!(["x"]);
    assert_eq!(
        wrong_in::<Genesis>(genesis),
        "matches.1.home.name: got a list, wanted a string"
    );
    assert_eq!(
        wrong_in::<Vec<Shape>>(json!(["point", { "circle": { "radius": 256 } }])),
        "1.radius: got 256, wanted u8"
    );
    assert_eq!(
        wrong_in::<Shape>(json!({ "circle": {} })),
        "missing field `radius`"
    );
    assert_eq!(
        wrong_in::<Shape>(json!("circle")),
        "got only the name, wanted more"
    );
    for (value, error) in [
        (json!("square"), "unknown variant"),
        (json!({ "point": 1 }), "got 1, wanted only the name"),
        (json!({}), "wanted"),
        (json!({ "point": null, "circle": null }), "wanted"),
        (json!(7), "got 7, wanted"),
        (json!({ "pair": [1, null, 2] }), "got 3 items, wanted 2"),
        (json!({ "pair": [0.5, null] }), "got 0.5, wanted i64"),
    ] {
        let got = wrong_in::<Shape>(value);
        assert!(got.contains(error), "{got}");
    }
    assert!(from_json::<Shape>("{").is_err());
}

#[test]
fn a_tagged_type_is_read_by_the_name_in_it() {
    let parts = Additive {
        exact: 5,
        tendency: 2,
        each_team: 1,
        difference: 0,
    };
    let written = |kind: Value, exact: u32| json!({ "kind": kind, "exact": exact, "tendency": 2, "each_team": 1, "difference": 0 });
    let sum = from_value(written("sum".into(), 5)).unwrap();
    assert_eq!(Scoring::Sum(parts), sum);
    assert_eq!(
        serde_json::from_value::<Scoring>(written("sum".into(), 5)).unwrap(),
        sum
    );
    let mut unnamed = written("sum".into(), 5);
    unnamed.as_object_mut().unwrap().remove("kind");
    for (scoring, error) in [
        (
            written("sum".into(), 65_536),
            "exact: got 65536, wanted u16",
        ),
        (
            written("none".into(), 5),
            "unknown variant `none`, expected one of `best`, `sum`, `lines`, `quota`, `close`",
        ),
        (written(1.into(), 5), "missing field `kind`"),
        (unnamed, "missing field `kind`"),
        (json!(["sum"]), "missing field `kind`"),
        (
            json!({ "kind": "sum", "exact": 5 }),
            "missing field `tendency`",
        ),
        (
            json!({ "kind": "sum", "exact": 5, "tendency": 2, "each_team": 1, "difference": 0, "draw": 1 }),
            "unknown field `draw`, expected one of `exact`, `tendency`, `each_team`, `difference`",
        ),
    ] {
        let other = serde_json::from_value::<Scoring>(scoring.clone());
        assert_eq!(other.unwrap_err().to_string(), error);
        assert_eq!(wrong_in::<Scoring>(scoring), error);
    }
}

/// An action holds its name among its fields, and is read by `serde`'s own way.
#[test]
fn actions_are_read_as_serde_json_reads_them() {
    let bet = json!({ "type": "bet", "tips": [{ "match_no": 1, "prediction": { "score": { "home": 2, "away": 0 } }, "stake": 3 }] });
    let ours: Action = from_value(bet.clone()).unwrap();
    assert_eq!(ours, serde_json::from_value(bet).unwrap());
}

/// As files on the disk hold them: a key of JSON is a text.
#[test]
fn numbers_times_and_accounts_are_keys_of_maps() {
    type Kept = (
        BTreeMap<MatchNo, u8>,
        BTreeMap<UnixSeconds, u8>,
        BTreeMap<AccountId, u8>,
    );
    let account = AccountId([1; 32]);
    let kept = (
        BTreeMap::from([(MatchNo(7), 1)]),
        BTreeMap::from([(UnixSeconds(1_900_000_000), 2)]),
        BTreeMap::from([(account, 3)]),
    );
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(
        text,
        format!(r#"[{{"7":1}},{{"1900000000":2}},{{"{account}":3}}]"#)
    );
    assert_eq!(serde_json::from_str::<Kept>(&text).unwrap(), kept);
    for key in ["70000", "-1", "x", ""] {
        let text = format!(r#"{{"{key}":1}}"#);
        assert!(serde_json::from_str::<BTreeMap<MatchNo, u8>>(&text).is_err());
    }
}

#[test]
fn pages_read_only_acts_that_they_sign() {
    let day = json!({ "type": "day", "match_no": 3, "day": null });
    let read: Action = from_value(day.clone()).unwrap();
    assert_eq!(Action::of_page(day).unwrap(), read);
    let transfer = json!({ "type": "transfer", "to": AccountId([7; 32]), "chips": 3 });
    assert!(from_value::<Action>(transfer.clone()).is_ok());
    let refused = Action::of_page(transfer).unwrap_err().to_string();
    assert_eq!(refused, "`transfer` is no act of a page");
    let unknown = Action::of_page(json!({ "type": "bribe" })).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        wrong_in::<Action>(json!({ "type": "bribe" }))
    );
}

#[derive(serde::Serialize)]
struct Written {
    match_no: MatchNo,
    account: AccountId,
    text: &'static str,
    most: u64,
    least: i64,
    none: Option<u8>,
    empty: [u8; 0],
    map: BTreeMap<&'static str, bool>,
    shapes: [Drawn; 3],
}

#[derive(serde::Serialize)]
enum Drawn {
    Point,
    Circle { radius: u8 },
    Named(&'static str),
}

#[test]
fn programs_read_what_serde_json_would_write() {
    let value = Written {
        match_no: MatchNo(7),
        account: AccountId([7; 32]),
        text: "\u{0}\"\\\n\u{7f}ñ🙂",
        most: u64::MAX,
        least: i64::MIN,
        none: None,
        empty: [],
        map: [("a", true), ("b", false)].into(),
        shapes: [Drawn::Point, Drawn::Circle { radius: 3 }, Drawn::Named("x")],
    };
    let mut out = Vec::new();
    append(&mut out, &value).unwrap();
    let wanted = serde_json::to_string(&value).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), wanted);
    assert!(append(&mut Vec::new(), &BTreeMap::from([(1, 2)])).is_err());
}
