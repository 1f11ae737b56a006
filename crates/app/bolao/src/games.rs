//! The pool's matches, and finding the one that somebody names.

use anyhow::bail;
use bolao_fixtures::team_key;
use bolao_ledger::{FoldedCode, FoldedName, MatchNo, UnixSeconds};

use crate::{
    meant::{self, did_you_mean, plain, some},
    source::Source,
    view::{Match, Round},
};

/// Every match of the pool, in order of numbers.
pub(crate) async fn all(source: &Source) -> anyhow::Result<Vec<Match>> {
    source.all("/api/v1/matches").await
}

/// The match that somebody names: by its code or its number, a team or both teams, or the beginning of one of these. If
/// that is no match, or several, the error names those that are there: no match is hidden by the code that another has.
pub(crate) fn find<'a>(matches: &'a [Match], named: &str) -> anyhow::Result<&'a Match> {
    let code = FoldedCode::of(named);
    let no: Option<u16> = named.parse().ok();
    let words = plain(named);
    let teams = keys(named.split(" - "));
    let sides: Vec<String> = named.split(" - ").map(plain).collect();
    let ways: [&dyn Fn(&Match) -> bool; 5] = [
        &|game| game.entry.fixture.code.folded() == code || Some(game.entry.fixture.no.0) == no,
        &|game| names(game).contains(&words),
        &|game| is_called(game, &teams),
        &|game| beginnings(game).any(|name| name.starts_with(&words)),
        &|game| both_begin(game, &sides),
    ];
    // A number that is none of this pool's is no beginning of a code.
    let tried = if words.is_empty() || no.is_some() {
        1
    } else {
        ways.len()
    };
    for is_meant in ways.iter().take(tried) {
        let meant: Vec<&Match> = matches.iter().filter(|game| is_meant(game)).collect();
        match meant.as_slice() {
            [] => {}
            [game] => return Ok(game),
            several => bail!(
                "`{named}` may be {}: name both teams{}",
                some(
                    several.iter().map(|game| in_words(game)).collect(),
                    "bolao matches"
                ),
                if no.is_some() { "" } else { ", or the number" }
            ),
        }
    }
    let known = matches.iter().map(|game| &game.entry.fixture);
    let known = known.flat_map(|it| {
        [
            it.code.as_str(),
            it.home.name.as_str(),
            it.away.name.as_str(),
        ]
    });
    let wrong = named
        .split(" - ")
        .filter(|side| !known.clone().any(|name| team_begins(name, &plain(side))));
    for side in wrong {
        if let Some(meant) = did_you_mean(side, known.clone()) {
            bail!("no match called `{named}`.{meant}");
        }
    }
    bail!(
        "no match called `{named}`: this pool has {}",
        some(matches.iter().map(in_words).collect(), "bolao matches")
    );
}

/// The names of a match: its code, a team, both teams.
fn names(game: &Match) -> [String; 4] {
    let (home, away) = (&game.entry.fixture.home.name, &game.entry.fixture.away.name);
    [
        plain(&game.entry.fixture.code),
        plain(home),
        plain(away),
        plain(&format!("{home}{away}")),
    ]
}

/// Teams as all their names in lists mean them.
fn keys<'a>(teams: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    teams.into_iter().map(team_key).collect()
}

/// Whether a team, or both, are those of a match, by any of their names: `Côte d'Ivoire` is Ivory Coast.
fn is_called(game: &Match, teams: &[String]) -> bool {
    let both = keys([
        game.entry.fixture.home.name.as_str(),
        game.entry.fixture.away.name.as_str(),
    ]);
    match teams {
        [one] => both.contains(one),
        teams => both == teams,
    }
}

/// The texts of which somebody may type the beginning: a name as a whole, or a team's from one of its words on.
fn beginnings(game: &Match) -> impl Iterator<Item = String> {
    let teams = [&game.entry.fixture.home.name, &game.entry.fixture.away.name];
    names(game)
        .into_iter()
        .chain(teams.into_iter().flat_map(|team| from_words(team)))
}

/// A team's name from each of its words on, but the first.
fn from_words(team: &str) -> impl Iterator<Item = String> {
    let words = team.match_indices(' ');
    words.filter_map(|(at, _)| Some(plain(team.get(at..)?)))
}

