//! What a file changes of the matches, in words and with what the rules say of it.

use anyhow::anyhow;
use bolao_fixtures::{
    Competition,
    pool::{Comparison, Difference, Doubt, PoolChange, PoolError},
};
use bolao_ledger::{Action, Day, Fixture, MatchNo, UnixSeconds};
use serde::Serialize;

use super::{Pool, Refusals, Verdict, verdict::verdict};
use crate::{
    time,
    view::{Signed, Waiting},
    votes::Numbers,
};

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
    /// The match as it is to be; none where somebody has to look first, or its day alone changes.
    pub(crate) fixture: Option<Fixture>,
    /// Its number and the day that it is to have.
    pub(crate) day: Option<(MatchNo, Day)>,
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
    let days = pool.matches.iter();
    let days = days.filter_map(|game| Some((game.fixture.no, game.day.as_ref()?.day()?)));
    let days = days.collect();
    let ours = bolao_fixtures::pool::Pool {
        matches: &matches,
        room: pool.room,
        days: pool.zone.clone().map(|zone| (&days, zone)),
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

/// The days that the ledger is asked for.
pub(crate) fn days(found: &Comparison, pool: &Pool<'_>) -> Vec<Action> {
    let changes = found.changes.iter().filter(|it| it.doubt.is_none());
    let days = changes.filter_map(|change| {
        let no = pool.find(&change.code)?.fixture.no;
        Some(set_day(MatchNo(no), change.day?))
    });
    days.collect()
}

const fn set_day(match_no: MatchNo, day: Day) -> Action {
    let day = Some(day);
    Action::Day { match_no, day }
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
    let day = ours
        .zip(found.day)
        .map(|(ours, day)| (MatchNo(ours.fixture.no), day));
    let verdict = match (&found.doubt, &fixture, day) {
        (Some(doubt), ..) => Verdict::Refused(why(doubt, &found.code, pool)),
        (None, None, None) => Verdict::Sign,
        (None, None, Some((no, day))) => of_day(pool, refusals, no, day),
        (None, Some(to), _) => verdict(pool, refusals, to),
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
        day,
        verdict,
    }
}

/// Whether a day can be signed.
fn of_day(pool: &Pool<'_>, refusals: &Refusals, no: MatchNo, day: Day) -> Verdict {
    if let Some(why) = refusals.why(&set_day(no, day)) {
        return Verdict::Refused(why.to_owned());
    }
    let is_same = |waiting: &&Waiting| match &waiting.signed {
        Signed::Day { day: signed } => signed.and_then(|signed| signed.day()) == Some(day),
        _ => false,
    };
    let mut waiting = pool.waits(no.0).iter().filter(is_same);
    let is_own = |own| waiting.any(|waiting| waiting.is_signed_by(own));
    if pool.own.is_some_and(is_own) {
        Verdict::Signed
    } else {
        Verdict::Sign
    }
}

fn at(kickoff: Option<UnixSeconds>) -> String {
    time::kickoff(kickoff.and_then(time::timestamp))
}

fn words(difference: &Difference, kickoff: Option<UnixSeconds>) -> String {
    match difference {
        Difference::Kickoff(from, to) => format!("kick-off {} → {}", at(*from), at(*to)),
        Difference::Day(from, to) => {
            let shown = |day: Day| time::match_day(&day.into());
            let from = from.map_or_else(|| "not known".to_owned(), shown);
            format!("day {from} → {}", shown(*to))
        }
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
            "was on {date} by the file, which gives no time, and the pool has no kick-off: betting goes on until you set one with `bolao schedule {code} --kickoff TIME`, or, where the rules know days, its day with `--day DATE`"
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
