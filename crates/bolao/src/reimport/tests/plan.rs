//! Every verdict on a change of a match.

use super::*;
use crate::view::Fixture as Scheduled;

/// The changes of a pool whose first match is `game`, by a file that has these lines.
fn changes(game: Value, lines: &[String], rules: &Rules) -> Vec<Change> {
    let ours = matches(vec![game, ours(2, "Cc", "Dd", Some(DAY))]);
    let none = Waits::new();
    let lines = [lines, &[line(2, "Cc", "Dd", DAY, "")]].concat();
    plan(file(&lines), &pool(&ours, rules, &none), false)
        .unwrap()
        .changes
}

/// The one change.
fn change(game: Value, line: String) -> Change {
    let mut found = changes(game, &[line], &Rules::default());
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn put_off() -> Outcome {
    Outcome::without_score(bolao_ledger::Status::Postponed, None)
}

#[test]
fn a_match_that_is_still_to_come_is_changed() {
    let moved = change(
        ours(1, "Aa", "Bb", Some(DAY)),
        line(1, "Aa", "Bb", 2 * DAY, ""),
    );
    assert_eq!(moved.verdict, Verdict::Sign);
    assert_eq!(
        moved.fixture.unwrap().kickoff,
        Some(UnixSeconds((NOW + 2 * DAY).unsigned_abs()))
    );
    let filled = change(ours(1, "W1", "Bb", Some(DAY)), line(1, "Aa", "Bb", DAY, ""));
    assert_eq!(filled.verdict, Verdict::Sign);
    assert_eq!(filled.teams, "Aa – Bb");
}

#[test]
fn what_has_begun_or_has_a_result_stays() {
    let later = || line(1, "Aa", "Bb", 2 * DAY, "");
    let begun = ours(1, "Aa", "Bb", Some(-HOUR));
    let found = change(begun.clone(), later());
    assert!(
        refused(&found.verdict, "has kicked off already"),
        "{found:?}"
    );
    let played = Outcome::played("1-0".parse().unwrap());
    let found = change(with_record(begun.clone(), &played), later());
    assert!(refused(&found.verdict, "has a result already"), "{found:?}");

    // Put off, it is scheduled anew, whenever it was to begin; but not once that has been done.
    let mut off = with_record(begun, &put_off());
    let found = change(off.clone(), later());
    assert!(
        refused(&found.verdict, "has kicked off already"),
        "{found:?}"
    );
    off["postponed"] = json!(true);
    assert_eq!(change(off, later()).verdict, Verdict::Sign);
    let again = with_record(ours(1, "Aa", "Bb", Some(DAY)), &put_off());
    assert_eq!(change(again, later()).verdict, Verdict::Sign);
}

#[test]
fn no_kick_off_is_set_to_the_past() {
    let found = change(
        ours(1, "Aa", "Bb", Some(DAY)),
        line(1, "Aa", "Bb", -HOUR, ""),
    );
    assert!(refused(&found.verdict, "in the past"), "{found:?}");
}

#[test]
fn teams_stay_once_a_match_takes_no_more_bets() {
    let mut closed = ours(1, "W1", "Bb", Some(HOUR));
    closed["deadline"] = json!(Timestamp::from_second(NOW - HOUR).unwrap());
    let filled = line(1, "Aa", "Bb", HOUR, "");
    // Where nobody tipped they are filled in, and what cannot be moved stays.
    closed["bets"] = json!(0);
    assert_eq!(
        change(closed.clone(), filled.clone()).verdict,
        Verdict::Sign
    );
    let begun = ours(1, "W1", "Bb", Some(-HOUR));
    let found = change(begun, line(1, "Aa", "Bb", -2 * HOUR, ""));
    assert_eq!(found.verdict, Verdict::Sign);
    let fixture = found.fixture.unwrap();
    assert_eq!(fixture.home.name.as_str(), "Aa");
    assert_eq!(
        fixture.kickoff.map(|at| at.0),
        u64::try_from(NOW - HOUR).ok()
    );
    closed["bets"] = json!(1);
    let found = change(closed.clone(), filled);
    assert!(refused(&found.verdict, "its teams stay"), "{found:?}");
    // A later kick-off is set all the same, and opens it again only where the rules say so.
    let mut known = closed.clone();
    known["home"]["name"] = json!("Aa");
    let later = line(1, "Aa", "Bb", 2 * HOUR, "");
    assert_eq!(change(known, later.clone()).verdict, Verdict::Sign);
    let rules = Rules {
        later_kickoff_reopens: true,
        ..Rules::default()
    };
    let found = changes(closed.clone(), std::slice::from_ref(&later), &rules);
    assert_eq!(found[0].verdict, Verdict::Sign);
    let found = changes(closed, &[later], &Rules::default());
    assert!(refused(&found[0].verdict, "its teams stay"), "{found:?}");
}

#[test]
fn what_somebody_has_to_look_at_is_not_signed() {
    let other = change(ours(1, "Aa", "Bb", Some(DAY)), line(1, "Ee", "Bb", DAY, ""));
    assert!(
        refused(&other.verdict, "is Aa – Bb in the pool"),
        "{other:?}"
    );
    assert!(other.fixture.is_none());
    let dated = |date: &str| {
        format!(r#"{{"num": 1, "round": "Final", "team1": "Aa", "team2": "Bb", "date": "{date}"}}"#)
    };
    let over = change(ours(1, "Aa", "Bb", None), dated("2030-03-01"));
    assert!(refused(&over.verdict, "betting goes on"), "{over:?}");
    let elsewhere = change(ours(1, "Aa", "Bb", Some(DAY)), dated("2030-03-28"));
    assert!(refused(&elsewhere.verdict, "set it with"), "{elsewhere:?}");
    let near = changes(
        ours(1, "Aa", "Bb", Some(DAY)),
        &[dated("2030-03-19")],
        &Rules::default(),
    );
    assert!(near.is_empty(), "{near:?}");
}

#[test]
fn new_matches_are_added_while_there_is_room_and_no_doubt() {
    let there = matches(vec![ours(1, "Aa", "Bb", Some(DAY))]);
    let (rules, none) = (Rules::default(), Waits::new());
    let new = |room: usize, waiting: &Waits| {
        let lines = [
            line(1, "Aa", "Bb", DAY, ""),
            line(2, "Cc", "Dd", 2 * DAY, ""),
            line(3, "Ee", "Ff", 3 * DAY, ""),
        ];
        let pool = Pool {
            room,
            ..pool(&there, &rules, waiting)
        };
        let changes = plan(file(&lines), &pool, false).unwrap().changes;
        let told = changes.into_iter().map(|change| {
            let full = refused(&change.verdict, "the pool is full");
            assert_ne!(change.verdict == Verdict::Sign, full);
            (change.fixture.unwrap().no.0, full)
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(new(3, &none), [(2, false), (3, false)]);
    assert_eq!(new(2, &none), [(2, false), (3, true)]);
    // Another organiser has proposed a match of his own under the next number.
    let scheduled = serde_json::from_value::<Scheduled>(json!({
        "no": 2, "code": "Own", "home": {"name": "Xx"}, "away": {"name": "Yy"}, "kickoff": null, "stage": "Final",
    }));
    let fixture = scheduled.unwrap();
    let waiting = waits(2, ANA, Signed::Schedule { fixture });
    assert_eq!(new(9, &waiting), [(3, false), (4, false)]);

    // It may be the placeholder's, which the file does not have.
    let there = matches(vec![
        ours(1, "Aa", "Bb", Some(DAY)),
        ours(7, "W1", "W2", Some(DAY)),
    ]);
    let lines = [
        line(1, "Aa", "Bb", DAY, ""),
        line(2, "Cc", "Dd", 9 * DAY, ""),
    ];
    let found = plan(file(&lines), &pool(&there, &rules, &none), false).unwrap();
    assert!(
        refused(&found.changes[0].verdict, "may be the pool's M7"),
        "{found:?}"
    );
    assert_eq!(found.gone, ["M7"]);
}

#[test]
fn what_one_has_signed_waits_for_others() {
    let there = matches(vec![ours(1, "Aa", "Bb", Some(DAY))]);
    let (rules, none) = (Rules::default(), Waits::new());
    let lines = [line(1, "Aa", "Bb", 2 * DAY, "")];
    let verdict = |waiting: &Waits, own| {
        let pool = Pool {
            own,
            ..pool(&there, &rules, waiting)
        };
        plan(file(&lines), &pool, false).unwrap().changes.remove(0)
    };
    let fixture = verdict(&none, Some(OWN)).fixture.unwrap();
    let scheduled = |days: i64| Signed::Schedule {
        fixture: Scheduled {
            kickoff: Some(Timestamp::from_second(NOW + days * DAY).unwrap()),
            ..(&fixture).into()
        },
    };
    for (signer, days, own, wanted) in [
        (OWN, 2, Some(OWN), Verdict::Signed),
        (ANA, 2, Some(OWN), Verdict::Sign),
        (OWN, 3, Some(OWN), Verdict::Sign),
        (OWN, 2, None, Verdict::Sign),
    ] {
        let waiting = waits(1, signer, scheduled(days));
        assert_eq!(verdict(&waiting, own).verdict, wanted, "{days} {own:?}");
    }
}

#[test]
fn a_file_of_another_competition_is_taken_only_if_it_is_said() {
    let there = matches(vec![ours(1, "Aa", "Bb", Some(DAY))]);
    let (rules, none) = (Rules::default(), Waits::new());
    let pool = pool(&there, &rules, &none);
    let other = || file(&[line(1, "Ee", "Ff", DAY, "")]);
    let error = plan(other(), &pool, false).unwrap_err();
    assert!(error.to_string().contains("another competition"), "{error}");
    assert!(plan(other(), &pool, true).is_ok());
}
