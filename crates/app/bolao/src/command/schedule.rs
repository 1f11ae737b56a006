//! `bolao schedule`: matches that come later, and kick-offs that move. For organisers.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use bolao_api::body::{DayBody, FixtureBody, moment};
use bolao_fixtures::pool::twin;
use bolao_ledger::{
    Day, Fixture, FoldedCode, Match, MatchCode, MatchNo, Reason, Rules, Team, Text, Vote, deadline,
};
use bolao_node::Home;
use clap::Args;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    command::{
        confirm::{Candidate, ConfirmArgs, Kind},
        results_shown,
        signing::{SignArgs, Signing},
    },
    exit::usage,
    games,
    output::{self, count},
    parse,
    session::Session,
    signed, time,
    view::{self, Signed, Waiting},
    votes::{self, seconds},
};

/// Sets a match's kick-off or teams, or adds a match; for organisers
#[derive(Args, Clone, Debug)]
pub(crate) struct ScheduleArgs {
    /// The match: its number, code or team; to add one, a new code, with --team1, --team2 and --stage
    #[arg(value_name = "MATCH")]
    code: String,
    /// When it kicks off, such as 2026-06-11T21:00:00+01:00; betting ends then, or as long before as the rules say
    #[arg(long, value_parser = parse::instant, value_name = "TIME", conflicts_with = "confirm")]
    kickoff: Option<Timestamp>,
    /// The day of a match whose time is not known, such as 2026-06-11
    #[arg(long, value_parser = parse::date, value_name = "DATE", conflicts_with_all = ["confirm", "kickoff", "team1", "team2", "stage"])]
    day: Option<Date>,
    /// Time zone of the day, such as Europe/Lisbon [default: this machine's]
    #[arg(long, value_parser = parse::zone, value_name = "ZONE", requires = "day")]
    zone: Option<TimeZone>,
    /// The first team
    #[arg(long, value_name = "NAME", conflicts_with = "confirm")]
    team1: Option<Text<64>>,
    /// The second team
    #[arg(long, value_name = "NAME", conflicts_with = "confirm")]
    team2: Option<Text<64>>,
    /// Round, group or stage of a new match; existing matches keep theirs
    #[arg(long, conflicts_with = "confirm")]
    stage: Option<Text<64>>,
    /// Adds a match though its teams meet within 36 hours in another one
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    confirm: ConfirmArgs,
    #[command(flatten)]
    sign: SignArgs,
}

/// The refusal to set the day of a match that the pool does not have.
const UNKNOWN: &str = "a match is added first, with --team1, --team2 and --stage";

pub(crate) async fn run(args: ScheduleArgs, home: &Home) -> anyhow::Result<()> {
    let parts = args.kickoff.is_some()
        || args.team1.is_some()
        || args.team2.is_some()
        || args.stage.is_some()
        || args.day.is_some();
    if !args.confirm.is_given() && !parts {
        return Err(usage(format!(
            "there is nothing to change: say what, such as `bolao schedule {} --kickoff 2026-06-11T21:00:00+01:00`, \
            or sign what another organiser has signed with --confirm",
            args.code
        )));
    }
    args.confirm.refuse_unseen(args.sign.yes, false)?;
    let session = Session::open(home, &args.sign.common.passphrase).await?;
    if args.day.is_some() && session.genesis.days.is_none() {
        bail!("the rules of this pool know no days: set the kick-off with --kickoff");
    }
    session.check_organiser("schedule matches")?;
    let matches = games::all(&session.source).await?;
    let all = votes::all(&session.source).await?;
    let code = named(&args, &matches, &all)?;
    let waiting = of_code(&all, &code);
    let asks = args.sign.asks();
    let (no, vote) = if args.confirm.is_given() {
        confirmed(&args, &code, asks, &session, &waiting)?
    } else if let Some(date) = args.day {
        let game = games::find(&matches, code.as_str());
        let game = game.context(UNKNOWN)?;
        let day = day(date, args.zone.clone())?;
        (MatchNo(game.fixture.no), Vote::Day(Some(day)))
    } else {
        let fixture = fixture(&args, &code, &matches, &all)?;
        (fixture.no, Vote::Schedule(fixture))
    };
    let before = matches.iter().find(|game| game.fixture.no == no.0);
    let signing = Signing {
        session: &session,
        code: before.map_or(code.as_str(), |game| &game.fixture.code),
        no,
        vote,
    };
    if before.is_none() && !args.again {
        refuse_twin(&signing.vote, &matches)?;
    }
    check(&signing, before).await?;
    announce(&signing, before)?;
    signing.send(&args.sign, waiting).await
}

