//! A file of matches as the ledger has them.

use std::{io::Read as _, path::Path};

use anyhow::{Context as _, bail};
use bolao_fixtures::{Competition, ImportOptions, MAX_FILE_BYTES, Side, Status, import};
use bolao_ledger::{Fixture, MatchCode, MatchNo, Team, Text, TextError, UnixSeconds};
use jiff::{civil::Date, tz::TimeZone};

use crate::input;

/// The length of a day, in seconds.
const DAY_S: u64 = 86_400;

/// The matches of a file, which is read as far as the importer reads files.
pub(crate) fn read(path: &Path, zone: Option<TimeZone>) -> anyhow::Result<Competition> {
    let most = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX);
    let mut text = String::new();
    input::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_string(&mut text))
        .with_context(|| format!("cannot read the fixtures from {}", path.display()))?;
    import(&text, &ImportOptions { zone }).with_context(|| format!("cannot use {}", path.display()))
}

/// The file's matches as the ledger has them, numbered from 1 in the file's order; and how many are cancelled.
pub(crate) fn fixtures(
    competition: &Competition,
    now: UnixSeconds,
) -> anyhow::Result<(Vec<Fixture>, usize)> {
    let played = || {
        competition
            .matches
            .iter()
            .filter(|game| game.status != Status::Cancelled)
    };
    let matches = (1..)
        .zip(played())
        .map(|(no, game)| {
            fixture(no, game, now).with_context(|| format!("match {} cannot be used", game.code))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    if matches.is_empty() {
        bail!("every match of the file is cancelled: nothing is left to bet on");
    }
    let left_out = competition.matches.len() - matches.len();
    Ok((matches, left_out))
}

/// One match as the ledger has it.
pub(crate) fn fixture(
    no: u16,
    game: &bolao_fixtures::Fixture,
    now: UnixSeconds,
) -> anyhow::Result<Fixture> {
    let kickoff = match game.kickoff {
        // The date of a match that was put off may be the old one.
        _ if game.status == Status::Postponed => None,
        None => game.date.and_then(|date| day_over(date, now)),
        Some(at) => Some(UnixSeconds(
            u64::try_from(at.0).context("it kicked off before 1970")?,
        )),
    };
    Ok(Fixture {
        no: MatchNo(no),
        code: MatchCode::new(&game.code).context("its code")?,
        home: team(&game.home).context("its first team")?,
        away: team(&game.away).context("its second team")?,
        kickoff,
        stage: stage(game).context("its stage")?,
    })
}

/// What friends tip together: the file's own word for the round, else the importer's word for the stage.
pub(crate) fn stage(game: &bolao_fixtures::Fixture) -> Result<Text<64>, TextError> {
    match &game.round {
        Some(round) => Text::new(round.as_str()).or_else(|_| Text::new(game.stage.as_str())),
        None => Text::new(game.stage.as_str()),
    }
}

/// A round of the ledger, and the importer's word for the stage that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    pub(crate) name: Text<64>,
    pub(crate) stage: String,
}

/// The rounds of the matches that are played, in the file's order, each once for each stage that it has matches of.
pub(crate) fn rounds(competition: &Competition) -> anyhow::Result<Vec<Round>> {
    let mut rounds = Vec::new();
    for game in &competition.matches {
        let round = Round {
            name: stage(game).context("a match's stage")?,
            stage: game.stage.clone(),
        };
        if game.status != Status::Cancelled && !rounds.contains(&round) {
            rounds.push(round);
        }
    }
    Ok(rounds)
}

/// A match of a day that is over was played, whenever that was: it takes no bets. One of a day to come takes them until
/// it is scheduled.
fn day_over(date: Date, now: UnixSeconds) -> Option<UnixSeconds> {
    let begins = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    let begins = UnixSeconds(u64::try_from(begins).unwrap_or(0));
    (begins.0.saturating_add(DAY_S) <= now.0).then_some(begins)
}

/// A team, or the words that stand for one.
pub(crate) fn team(side: &Side) -> anyhow::Result<Team> {
    let code = match side {
        Side::Team { code, .. } => code.as_deref(),
        Side::Placeholder(_) => None,
    };
    Ok(Team {
        name: Text::new(side.to_string())?,
        code: code.map(Text::new).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn imported(text: &str) -> anyhow::Result<(Vec<Fixture>, usize)> {
        fixtures(
            &import(text, &ImportOptions::default()).unwrap(),
            UnixSeconds(1_800_000_000),
        )
    }

    #[test]
    fn cancelled_matches_are_left_out_and_postponed_ones_unscheduled() {
        let (matches, left_out) = imported(
            r#"{"name": "x", "matches": [
                {"round": "Matchday 1", "date": "2030-01-01", "time": "12:00 UTC+0", "team1": "A", "team2": "B", "status": "cancelled"},
                {"round": "Matchday 1", "date": "2030-01-01", "time": "12:00 UTC+0", "team1": "C", "team2": "D", "status": "postponed"},
                {"round": "Matchday 1", "date": "2030-01-01", "time": "12:00 UTC+0", "team1": "E", "team2": "F"}
            ]}"#,
        )
        .unwrap();
        assert_eq!(left_out, 1);
        assert_eq!(matches[0].no, MatchNo(1));
        assert_eq!(matches[0].kickoff, None);
        assert_eq!(matches[1].kickoff, Some(UnixSeconds(1_893_499_200)));
    }

    #[test]
    fn a_day_that_is_over_takes_no_bets() {
        let (matches, _) = imported(
            r#"{"name": "x", "matches": [
                {"round": "Final", "date": "1938-06-19", "team1": "A", "team2": "B"},
                {"round": "Final", "date": "2027-01-14", "team1": "C", "team2": "D"},
                {"round": "Final", "date": "2027-01-15", "team1": "E", "team2": "F"}
            ]}"#,
        )
        .unwrap();
        let kickoffs: Vec<_> = matches.iter().map(|game| game.kickoff).collect();
        assert_eq!(
            kickoffs,
            [Some(UnixSeconds(0)), Some(UnixSeconds(1_799_884_800)), None]
        );
    }

    #[test]
    fn what_the_ledger_cannot_hold_is_named() {
        let error = imported(
            r#"{"name": "x", "matches": [
                {"round": "Matchday 1", "date": "1938-06-05", "time": "17:00 UTC+1", "team1": "France", "team2": "Belgium"}
            ]}"#,
        )
        .unwrap_err();
        let text = crate::exit::sentence(&error);
        assert!(text.contains("before 1970"), "{text}");
        assert!(imported(
            r#"{"name": "x", "matches": [
                {"round": "R", "date": "2030-01-01", "team1": "A", "team2": "B", "status": "cancelled"}
            ]}"#
        )
        .is_err());
    }

    #[test]
    fn the_stage_is_the_files_own_round() {
        let (matches, _) = imported(
            r#"{"name": "x", "matches": [
                {"round": "Matchday 1", "group": "Group A", "date": "2030-01-01", "team1": "A", "team2": "B"},
                {"round": "Quarter-final", "date": "2030-01-02", "team1": "C", "team2": "D"},
                {"group": "Group B", "date": "2030-01-01", "team1": "E", "team2": "F"}
            ]}"#,
        )
        .unwrap();
        let stages: Vec<_> = matches.iter().map(|game| game.stage.as_str()).collect();
        assert_eq!(stages, ["Matchday 1", "Quarter-final", "Group stage"]);
    }
}
