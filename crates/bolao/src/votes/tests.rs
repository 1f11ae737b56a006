#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::*;

/// A proposal of a match, as the node tells it.
fn proposal(no: u16, code: &str) -> Value {
    json!({
        "id": "", "match": {"no": no, "code": no.to_string()}, "signatures_needed": 2,
        "signers": [{"account": AccountId([1; 32])}],
        "type": "schedule", "fixture": {"no": no, "code": code, "home": {"name": "A"},
            "away": {"name": "B"}, "kickoff": "2030-01-02T00:00:00Z", "stage": "Final"},
    })
}

/// What waits where these matches are proposed.
fn proposals(all: &[(u16, &str)]) -> BTreeMap<u16, Vec<Waiting>> {
    let mut waiting: BTreeMap<u16, Vec<Waiting>> = BTreeMap::new();
    for (no, code) in all {
        let one = serde_json::from_value(proposal(*no, code)).unwrap();
        waiting.entry(*no).or_default().push(one);
    }
    waiting
}

#[test]
fn a_fixture_is_the_bytes_that_were_signed() {
    let waiting: Waiting = serde_json::from_value(proposal(1, "PtCh")).unwrap();
    let fixture = waiting.scheduled().unwrap().fixture().unwrap();
    assert_eq!(fixture.kickoff, Some(UnixSeconds(1_893_542_400)));
    assert_eq!(fixture.home.name.as_str(), "A");
    assert_eq!(waiting.id().unwrap(), SignedId::of_schedule(&fixture));
}

#[test]
fn new_matches_have_numbers_that_nobody_has_proposed() {
    let matches = [1, 2].map(|no| {
        let game = crate::view::fixtures::match_json(no, &format!("M{no}"), "A", "B");
        serde_json::from_value::<Match>(game).unwrap()
    });
    let none = BTreeMap::new();
    let mut numbers = Numbers::new(&matches, &none);
    assert_eq!((numbers.give("X"), numbers.give("Y")), (Some(3), Some(4)));

    let waiting = proposals(&[(3, "X"), (5, "Z")]);
    let mut numbers = Numbers::new(&matches, &waiting);
    let given = ["Y", "x", "W", "Z", "V"].map(|code| numbers.give(code));
    assert_eq!(given, [4, 3, 6, 5, 7].map(Some));

    // Two of an older program that have one number: only one of them keeps it.
    let waiting = proposals(&[(3, "X"), (3, "Y")]);
    let mut numbers = Numbers::new(&matches, &waiting);
    assert_eq!((numbers.give("X"), numbers.give("Y")), (Some(3), Some(4)));

    let last = crate::view::fixtures::match_json(u16::MAX, "Last", "A", "B");
    let last = [serde_json::from_value::<Match>(last).unwrap()];
    assert_eq!(Numbers::new(&last, &none).give("X"), None);
}