/// Refuses a match whose teams meet in another one of about that time.
fn refuse_twin(vote: &Vote, matches: &[view::Match]) -> anyhow::Result<()> {
    let Vote::Schedule(fixture) = vote else {
        return Ok(());
    };
    let now = seconds(Timestamp::now())?;
    for game in matches {
        let known = Fixture::try_from(&game.fixture)?;
        if let Some(turned) = twin(&known, fixture, now) {
            let turned = if turned { ", the other way round" } else { "" };
            bail!(
                "{} – {} is in the pool already, within 36 hours{turned}: see `bolao match {}`; if this is another match, \
                add --again",
                known.home.name,
                known.away.name,
                known.code
            );
        }
    }
    Ok(())
}

/// A day by the calendar of a zone, this machine's if none is given.
fn day(date: Date, zone: Option<TimeZone>) -> anyhow::Result<Day> {
    let zone = zone.unwrap_or_else(TimeZone::system);
    let begins = |date: Date| seconds(date.to_zoned(zone.clone())?.timestamp());
    Ok(Day {
        begins: begins(date)?,
        ends: begins(date.tomorrow()?)?,
    })
}

/// Says what is about to be signed.
fn announce(signing: &Signing<'_>, before: Option<&view::Match>) -> anyhow::Result<()> {
    let fixture = match &signing.vote {
        Vote::Schedule(fixture) => fixture,
        Vote::Day(day) => return announce_day(*day, before),
        _ => return Ok(()),
    };
    match before {
        None => output::say!("New to the pool, as match {}.", fixture.no.0)?,
        Some(game) => output::say!("Before: {}", signed::scheduled(&game.fixture))?,
    }
    let mut after = FixtureBody::from(fixture);
    if let Some(game) = before {
        // A match keeps its stage, whatever another organiser has signed.
        after.stage.clone_from(&game.fixture.stage);
    }
    output::say!("After:  {}  ({})", signed::scheduled(&after), after.code)?;
    match closes(before, fixture, &signing.session.genesis.rules)? {
        Some(closes) => output::say(closes),
        None => Ok(()),
    }
}

fn announce_day(day: Option<Day>, game: Option<&view::Match>) -> anyhow::Result<()> {
    let teams = game.context("the pool has no such match")?.teams();
    match day.map(DayBody::from) {
        Some(day) => output::say!(
            "{teams}: {}. Betting on it ends when the day begins, unless its time is known by then.",
            time::span_of(Some(&day))
        ),
        None => output::say!("{teams}: its day is unknown, until it is scheduled."),
    }
}