/// Whether a team's name, or it from one of its words on, begins with what somebody typed.
fn team_begins(team: &str, typed: &str) -> bool {
    !typed.is_empty()
        && (plain(team).starts_with(typed) || from_words(team).any(|name| name.starts_with(typed)))
}

/// Whether both teams are called so: `Barcelona - Celta` is FC Barcelona – RC Celta de Vigo.
fn both_begin(game: &Match, sides: &[String]) -> bool {
    let [home, away] = sides else { return false };
    team_begins(&game.entry.fixture.home.name, home)
        && team_begins(&game.entry.fixture.away.name, away)
}

/// A match with its number, which is short to type.
fn in_words(game: &Match) -> String {
    let fixture = &game.entry.fixture;
    format!(
        "{} ({} – {})",
        fixture.no, fixture.home.name, fixture.away.name
    )
}

/// The code of the match that somebody names.
pub(crate) async fn code(source: &Source, code: &str) -> anyhow::Result<String> {
    Ok(find(&all(source).await?, code)?
        .entry
        .fixture
        .code
        .to_string())
}

/// The round with a name, as its matches write it.
pub(crate) async fn round(source: &Source, name: &str) -> anyhow::Result<String> {
    let rounds: Vec<Round> = source.all("/api/v1/rounds").await?;
    let stages = rounds.iter().map(|round| round.rule.stage.as_str());
    Ok(stage(stages, name)?.to_owned())
}

/// The stage with a name, or the beginning of one.
pub(crate) fn stage<'a>(
    stages: impl IntoIterator<Item = &'a str>,
    name: &str,
) -> anyhow::Result<&'a str> {
    let mut known: Vec<&str> = Vec::new();
    for stage in stages {
        if !known.contains(&stage) {
            known.push(stage);
        }
    }
    meant::one(&known, |it| it, name, "round called", "bolao rounds").copied()
}

/// The key that sorts matches: kick-off, or the day that is known instead, those without either last, then the number.
pub(crate) fn by_kickoff(game: &Match) -> (bool, Option<UnixSeconds>, MatchNo) {
    let day = game.entry.day.map(|day| day.begins);
    let begins = game.entry.fixture.kickoff.or(day);
    (begins.is_none(), begins, game.entry.fixture.no)
}

