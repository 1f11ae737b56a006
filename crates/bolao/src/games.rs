//! The pool's matches, and finding one by its code or its number.

use anyhow::bail;
use bolao_ledger::{FoldedCode, FoldedName};
use jiff::Timestamp;

use crate::{
    source::Source,
    view::{Match, Round},
};

/// How many matches an error names.
const NAMED: usize = 8;

/// Every match of the pool, in order of numbers.
pub(crate) async fn all(source: &Source) -> anyhow::Result<Vec<Match>> {
    source.all("/api/v1/matches").await
}

/// The match with a code, else the one with that number; an unknown one names those that are there.
pub(crate) fn find<'a>(matches: &'a [Match], code: &str) -> anyhow::Result<&'a Match> {
    let folded = FoldedCode::of(code);
    if let Some(game) = matches
        .iter()
        .find(|game| FoldedCode::of(&game.fixture.code) == folded)
    {
        return Ok(game);
    }
    let no: Option<u16> = code.parse().ok();
    if let Some(game) = matches.iter().find(|game| Some(game.fixture.no) == no) {
        return Ok(game);
    }
    let known = matches
        .iter()
        .map(|game| game.fixture.code.as_str())
        .collect();
    bail!(
        "this pool has no match `{code}`, neither as a code nor as a number: it has {}",
        some(known, "bolao matches")
    );
}

/// The code of the match that somebody names, as the pool writes it.
pub(crate) async fn code(source: &Source, code: &str) -> anyhow::Result<String> {
    Ok(find(&all(source).await?, code)?.fixture.code.clone())
}

/// The round with a name, as its matches write it.
pub(crate) async fn round(source: &Source, name: &str) -> anyhow::Result<String> {
    let rounds: Vec<Round> = source.all("/api/v1/rounds").await?;
    let stages = rounds.iter().map(|round| round.stage.as_str());
    Ok(stage(stages, name)?.to_owned())
}

/// The stage with a name: written just so, else in any case and with any blanks; an unknown one names those that are
/// there.
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
    let folded = fold(name);
    let exact = known.iter().find(|stage| **stage == name);
    let alike = || known.iter().find(|stage| fold(stage) == folded);
    if let Some(stage) = exact.or_else(alike) {
        return Ok(stage);
    }
    bail!(
        "this pool has no round `{name}`, it has {}",
        some(known, "bolao rounds")
    );
}

/// A name in lower case and without its blanks.
fn fold(name: &str) -> String {
    let visible = name.chars().filter(|c| !c.is_whitespace());
    visible.flat_map(char::to_lowercase).collect()
}

/// The first few of what is there, and which command shows the rest.
fn some(mut known: Vec<&str>, all: &str) -> String {
    let more = known.len().saturating_sub(NAMED);
    known.truncate(NAMED);
    let known = known.join(", ");
    if more > 0 {
        format!("{known} and {more} more, see `{all}`")
    } else {
        known
    }
}

/// What matches are sorted by: kick-off, those without one last, then the number.
pub(crate) fn by_kickoff(game: &Match) -> (bool, Option<Timestamp>, u16) {
    (
        game.fixture.kickoff.is_none(),
        game.fixture.kickoff,
        game.fixture.no,
    )
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
             "postponed": false, "bets": 0, "unopened": 0, "pot": 0, "base": "90", "multiplier": 1,
             "record": null},
        ]))
        .unwrap()
    }

    #[test]
    fn codes_are_found_in_any_case_and_unknown_ones_named() {
        let matches = matches();
        assert_eq!(find(&matches, "ptch").unwrap().fixture.no, 1);
        let error = find(&matches, "PtCx").unwrap_err().to_string();
        assert_eq!(
            error,
            "this pool has no match `PtCx`, neither as a code nor as a number: it has PtCh"
        );
    }

    #[test]
    fn a_number_finds_its_match_unless_it_is_anothers_code() {
        let mut matches = matches();
        assert_eq!(find(&matches, "1").unwrap().fixture.code, "PtCh");
        assert!(find(&matches, "2").is_err());
        assert!(find(&matches, "65537").is_err());
        let mut other = self::matches();
        for game in &mut other {
            (game.fixture.no, game.fixture.code) = (2, "1".to_owned());
        }
        matches.append(&mut other);
        assert_eq!(find(&matches, "1").unwrap().fixture.no, 2);
    }

    #[test]
    fn a_stage_written_just_so_goes_before_another_case() {
        let stages = ["FINAL", "Final", "Final"];
        assert_eq!(stage(stages, "Final").unwrap(), "Final");
        assert_eq!(stage(stages, "final").unwrap(), "FINAL");
        assert_eq!(stage(["Matchday 2"], " matchDAY2").unwrap(), "Matchday 2");
        let error = stage(stages, "Semi").unwrap_err().to_string();
        assert_eq!(error, "this pool has no round `Semi`, it has FINAL, Final");
    }
}