/// Until when bets are taken then, where that changes, and what becomes of those that are there.
fn closes(
    before: Option<&view::Match>,
    fixture: &Fixture,
    rules: &Rules,
) -> anyhow::Result<Option<String>> {
    let now = seconds(Timestamp::now())?;
    let stood = before.map(Match::try_from).transpose()?;
    let new = || Match {
        since: now,
        ..Match::new(fixture.clone(), None, rules.deadline_lead_s)
    };
    let after = stood
        .as_ref()
        .map_or_else(new, |game| game.rescheduled(fixture, now, rules));
    let Some(end) = after.deadline.filter(|_| fixture.kickoff.is_some()) else {
        return Ok(None);
    };
    let is_open = |game: &Match| game.is_open_at(now, rules);
    let stays = |game: &Match| {
        let is_over = !is_open(game) && !is_open(&after);
        !game.lacks_notice(rules)
            && (is_over || (game.deadline, game.since) == (after.deadline, after.since))
    };
    if stood.as_ref().is_some_and(stays) {
        return Ok(None);
    }
    let (notice, ends) = (time::span(rules.notice_s.into()), moment(end));
    let bets = stood.as_ref().map_or(0, |game| game.bets);
    let told = count(bets, "bet", "bets");
    if after.lacks_notice(rules) {
        let counted = stood.as_ref().filter(|game| game.loses_bets(&after, rules));
        let lost = match counted {
            Some(_) if bets > 0 => format!(" {told} on it will not count; stakes go back."),
            _ => String::new(),
        };
        let renamed = counted.filter(|game| game.fixture.has_other_teams(fixture));
        let goes_on = match before.filter(|_| renamed.is_some_and(is_open)) {
            Some(game) => format!(" Without this, bets on {} go on counting.", game.teams()),
            None => String::new(),
        };
        return Ok(Some(format!(
            "No bets on it will count: it would not stand open as it is for {notice} before betting ends {}.{lost}{goes_on}",
            time::local(ends)
        )));
    }
    let stay = match bets {
        0 => String::new(),
        1 => format!(" {told} on it stays."),
        _ => format!(" {told} on it stay."),
    };
    let (at, ahead) = (time::local(ends), time::relative(ends));
    // # Rule S18
    let kept = after.deadline != deadline(fixture, None, rules.deadline_lead_s);
    Ok(Some(if kept {
        format!("Betting on it still ends {at}, {ahead}: that is less than {notice} ahead.{stay}")
    } else {
        format!("Betting on it ends {at}, {ahead}.{stay}")
    }))
}

/// Refuses what cannot be meant before anything is signed.
async fn check(signing: &Signing<'_>, before: Option<&view::Match>) -> anyhow::Result<()> {
    if let Vote::Schedule(fixture) = &signing.vote {
        let (home, away) = (fixture.home.name.as_str(), fixture.away.name.as_str());
        if games::same_name(home, away) {
            return Err(usage(format!(
                "{home} cannot play against itself: give two teams with --team1 and --team2"
            )));
        }
    }
    let Some(mut refusal) = signing.refusal().await? else {
        return Ok(());
    };
    match &signing.vote {
        Vote::Schedule(fixture) if refusal.is(Reason::KickoffInThePast) => {
            refusal.detail = format!(
                "{} has passed: a kick-off must be in the future",
                time::kickoff(fixture.kickoff.and_then(time::timestamp))
            );
        }
        Vote::Schedule(_) if refusal.is(Reason::MatchStarted) => {
            if let Some(back) = before.and_then(results_shown::taken_back) {
                refusal.detail = format!("{}: {back}", refusal.detail);
            }
        }
        Vote::Day(day) if refusal.is(Reason::DayOver) => {
            let day = time::span_of(day.map(DayBody::from).as_ref());
            refusal.detail = format!("the day has passed: {day}; give a later one");
        }
        _ => {}
    }
    Err(refusal.into())
}

/// The code of the match that is meant: one that is added is named by its code alone.
fn named(
    args: &ScheduleArgs,
    matches: &[view::Match],
    waiting: &BTreeMap<u16, Vec<Waiting>>,
) -> anyhow::Result<MatchCode> {
    let adds = args.team1.is_some() && args.team2.is_some() && args.stage.is_some();
    let code = args.code.parse::<MatchCode>();
    let is_proposed = |code: &MatchCode| !of_code(waiting, code).is_empty();
    let is_number = |code: &MatchCode| {
        let number = code.as_str().parse::<u16>().ok();
        let mut others = matches.iter().filter(|it| it.fixture.code != code.as_str());
        number.is_some_and(|number| others.any(|it| it.fixture.no == number))
    };
    let found = match code {
        Ok(code) if adds && is_number(&code) => {
            bail!("`{code}` is the number of another match: choose a code with letters")
        }
        Ok(code) if adds || is_proposed(&code) => return Ok(code),
        Err(error) if adds => return Err(usage(format!("`{}` is not a code: {error}", args.code))),
        _ => games::find(matches, &args.code),
    };
    let found = found.context(match args.day {
        Some(_) => UNKNOWN,
        None => "to add a match, give --team1, --team2 and --stage",
    })?;
    Ok(found.fixture.code.parse()?)
}

