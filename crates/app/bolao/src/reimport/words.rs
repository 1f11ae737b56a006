//! A plan as the command line tells it.

use bolao_fixtures::{
    Side,
    pool::{self, Difference, Doubt, Known, Refusal},
};
use bolao_ledger::{Day, Fixture, MatchNo, Outcome, Reason, UnixSeconds};
use serde::Serialize;

use crate::{record, time};

/// Whether something can be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "reason", rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// It can.
    Sign,
    /// One has signed it, and it waits for others.
    Signed,
    /// The rules or caution forbid it, for this reason.
    Refused(String),
}

/// The change of a match.
#[derive(Debug, Serialize)]
pub(crate) struct Change {
    pub(crate) code: String,
    /// Its teams, as they are to be.
    pub(crate) teams: String,
    pub(crate) what: Vec<String>,
    /// The match as it is to be; none where it has other teams in the file, or its day alone changes.
    pub(crate) fixture: Option<Fixture>,
    /// Its number and the day that it is to have.
    pub(crate) day: Option<(MatchNo, Day)>,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
}

/// A result that the file has and the pool has not.
#[derive(Debug, Serialize)]
pub(crate) struct Proposal {
    pub(crate) code: String,
    pub(crate) teams: String,
    /// None where the file's score cannot be a record.
    pub(crate) outcome: Option<Outcome>,
    /// The record that stands and says something else.
    pub(crate) corrects: Option<String>,
    /// The command that records it.
    pub(crate) command: Option<String>,
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
}

/// The changes by a file of a pool with these matches and room for so many, in words.
pub(crate) fn worded(
    plan: &pool::Plan,
    known: &[Known],
    room: usize,
) -> (Vec<Change>, Vec<Proposal>) {
    let find = |code: &str| {
        let mut known = known.iter().map(|it| &it.fixture);
        known.find(|it| it.code.as_str() == code)
    };
    let changes = plan.changes.iter();
    let changes = changes.map(|it| change(it, find(&it.code), room));
    let results = plan.results.iter();
    let results = results.map(|it| proposal(it, find(&it.code), room));
    (changes.collect(), results.collect())
}

fn change(found: &pool::Change, known: Option<&Fixture>, room: usize) -> Change {
    let fixture = found.fixture.as_ref();
    let what = found.differences.iter().map(|it| words(it, fixture));
    Change {
        teams: found
            .fixture
            .as_ref()
            .or(known)
            .map_or_else(String::new, teams),
        what: what.collect(),
        verdict: verdict(&found.verdict, &found.code, room),
        code: found.code.clone(),
        fixture: found.fixture.clone(),
        day: found.day,
    }
}

fn proposal(found: &pool::Proposal, known: Option<&Fixture>, room: usize) -> Proposal {
    let corrects = found.corrects.as_ref().map(record::scores);
    let mut verdict = verdict(&found.verdict, &found.code, room);
    if let (Verdict::Refused(why), pool::Verdict::Refused(_), Some(stands)) =
        (&mut verdict, &found.verdict, &corrects)
    {
        *why = format!("{why}: {stands}; the file disagrees");
    }
    let outcome = found.outcome.clone();
    let command = outcome.as_ref();
    Proposal {
        teams: known.map_or_else(String::new, teams),
        command: command.map(|outcome| record::command(&found.code, outcome)),
        code: found.code.clone(),
        outcome,
        corrects,
        verdict,
    }
}

fn teams(fixture: &Fixture) -> String {
    format!("{} – {}", fixture.home.name, fixture.away.name)
}

fn verdict(verdict: &pool::Verdict, code: &str, room: usize) -> Verdict {
    match verdict {
        pool::Verdict::Sign => Verdict::Sign,
        pool::Verdict::Signed => Verdict::Signed,
        pool::Verdict::Doubt(doubt) => Verdict::Refused(doubtful(doubt, code, room)),
        pool::Verdict::Refused(refusal) => Verdict::Refused(refused(refusal)),
    }
}

/// The refusal as it stands behind the match's code.
fn refused(refusal: &Refusal) -> String {
    if refusal.code == Reason::KickoffInThePast.code() {
        return "would begin in the past or has already kicked off, so its kick-off can no longer be moved"
            .to_owned();
    }
    let about = refusal.detail.strip_prefix("match `");
    match about.and_then(|about| about.split_once("` ")) {
        Some((_code, why)) => why.to_owned(),
        None => refusal.detail.clone(),
    }
}

fn at(kickoff: Option<UnixSeconds>) -> String {
    time::kickoff(kickoff.and_then(time::timestamp))
}

fn words(difference: &Difference, fixture: Option<&Fixture>) -> String {
    match difference {
        Difference::Kickoff(from, to) => format!("kick-off {} → {}", at(*from), at(*to)),
        Difference::Day(from, to) => {
            let shown = |day: Day| time::match_day(&day.into());
            let from = from.map_or_else(|| "not known".to_owned(), shown);
            format!("day {from} → {}", shown(*to))
        }
        Difference::Team(from, to) => match to {
            Side::Team {
                code: Some(code), ..
            } => format!("{from} → {to} ({code})"),
            _ => format!("{from} → {to}"),
        },
        Difference::New => {
            let kickoff = at(fixture.and_then(|it| it.kickoff));
            let sides = fixture.into_iter().flat_map(|it| [&it.home, &it.away]);
            let short: Vec<String> = sides
                .filter_map(|team| Some(format!("{} ({})", team.name, team.code.as_ref()?)))
                .collect();
            match short.as_slice() {
                [] => format!("new, {kickoff}"),
                short => format!("new, {kickoff}, with {}", short.join(" and ")),
            }
        }
    }
}

