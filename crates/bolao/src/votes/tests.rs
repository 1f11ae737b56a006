#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::*;

const ANA: [u8; 32] = [1; 32];
const BRUNO: [u8; 32] = [2; 32];
const CARLA: [u8; 32] = [3; 32];

fn act(organiser: [u8; 32], took_effect: bool, signed: &Value) -> Act {
    let mut value = json!({
        "seq": 0, "organiser": {"account": AccountId(organiser), "name": null},
        "match": {"no": 1, "code": "PtCh"}, "took_effect": took_effect,
        "transaction": "", "height": 1, "time": "2030-01-01T00:00:00Z",
    });
    for (key, part) in signed.as_object().unwrap() {
        value[key] = part.clone();
    }
    serde_json::from_value(value).unwrap()
}

fn score(goals: u8) -> Value {
    json!({"type": "result", "outcome": {"status": "played", "half_time": null,
        "after_90": {"home": goals, "away": 0}, "after_120": null, "shootout": null,
        "advances": null, "reason": null}})
}

fn postponed() -> Value {
    json!({"type": "result", "outcome": {"status": "postponed"}})
}

fn kickoff(day: u8) -> Value {
    json!({"type": "schedule", "fixture": {"no": 1, "code": "PtCh", "home": {"name": "A"},
        "away": {"name": "B"}, "kickoff": format!("2030-01-{day:02}T00:00:00Z"), "stage": "Final"}})
}

/// How many have signed each thing that waits.
fn signers(acts: &[Act]) -> Vec<usize> {
    waiting_on(acts, 1)
        .iter()
        .map(|waiting| waiting.signers.len())
        .collect()
}

#[test]
fn what_took_effect_spends_every_signature() {
    let mut acts = vec![
        act(ANA, false, &score(1)),
        act(BRUNO, false, &kickoff(2)),
        act(CARLA, false, &score(1)),
    ];
    assert_eq!(signers(&acts), [2, 1]);
    acts.push(act(BRUNO, true, &score(1)));
    assert_eq!(signers(&acts), [0; 0]);
}

#[test]
fn a_later_signature_replaces_the_earlier_one_of_its_kind() {
    let acts = [
        act(ANA, false, &score(1)),
        act(ANA, false, &kickoff(2)),
        act(ANA, false, &score(2)),
    ];
    let waiting = waiting_on(&acts, 1);
    assert_eq!(signers(&acts), [1, 1]);
    assert!(waiting[0].scheduled().is_some());
    assert_eq!(
        waiting[1].outcome().unwrap().after_90.unwrap().to_string(),
        "2-0"
    );
    assert!(waiting_on(&acts, 2).is_empty());
}

#[test]
fn who_signs_what_stands_waits_for_nobody() {
    let acts = [
        act(ANA, true, &score(1)),
        act(CARLA, false, &score(2)),
        act(BRUNO, false, &score(1)),
        act(CARLA, false, &score(1)),
    ];
    assert_eq!(signers(&acts), [0; 0]);
}

#[test]
fn what_was_put_off_and_scheduled_anew_can_be_put_off_again() {
    let mut acts = vec![
        act(ANA, true, &postponed()),
        act(BRUNO, false, &postponed()),
    ];
    assert_eq!(signers(&acts), [0; 0]);
    acts.push(act(ANA, true, &kickoff(3)));
    acts.push(act(ANA, false, &postponed()));
    assert_eq!(signers(&acts), [1]);
}

#[test]
fn a_fixture_is_the_bytes_that_were_signed() {
    let Signed::Schedule { fixture } = act(ANA, false, &kickoff(2)).signed else {
        panic!("no schedule");
    };
    let fixture = fixture.fixture().unwrap();
    assert_eq!(fixture.kickoff, Some(UnixSeconds(1_893_542_400)));
    assert_eq!(fixture.home.name.as_str(), "A");
}

fn new_match(no: u16, code: &str) -> Value {
    let mut value = kickoff(2);
    value["fixture"]["no"] = json!(no);
    value["fixture"]["code"] = json!(code);
    value
}

/// What waits after each organiser has proposed a match.
fn proposals(all: &[([u8; 32], u16, &str)]) -> BTreeMap<u16, Vec<Waiting>> {
    let acts: Vec<Act> = all
        .iter()
        .map(|(organiser, no, code)| {
            let mut act = act(*organiser, false, &new_match(*no, code));
            act.r#match.no = *no;
            act
        })
        .collect();
    waiting(&acts)
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

    let waiting = proposals(&[(ANA, 3, "X"), (BRUNO, 5, "Z")]);
    let mut numbers = Numbers::new(&matches, &waiting);
    let given = ["Y", "x", "W", "Z", "V"].map(|code| numbers.give(code));
    assert_eq!(given, [4, 3, 6, 5, 7].map(Some));

    // Two of an older program that have one number: only one of them keeps it.
    let waiting = proposals(&[(ANA, 3, "X"), (BRUNO, 3, "Y")]);
    let mut numbers = Numbers::new(&matches, &waiting);
    assert_eq!((numbers.give("X"), numbers.give("Y")), (Some(3), Some(4)));

    let last = crate::view::fixtures::match_json(u16::MAX, "Last", "A", "B");
    let last = [serde_json::from_value::<Match>(last).unwrap()];
    assert_eq!(Numbers::new(&last, &none).give("X"), None);
}