/// The schedules and days of a match that wait; it may be one that the pool does not have yet.
fn of_code<'a>(all: &'a BTreeMap<u16, Vec<Waiting>>, code: &MatchCode) -> Vec<&'a Waiting> {
    let folded = code.folded();
    let is_it = |it: &&Waiting| match &it.signed {
        Signed::Schedule { fixture } => FoldedCode::of(&fixture.code) == folded,
        Signed::Day { .. } => FoldedCode::of(&it.r#match.code) == folded,
        _ => false,
    };
    all.values().flatten().filter(is_it).collect()
}

/// The waiting schedule or day that `--confirm` means.
fn confirmed(
    args: &ScheduleArgs,
    code: &MatchCode,
    asks: bool,
    session: &Session<'_>,
    waiting: &[&Waiting],
) -> anyhow::Result<(MatchNo, Vote)> {
    let code = code.as_str();
    let kind = Kind {
        word: "schedule",
        verb: "schedule",
        code,
    };
    let candidates = waiting.iter().map(|waiting| {
        let read = votes::vote(&waiting.signed)?.zip(waits(waiting));
        let (vote, words) = read.context("the node's answer has a signature for something else")?;
        let signed = (MatchNo(waiting.r#match.no), vote);
        Candidate::new(waiting, signed, &words, session.account())
    });
    let candidates = candidates.collect::<anyhow::Result<Vec<_>>>()?;
    let id = args.confirm.id();
    kind.choose(candidates, id, asks || id.is_some())
}

/// A schedule or day that waits, in one line.
fn waits(waiting: &Waiting) -> Option<String> {
    Some(match &waiting.signed {
        Signed::Schedule { fixture } => signed::scheduled(fixture),
        Signed::Day { day } => match day {
            Some(day) => format!("its day will be {}", time::match_day(day)),
            None => "its day will be unknown".to_owned(),
        },
        _ => return None,
    })
}

fn fixture(
    args: &ScheduleArgs,
    code: &MatchCode,
    matches: &[view::Match],
    waiting: &BTreeMap<u16, Vec<Waiting>>,
) -> anyhow::Result<Fixture> {
    let kickoff = args.kickoff.map(seconds).transpose()?;
    let named = |name: &Text<64>| Team {
        name: name.clone(),
        code: None,
    };
    let folded = code.folded();
    if let Some(game) = matches
        .iter()
        .find(|game| FoldedCode::of(&game.fixture.code) == folded)
    {
        let now = Fixture::try_from(&game.fixture)?;
        if args.stage.as_ref().is_some_and(|stage| *stage != now.stage) {
            return Err(usage(format!(
                "{} belongs to {}, and a match keeps its stage: leave out --stage",
                now.code, now.stage
            )));
        }
        return Ok(Fixture {
            home: args.team1.as_ref().map_or(now.home, named),
            away: args.team2.as_ref().map_or(now.away, named),
            kickoff: kickoff.or(now.kickoff),
            ..now
        });
    }
    let (Some(home), Some(away), Some(stage)) = (&args.team1, &args.team2, &args.stage) else {
        bail!("this pool has no match `{code}`: to add it, give --team1, --team2 and --stage");
    };
    let no = votes::new_number(code.as_str(), matches, waiting)?;
    Ok(Fixture {
        no: MatchNo(no.context("the pool is full of matches")?),
        code: code.clone(),
        home: named(home),
        away: named(away),
        kickoff,
        stage: stage.clone(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::UnixSeconds;

    use super::*;
    use crate::view::fixtures::match_json;

    const HOUR_S: u64 = 3_600;

    /// What is said of a change of a match that kicks off in two days, with two bets on it; rules want 12 hours of notice.
    fn said(change: impl FnOnce(&mut Fixture, u64)) -> Option<String> {
        let now = seconds(Timestamp::now()).unwrap();
        let kickoff = moment(UnixSeconds(now.0 + 48 * HOUR_S)).to_string();
        let mut game = match_json(1, "M1", "W1", "Chile");
        (game["kickoff"], game["deadline"]) = (kickoff.clone().into(), kickoff.into());
        (game["away"]["code"], game["bets"]) = ("CHI".into(), 2.into());
        // It was given its teams an hour ago.
        let since = moment(UnixSeconds(now.0 - HOUR_S));
        game["since"] = since.to_string().into();
        let game: view::Match = serde_json::from_value(game).unwrap();
        let mut fixture = Fixture::try_from(&game.fixture).unwrap();
        change(&mut fixture, now.0);
        let rules = Rules {
            notice_s: 12 * 3_600,
            ..Rules::default()
        };
        closes(Some(&game), &fixture, &rules).unwrap()
    }

    fn begins(fixture: &mut Fixture, at: u64) {
        fixture.kickoff = Some(UnixSeconds(at));
    }

    #[test]
    fn a_code_where_there_was_none_is_no_other_team() {
        let coded = |it: &mut Fixture| it.home.code = Some("W01".parse().unwrap());
        assert_eq!(said(|it, _| coded(it)), None);
        // Nor does it begin anew with an end of betting that comes with notice by its age.
        let sooner = said(|it, now| {
            coded(it);
            begins(it, now + 11 * HOUR_S + 60);
        });
        let sooner = sooner.unwrap();
        assert!(sooner.starts_with("Betting on it ends "), "{sooner}");
        assert!(sooner.ends_with(" 2 bets on it stay."), "{sooner}");
    }

    #[test]
    fn a_date_that_comes_too_late_brings_no_bets_back() {
        let now = seconds(Timestamp::now()).unwrap();
        let at = |ahead_s: u64| moment(UnixSeconds(now.0 + ahead_s)).to_string();
        let mut game = match_json(1, "M1", "W1", "Chile");
        // It was cancelled ten seconds before betting on it ended, and postponed.
        (game["deadline"], game["since"]) = (at(0).into(), at(0).into());
        (game["stood"], game["lacks_notice"], game["bets"]) =
            (at(10).into(), true.into(), 2.into());
        (game["kickoff"], game["postponed"]) = (serde_json::Value::Null, true.into());
        let game: view::Match = serde_json::from_value(game).unwrap();
        let mut fixture = Fixture::try_from(&game.fixture).unwrap();
        begins(&mut fixture, now.0 + 48 * HOUR_S);
        let rules = Rules {
            notice_s: 12 * 3_600,
            ..Rules::default()
        };
        let said = closes(Some(&game), &fixture, &rules).unwrap().unwrap();
        assert!(said.starts_with("No bets on it will count"), "{said}");
    }

    #[test]
    fn bets_that_will_not_count_are_counted() {
        let lost = "2 bets on it will not count; stakes go back.";
        let sooner = said(|it, now| begins(it, now + 11 * HOUR_S - 60)).unwrap();
        assert!(sooner.ends_with(lost), "{sooner}");
        let renamed = said(|it, now| {
            it.home.name = "Peru".parse().unwrap();
            begins(it, now + 11 * HOUR_S + 60);
        });
        let wanted = format!("{lost} Without this, bets on W1 – Chile go on counting.");
        assert!(renamed.unwrap().ends_with(&wanted));
        let recoded = said(|it, now| {
            it.away.code = Some("CHL".parse().unwrap());
            begins(it, now + 11 * HOUR_S + 60);
        });
        assert!(recoded.unwrap().contains(lost));
    }

    #[test]
    fn only_an_end_that_changes_is_told() {
        assert_eq!(said(|_, _| ()), None);
        let later = said(|it, now| begins(it, now + 72 * HOUR_S)).unwrap();
        assert!(later.starts_with("Betting on it ends "), "{later}");
    }
}
