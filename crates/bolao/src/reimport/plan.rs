//! What a file changes of the matches, in words and with what the rules say of it.

use anyhow::anyhow;
use bolao_fixtures::{
    Competition,
    pool::{Comparison, Difference, Doubt, PoolChange, PoolError},
};
use bolao_ledger::{Action, Fixture, UnixSeconds};
use serde::Serialize;

use super::{Pool, Refusals, Verdict, verdict::verdict};
use crate::{time, votes::Numbers};

/// What a file changes.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The file as it is compared: with kick-offs as a pool has them.
    pub(crate) file: Competition,
    /// For each match of the file the index of the pool's; none for those whose teams are others.
    pub(crate) partners: Vec<Option<usize>>,
    /// In the order of the file.
    pub(crate) changes: Vec<Change>,
    /// Codes of matches that the file does not list.
    pub(crate) gone: Vec<String>,
}

/// What changes of a match.
#[derive(Debug, Serialize)]
pub(crate) struct Change {
    pub(crate) code: String,
    /// Its teams, as they are to be.
    pub(crate) teams: String,
    /// In words.
    pub(crate) what: Vec<String>,
    /// The match as it is to be; none where somebody has to look first.
    pub(crate) fixture: Option<Fixture>,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
}

/// Compares a file with the pool. One that seems to be of another competition is refused, but for `anyway`.
pub(crate) fn compare(
    file: Competition,
    pool: &Pool<'_>,
    anyway: bool,
) -> anyhow::Result<Comparison> {
    let matches = pool.matches.iter().map(|game| (&game.fixture).try_into());
    let matches = matches.collect::<Result<Vec<Fixture>, _>>()?;
    let mut numbers = Numbers::new(pool.matches, pool.waiting);
    let ours = bolao_fixtures::pool::Pool {
        matches: &matches,
        room: pool.room,
        now: pool.now,
        number: &mut |code| numbers.give(code),
    };
    Comparison::new(file, ours, anyway).map_err(|error| match error {
        PoolError::OtherCompetition { .. } => {
            anyhow!("{error}; to take it all the same, add --anyway")
        }
        error => error.into(),
    })
}

/// The schedules that the ledger is asked for.
pub(crate) fn schedules(found: &Comparison) -> Vec<Action> {
    let changes = found.changes.iter().filter(|it| it.doubt.is_none());
    let fixtures = changes.flat_map(|change| change.to.iter().chain(&change.teams_alone));
    let fixtures = fixtures.cloned();
    fixtures
        .map(|fixture| Action::Schedule { fixture })
        .collect()
}

/// What was found, in words and with what the ledger says of it.
pub(crate) fn plan(found: Comparison, pool: &Pool<'_>, refusals: &Refusals) -> Plan {
    let changes = found.changes.into_iter();
    Plan {
        file: found.file,
        partners: found.partners,
        changes: changes
            .map(|change| judged(change, pool, refusals))
            .collect(),
        gone: found.gone,
    }
}

fn judged(found: PoolChange, pool: &Pool<'_>, refusals: &Refusals) -> Change {
    let ours = pool.find(&found.code);
    let mut differences = found.differences;
    let mut fixture = found.to;
    // Where the kick-off cannot be moved any more, the teams may still be filled in.
    if let (Some(to), Some(kept)) = (&fixture, found.teams_alone)
        && refusals.of_schedule(to).is_some()
        && refusals.of_schedule(&kept).is_none()
    {
        differences.retain(|it| !matches!(it, Difference::Kickoff(..)));
        fixture = Some(kept);
    }
    let verdict = match (&found.doubt, &fixture) {
        (Some(doubt), _) => Verdict::Refused(why(doubt, &found.code, pool)),
        (None, None) => Verdict::Sign,
        (None, Some(to)) => verdict(pool, refusals, to),
    };
    let teams = match (&fixture, ours) {
        (Some(it), _) => format!("{} – {}", it.home.name, it.away.name),
        (None, Some(ours)) => ours.teams(),
        (None, None) => String::new(),
    };
    let kickoff = fixture.as_ref().and_then(|fixture| fixture.kickoff);
    let what = differences.iter().map(|it| words(it, kickoff)).collect();
    Change {
        code: found.code,
        teams,
        what,
        fixture,
        verdict,
    }
}

fn at(kickoff: Option<UnixSeconds>) -> String {
    time::kickoff(kickoff.and_then(time::timestamp))
}

fn words(difference: &Difference, kickoff: Option<UnixSeconds>) -> String {
    match difference {
        Difference::Kickoff(from, to) => format!("kick-off {} → {}", at(*from), at(*to)),
        Difference::Team(from, to) => format!("{from} → {to}"),
        Difference::New => format!("new, {}", at(kickoff)),
    }
}

/// Why somebody has to look first, and what to do then.
fn why(doubt: &Doubt, code: &str, pool: &Pool<'_>) -> String {
    match doubt {
        Doubt::OtherTeams([home, away], [new_home, new_away]) => format!(
            "is {home} – {away} in the pool and {new_home} – {new_away} in the file: if the file is right, set it with `bolao schedule {code} --team1 … --team2 …`"
        ),
        Doubt::NoTime(date) => format!(
            "was on {date} by the file, which gives no time, and the pool has no kick-off: betting goes on until you set one with `bolao schedule {code} --kickoff TIME`"
        ),
        Doubt::OtherDay(date, kickoff) => format!(
            "is on {date} by the file, which gives no time, and {} in the pool: set it with `bolao schedule {code} --kickoff TIME`",
            at(Some(*kickoff))
        ),
        Doubt::Perhaps(perhaps) => format!(
            "may be the pool's {perhaps}, whose teams were not known: fill that with `bolao schedule {perhaps} --team1 … --team2 …`, or add this one with `bolao schedule {code} …`"
        ),
        Doubt::Full => format!("the pool is full: it holds {} matches", pool.room),
    }
}
