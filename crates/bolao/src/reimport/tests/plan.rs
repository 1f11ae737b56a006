//! Every verdict on a change of a match.

use bolao_ledger::{Action, Fixture, MatchNo};

use super::*;
use crate::view::Fixture as Scheduled;

/// What a file's lines change, if the ledger refuses nothing.
fn planned(lines: &[String], pool: &Pool<'_>) -> Plan {
    let found = compare(file(lines), pool, false).unwrap();
    plan(found, pool, &Refusals::default())
}

/// The changes of a pool whose first match is `game`, by a file that has these lines.
fn changes(game: Value, lines: &[String]) -> Vec<Change> {
    let ours = matches(vec![game, ours(2, "Cc", "Dd", Some(DAY))]);
    let none = Waits::new();
    let lines = [lines, &[line(2, "Cc", "Dd", DAY, "")]].concat();
    planned(&lines, &pool(&ours, &none)).changes
}

/// The one change.
fn change(game: Value, line: String) -> Change {
    let mut found = changes(game, &[line]);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
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

/// What the ledger refuses stays; the teams are filled in where it takes those alone.
#[test]
fn what_the_ledger_refuses_stays() {
    let there = matches(vec![ours(1, "W1", "Bb", Some(-HOUR))]);
    let none = Waits::new();
    let pool = pool(&there, &none);
    let found = || compare(file(&[line(1, "Aa", "Bb", -2 * HOUR, "")]), &pool, false).unwrap();
    let asked = schedules(&found());
    assert_eq!(asked.len(), 2);
    let change = |refused: &[usize]| {
        let refused = refused
            .iter()
            .map(|at| (asked[*at].clone(), "is over".to_owned()));
        plan(found(), &pool, &Refusals(refused.collect()))
            .changes
            .remove(0)
    };
    let moved = change(&[]);
    assert_eq!((&moved.verdict, moved.what.len()), (&Verdict::Sign, 2));
    let kept = change(&[0]);
    assert_eq!((&kept.verdict, kept.what.len()), (&Verdict::Sign, 1));
    let fixture = kept.fixture.unwrap();
    assert_eq!(fixture.home.name.as_str(), "Aa");
    let before = u64::try_from(NOW - HOUR).ok();
    assert_eq!(fixture.kickoff.map(|at| at.0), before);
    let stays = change(&[0, 1]);
    assert!(refused(&stays.verdict, "is over"), "{stays:?}");
}

/// The ledger itself is asked, over a store, for an organiser who has not joined.
#[tokio::test]
async fn the_ledger_is_asked() {
    let mut genesis = bolao_ledger::Genesis::article();
    let past = UnixSeconds(genesis.created.0 + 60);
    genesis.organisers = vec![OWN];
    genesis.matches[0].kickoff = Some(past);
    let (begun, open) = (genesis.matches[0].clone(), genesis.matches[1].clone());
    let (begun_no, open_no) = (begun.no.0, open.no.0);
    let ahead = Some(UnixSeconds(4_000_000_000));
    let fixtures = [
        Fixture {
            kickoff: ahead,
            ..begun
        },
        Fixture {
            kickoff: Some(past),
            ..open.clone()
        },
        Fixture {
            kickoff: ahead,
            ..open
        },
    ];
    let store = bolao_store::Store::in_memory(&genesis).unwrap();
    let source = crate::source::Source::Stopped(Box::new(bolao_client::Offline::new(&store)));
    let schedule = |fixture: &Fixture| Action::Schedule {
        fixture: fixture.clone(),
    };
    let result = |no| Action::Result {
        match_no: MatchNo(no),
        outcome: Outcome::played("2-1".parse().unwrap()),
    };
    let mut asked: Vec<_> = fixtures.iter().map(schedule).collect();
    asked.extend([result(begun_no), result(open_no)]);
    let refusals = Refusals::of(&source, &genesis, None, asked).await.unwrap();
    let of = |fixture: &Fixture| refusals.of_schedule(fixture);
    assert_eq!(refusals.why(&result(begun_no)), None);
    let early = refusals.why(&result(open_no)).unwrap();
    assert!(early.starts_with("has not kicked off"), "{early}");
    assert!(
        of(&fixtures[0]).unwrap().starts_with("has kicked off"),
        "{refusals:?}"
    );
    assert!(
        of(&fixtures[1]).unwrap().contains("in the past"),
        "{refusals:?}"
    );
    assert_eq!(of(&fixtures[2]), None);
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
    let near = changes(ours(1, "Aa", "Bb", Some(DAY)), &[dated("2030-03-19")]);
    assert!(near.is_empty(), "{near:?}");
}

#[test]
fn new_matches_are_added_while_there_is_room_and_no_doubt() {
    let there = matches(vec![ours(1, "Aa", "Bb", Some(DAY))]);
    let none = Waits::new();
    let new = |room: usize, waiting: &Waits| {
        let lines = [
            line(1, "Aa", "Bb", DAY, ""),
            line(2, "Cc", "Dd", 2 * DAY, ""),
            line(3, "Ee", "Ff", 3 * DAY, ""),
        ];
        let pool = Pool {
            room,
            ..pool(&there, waiting)
        };
        let changes = planned(&lines, &pool).changes;
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
    let found = planned(&lines, &pool(&there, &none));
    assert!(
        refused(&found.changes[0].verdict, "may be the pool's M7"),
        "{found:?}"
    );
    assert_eq!(found.gone, ["M7"]);
}

#[test]
fn what_one_has_signed_waits_for_others() {
    let there = matches(vec![ours(1, "Aa", "Bb", Some(DAY))]);
    let none = Waits::new();
    let lines = [line(1, "Aa", "Bb", 2 * DAY, "")];
    let verdict = |waiting: &Waits, own| {
        let pool = Pool {
            own,
            ..pool(&there, waiting)
        };
        planned(&lines, &pool).changes.remove(0)
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
    let none = Waits::new();
    let pool = pool(&there, &none);
    let other = || file(&[line(1, "Ee", "Ff", DAY, "")]);
    let error = compare(other(), &pool, false).unwrap_err();
    assert!(error.to_string().contains("another competition"), "{error}");
    assert!(compare(other(), &pool, true).is_ok());
}