/// Whether two names are the same, as the ledger compares names.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    match (FoldedName::of(one), FoldedName::of(other)) {
        (Ok(one), Ok(other)) => one == other,
        // Too long for a player's name, as a team's may be.
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn names_are_the_same_as_the_ledger_compares_them() {
        assert!(same_name("TÜRKIYE", "türkiye"));
        assert!(same_name("South  Korea", "south korea"));
        assert!(!same_name("Portugal", "Poland"));
    }

    fn matches() -> Vec<Match> {
        serde_json::from_value(serde_json::json!([
            {"no": 1, "code": "PtCh", "home": {"name": "Portugal"}, "away": {"name": "Switzerland"},
             "kickoff": null, "stage": "Semi-finals", "deadline": null, "status": "scheduled",
             "lacks_notice": false, "postponed": false, "bets": 0, "unopened": 0, "pot": 0, "base": "90", "multiplier": 1,
             "record": null},
        ]))
        .unwrap()
    }

    #[test]
    fn codes_are_found_in_any_case_and_unknown_ones_named() {
        let matches = matches();
        assert_eq!(find(&matches, "ptch").unwrap().entry.fixture.no, MatchNo(1));
        assert_eq!(find(&matches, "S").unwrap().entry.fixture.no, MatchNo(1));
        for disguised in ["Ｓ", "𝐒", "Ⓢ"] {
            assert!(find(&matches, disguised).is_err(), "{disguised}");
        }
        let error = find(&matches, "Porugal").unwrap_err().to_string();
        assert_eq!(error, "no match called `Porugal`. Did you mean Portugal?");
        let error = find(&matches, "Brazil").unwrap_err().to_string();
        assert_eq!(
            error,
            "no match called `Brazil`: this pool has 1 (Portugal – Switzerland)"
        );
        let error = find(&matches, "Port - Switzerlnd").unwrap_err().to_string();
        assert_eq!(
            error,
            "no match called `Port - Switzerlnd`. Did you mean Switzerland?"
        );
        let error = find(&matches, "PtCx").unwrap_err().to_string();
        assert_eq!(error, "no match called `PtCx`. Did you mean PtCh?");
    }

    #[test]
    fn teams_and_beginnings_find_their_match() {
        let mut matches = matches();
        for (no, code, home, away) in [
            (
                2,
                "MD2-BorussiaMon-Wolverhampt-56cc",
                "Borussia Mönchengladbach",
                "Wolverhampton Wanderers",
            ),
            (
                3,
                "MD3-BorussiaDor-Portugal",
                "Borussia Dortmund",
                "Portugal",
            ),
        ] {
            let game = crate::view::fixtures::match_json(no, code, home, away);
            matches.push(serde_json::from_value(game).unwrap());
        }
        for (named, no) in [
            ("switzerland", 1),
            ("Portugal - Switzerland", 1),
            ("PTC", 1),
            ("borussia monchengladbach", 2),
            ("Mönchengladbach", 2),
            ("Wolver", 2),
            ("md2", 2),
            ("Borussia D", 3),
        ] {
            let found = find(&matches, named).map(|game| game.entry.fixture.no.0);
            assert_eq!(found.map_err(|error| error.to_string()), Ok(no), "{named}");
        }
        let error = find(&matches, "Portugal").unwrap_err().to_string();
        assert_eq!(
            error,
            "`Portugal` may be 1 (Portugal – Switzerland), 3 (Borussia Dortmund – Portugal): name both teams, or the number"
        );
        // The score of a bet is the home team's first, so that the order is never guessed.
        for unknown in ["Switzerland - Portugal", "-", "9", "Poland"] {
            assert!(find(&matches, unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn a_team_is_found_by_all_its_names() {
        let game = crate::view::fixtures::match_json(7, "A1-A2", "Ivory Coast", "South Korea");
        let matches = [serde_json::from_value(game).unwrap()];
        for named in [
            "Côte d'Ivoire",
            "Korea Republic",
            "ivory coast",
            "Côte d'Ivoire - Korea Republic",
        ] {
            assert!(find(&matches, named).is_ok(), "{named}");
        }
        assert!(find(&matches, "Korea Republic - Côte d'Ivoire").is_err());
    }

    #[test]
    fn a_match_with_a_day_alone_stands_among_those_of_its_day() {
        let [mut later, mut on_a_day] = [matches().remove(0), matches().remove(0)];
        later.entry.fixture.kickoff = Some(UnixSeconds(1_781_373_600));
        on_a_day.entry.day = Some(bolao_ledger::Day {
            begins: UnixSeconds(1_781_215_200),
            ends: UnixSeconds(1_781_301_600),
        });
        assert!(by_kickoff(&on_a_day) < by_kickoff(&later));
        assert!(by_kickoff(&later) < by_kickoff(&matches().remove(0)));
    }

    #[test]
    fn a_number_finds_its_match_and_never_one_that_has_it_for_a_code() {
        let mut matches = matches();
        assert_eq!(
            find(&matches, "1").unwrap().entry.fixture.code.as_str(),
            "PtCh"
        );
        assert!(find(&matches, "2").is_err());
        assert!(find(&matches, "65537").is_err());
        let mut other = self::matches();
        for game in &mut other {
            (game.entry.fixture.no, game.entry.fixture.code) = (MatchNo(2), "1".parse().unwrap());
        }
        matches.append(&mut other);
        let error = find(&matches, "1").unwrap_err().to_string();
        assert!(error.ends_with(": name both teams"), "{error}");
    }

    #[test]
    fn a_stage_written_just_so_goes_before_another_case() {
        let stages = ["FINAL", "Final", "Final"];
        assert_eq!(stage(stages, "Final").unwrap(), "Final");
        let error = stage(stages, "final").unwrap_err().to_string();
        assert_eq!(
            error,
            "`final` may be FINAL, Final: write out the one you mean"
        );
        for typed in [" matchDAY2", "Matchday"] {
            assert_eq!(stage(["Matchday 2"], typed).unwrap(), "Matchday 2");
        }
        assert_eq!(
            stage(["Matchday 20", "Matchday 2"], "matchday2").unwrap(),
            "Matchday 2"
        );
        let error = stage(stages, "Semi").unwrap_err().to_string();
        assert_eq!(error, "no round called `Semi`: there are FINAL, Final");
    }
}