/// Why somebody has to look first, and what to do then.
fn doubtful(doubt: &Doubt, code: &str, room: usize) -> String {
    match doubt {
        Doubt::OtherTeams([home, away], [new_home, new_away]) => format!(
            "is {home} – {away} in the pool and {new_home} – {new_away} in the file: if the file is right, set it with `bolao schedule {code} --team1 … --team2 …`"
        ),
        Doubt::NoTime(date) => format!(
            "is of {date} by the file, which gives no time, so betting would have no end: put its time into the file or set it with `bolao schedule {code} --kickoff TIME`, or, where the rules know days, its day with `--day DATE`"
        ),
        Doubt::OtherDay(date, kickoff) => format!(
            "is on {date} by the file, which gives no time, and {} in the pool: set it with `bolao schedule {code} --kickoff TIME`",
            at(Some(*kickoff))
        ),
        Doubt::Perhaps(perhaps) => format!(
            "may be the pool's {perhaps}, whose teams were not known: fill that with `bolao schedule {perhaps} --team1 … --team2 …`, or add this one with `bolao schedule {code} …`"
        ),
        Doubt::Alike([name, meant]) => format!(
            "names {name}, who may be {meant}, mistyped: if so, mend the file; if they are two teams, set it with `bolao schedule {code} …`"
        ),
        Doubt::Twin(twin, true) => format!(
            "is the pool's {twin} with its teams turned round: bets on {twin} mean what they say there; if the pool is wrong, cancel {twin} and add this one with `bolao schedule {code} … --again`"
        ),
        Doubt::Twin(twin, false) => format!(
            "has the teams of the pool's {twin}, at most 36 hours away: if it is another match, add it with `bolao schedule {code} … --again`"
        ),
        Doubt::Full => format!("the pool is full: it holds {room} matches"),
        Doubt::NoRecord(why) => why.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_has_to_be_looked_at_says_what_to_do() {
        let sides = |home: &str, away: &str| [home, away].map(bolao_fixtures::Side::from_text);
        for (doubt, wanted) in [
            (
                Doubt::OtherTeams(sides("Aa", "Bb"), sides("Ee", "Bb")),
                "is Aa – Bb in the pool and Ee – Bb in the file",
            ),
            (
                Doubt::NoTime("2030-03-01".parse().unwrap()),
                "betting would have no end",
            ),
            (
                Doubt::OtherDay("2030-03-01".parse().unwrap(), UnixSeconds(1_900_000_000)),
                "set it with `bolao schedule M1 --kickoff TIME`",
            ),
            (Doubt::Perhaps("M7".to_owned()), "may be the pool's M7"),
            (
                Doubt::Alike(["Portugla", "Portugal"].map(str::to_owned)),
                "names Portugla, who may be Portugal, mistyped",
            ),
            (Doubt::Full, "the pool is full: it holds 64 matches"),
            (
                Doubt::NoRecord("half more than all".to_owned()),
                "half more",
            ),
        ] {
            let said = doubtful(&doubt, "M1", 64);
            assert!(said.contains(wanted), "{said}");
        }
    }

    /// A team is signed with its short code.
    #[test]
    fn short_codes_of_new_teams_are_shown() {
        let team = |name: &str, code: Option<&str>| bolao_ledger::Team {
            name: bolao_ledger::Text::new(name).unwrap(),
            code: code.map(|code| bolao_ledger::Text::new(code).unwrap()),
        };
        let mut fixture = bolao_ledger::Genesis::article().matches.remove(0);
        (fixture.home, fixture.away) = (team("Aa", Some("AAA")), team("W2", None));
        let new = words(&Difference::New, Some(&fixture));
        assert!(new.ends_with(", with Aa (AAA)"), "{new}");
        let filled = Side::Team {
            name: "Bb".to_owned(),
            code: Some("BBB".to_owned()),
        };
        let from = Side::from_text("W2");
        let filled = words(&Difference::Team(from, filled), Some(&fixture));
        assert_eq!(filled, "W2 → Bb (BBB)");
    }

    #[test]
    fn a_refusal_stands_behind_the_matchs_code() {
        let refusal = |code: &str, detail: &str| Refusal {
            code: code.to_owned(),
            detail: detail.to_owned(),
        };
        let final_one = refusal("result-final", "match `M1` is final");
        assert_eq!(refused(&final_one), "is final");
        let past = refusal("kickoff-in-the-past", "match `M1` would …");
        assert!(refused(&past).ends_with("can no longer be moved"));
        let found = pool::Proposal {
            no: MatchNo(1),
            code: "M1".to_owned(),
            outcome: Some(Outcome::played("2-1".parse().unwrap())),
            corrects: Some(Outcome::played("1-2".parse().unwrap())),
            verdict: pool::Verdict::Refused(final_one),
        };
        let told = proposal(&found, None, 64);
        let wanted = "is final: 1-2; the file disagrees".to_owned();
        assert_eq!(told.verdict, Verdict::Refused(wanted));
    }
}
