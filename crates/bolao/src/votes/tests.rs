#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::AccountId;

use super::*;
use crate::view::{
    Signed,
    fixtures::{self, match_json},
};

/// What waits where these matches are proposed.
fn proposals(all: &[(u16, &str)]) -> BTreeMap<u16, Vec<Waiting>> {
    let mut waiting: BTreeMap<u16, Vec<Waiting>> = BTreeMap::new();
    for (no, code) in all {
        let game: Match = serde_json::from_value(match_json(*no, code, "A", "B")).unwrap();
        let fixture = game.fixture;
        let signed = Signed::Schedule { fixture };
        let one = fixtures::waiting(*no, AccountId([1; 32]), signed);
        waiting.entry(*no).or_default().push(one);
    }
    waiting
}

#[test]
fn new_matches_have_numbers_that_nobody_has_proposed() {
    let matches = [1, 2].map(|no| {
        let game = match_json(no, &format!("M{no}"), "A", "B");
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

    let last = match_json(u16::MAX, "Last", "A", "B");
    let last = [serde_json::from_value::<Match>(last).unwrap()];
    assert_eq!(Numbers::new(&last, &none).give("X"), None);
}
