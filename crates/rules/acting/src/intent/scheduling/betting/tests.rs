#![allow(clippy::unwrap_used)]

use bolao_ledger::{MatchNo, Team};
use bolao_rulebook::english;

use super::*;

const NOW: u64 = 1_900_000_000;
const HOUR_S: u64 = 3_600;

fn rules() -> Rules {
    Rules {
        notice_s: 12 * 3_600,
        ..Rules::default()
    }
}

/// A match that kicks off in two days, with two bets on it, and that was given its teams an hour ago.
fn game() -> Match {
    let team = |name: &str, code: Option<&str>| Team {
        name: name.parse().unwrap(),
        code: code.map(|code| code.parse().unwrap()),
    };
    let fixture = Fixture {
        no: MatchNo(1),
        code: "M1".parse().unwrap(),
        home: team("W1", None),
        away: team("Chile", Some("CHI")),
        kickoff: Some(UnixSeconds(NOW + 48 * HOUR_S)),
        stage: "Semi-finals".parse().unwrap(),
    };
    Match {
        since: UnixSeconds(NOW - HOUR_S),
        bets: 2,
        ..Match::new(fixture, None, 0)
    }
}

fn said_of(game: &Match, fixture: &Fixture) -> Option<String> {
    let said = ends(Some(game), fixture, &rules(), UnixSeconds(NOW));
    said.as_ref().map(english)
}

/// The sentence about a change of the match; rules want 12 hours of notice.
fn said_by(change: impl FnOnce(&mut Fixture)) -> Option<String> {
    let game = game();
    let mut fixture = game.fixture.clone();
    change(&mut fixture);
    said_of(&game, &fixture)
}

fn begins(fixture: &mut Fixture, ahead_s: u64) {
    fixture.kickoff = Some(UnixSeconds(NOW + ahead_s));
}

#[test]
fn a_code_where_there_was_none_is_no_other_team() {
    let coded = |it: &mut Fixture| it.home.code = Some("W01".parse().unwrap());
    assert_eq!(said_by(coded), None);
    // Nor does it begin anew with an end of betting that comes with notice by its age.
    let sooner = said_by(|it| {
        coded(it);
        begins(it, 11 * HOUR_S + 60);
    });
    let sooner = sooner.unwrap();
    assert!(sooner.starts_with("Betting on it ends "), "{sooner}");
    assert!(sooner.contains(", in 11 hours."), "{sooner}");
    assert!(sooner.ends_with(" 2 bets on it stay."), "{sooner}");
}

#[test]
fn a_date_that_comes_too_late_brings_no_bets_back() {
    // It was cancelled ten seconds before betting on it ended, and postponed.
    let mut game = game();
    let at = |ahead_s: u64| Some(UnixSeconds(NOW + ahead_s));
    (game.deadline, game.since, game.stood) = (at(0), UnixSeconds(NOW), at(10));
    (game.fixture.kickoff, game.postponed) = (None, true);
    let mut fixture = game.fixture.clone();
    begins(&mut fixture, 48 * HOUR_S);
    let said = said_of(&game, &fixture).unwrap();
    assert!(said.starts_with("No bets on it will count"), "{said}");
}

#[test]
fn bets_that_will_not_count_are_counted() {
    let lost = "2 bets on it will not count; stakes go back.";
    let sooner = said_by(|it| begins(it, 11 * HOUR_S - 60)).unwrap();
    assert!(sooner.ends_with(lost), "{sooner}");
    let renamed = said_by(|it| {
        it.home.name = "Peru".parse().unwrap();
        begins(it, 11 * HOUR_S + 60);
    });
    let wanted = format!("{lost} Without this, bets on W1 – Chile go on counting.");
    assert!(renamed.unwrap().ends_with(&wanted));
    let recoded = said_by(|it| {
        it.away.code = Some("CHL".parse().unwrap());
        begins(it, 11 * HOUR_S + 60);
    });
    assert!(recoded.unwrap().contains(lost));
}

#[test]
fn only_an_end_that_changes_is_told() {
    assert_eq!(said_by(|_| ()), None);
    let later = said_by(|it| begins(it, 72 * HOUR_S)).unwrap();
    assert!(later.starts_with("Betting on it ends "), "{later}");
}
