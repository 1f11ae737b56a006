//! `bolao schedule`: matches that come later, and kick-offs that move. For organisers.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use bolao_api::body::{Intent, Scheduling};
use bolao_ledger::{
    AccountId, Action, Day, FoldedCode, MatchCode, MatchNo, Reason, Text, UnixSeconds, Vote,
};
use bolao_node::Home;
use clap::Args;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    command::{
        confirm::{Candidate, ConfirmArgs, Kind},
        results_shown,
        signing::SignArgs,
    },
    exit::usage,
    games, parse, signed,
    source::ApiError,
    time,
    view::{self, Waiting},
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
    let actor = args.sign.open(home).await?;
    let matches = games::all(&actor.source).await?;
    let all = votes::all(&actor.source).await?;
    let code = named(&args, &matches, &all)?;
    let wish = if args.confirm.is_given() {
        let waiting = of_code(&all, &code);
        let (no, vote) = confirmed(&args, &code, actor.account(), &waiting)?;
        Intent::Sign {
            action: Box::new(vote.action(no)),
            again: args.again,
        }
    } else {
        wish(&args, &code)?
    };
    let foreseen = match actor.foresee(&wish).await {
        Ok(foreseen) => foreseen,
        Err(error) => return Err(explained(error, &wish, &code, &matches)),
    };
    args.sign.finish(&actor, foreseen, "The signature").await
}

/// The wish that the flags say.
fn wish(args: &ScheduleArgs, code: &MatchCode) -> anyhow::Result<Intent> {
    let code = code.to_string();
    if let Some(date) = args.day {
        let zone = args.zone.clone().unwrap_or_else(TimeZone::system);
        let begins = |date: Date| anyhow::Ok(date.to_zoned(zone.clone())?.timestamp());
        return Ok(Intent::SetDay {
            code,
            begins: begins(date)?,
            ends: begins(date.tomorrow()?)?,
        });
    }
    let text = |text: &Option<Text<64>>| text.as_ref().map(ToString::to_string);
    Ok(Intent::Schedule(Scheduling {
        code,
        kickoff: args.kickoff,
        team1: text(&args.team1),
        team2: text(&args.team2),
        stage: text(&args.stage),
        again: args.again,
    }))
}

/// The node's refusal, with the time that is meant, and what helps.
fn explained(
    error: anyhow::Error,
    wish: &Intent,
    code: &MatchCode,
    matches: &[view::Match],
) -> anyhow::Error {
    let mut refusal = match error.downcast::<ApiError>() {
        Ok(refusal) => refusal,
        Err(error) => return error,
    };
    let (kickoff, day) = match wish {
        Intent::Schedule(scheduling) => (scheduling.kickoff.and_then(|at| seconds(at).ok()), None),
        Intent::SetDay { begins, ends, .. } => {
            let (begins, ends) = (seconds(*begins).ok(), seconds(*ends).ok());
            let day = begins.zip(ends);
            (None, day.map(|(begins, ends)| Day { begins, ends }))
        }
        Intent::Sign { action, .. } => signed_times(action),
        _ => (None, None),
    };
    let of_code = |game: &&view::Match| game.entry.fixture.code.folded() == code.folded();
    let before = matches.iter().find(of_code);
    let kickoff = kickoff.or_else(|| before?.entry.fixture.kickoff);
    match refusal.reason() {
        Some(Reason::KickoffInThePast) => {
            refusal.detail = format!(
                "{} has passed: a kick-off must be in the future",
                time::kickoff(kickoff)
            );
        }
        Some(Reason::MatchStarted) => {
            if let Some(back) = before.and_then(results_shown::taken_back) {
                refusal.detail = format!("{}: {back}", refusal.detail);
            }
        }
        Some(Reason::DayOver) => {
            let day = time::span_of(day.as_ref());
            refusal.detail = format!("the day has passed: {day}; give a later one");
        }
        _ => {}
    }
    refusal.into()
}

/// The kick-off or the day that an act signs.
fn signed_times(action: &Action) -> (Option<UnixSeconds>, Option<Day>) {
    match action.vote() {
        Some(Vote::Schedule(fixture)) => (fixture.kickoff, None),
        Some(Vote::Day(day)) => (None, day),
        _ => (None, None),
    }
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
        let mut others = matches.iter().filter(|it| it.entry.fixture.code != *code);
        number.is_some_and(|number| others.any(|it| it.entry.fixture.no.0 == number))
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
    Ok(found.entry.fixture.code.clone())
}

/// The schedules and days of a match that wait; it may be one that the pool does not have yet.
fn of_code<'a>(all: &'a BTreeMap<u16, Vec<Waiting>>, code: &MatchCode) -> Vec<&'a Waiting> {
    let folded = code.folded();
    let is_it = |it: &&Waiting| match it.action.vote() {
        Some(Vote::Schedule(fixture)) => fixture.code.folded() == folded,
        Some(Vote::Day(_)) => FoldedCode::of(&it.about.code) == folded,
        _ => false,
    };
    all.values().flatten().filter(is_it).collect()
}

/// The waiting schedule or day that `--confirm` means.
fn confirmed(
    args: &ScheduleArgs,
    code: &MatchCode,
    own: AccountId,
    waiting: &[&Waiting],
) -> anyhow::Result<(MatchNo, Vote)> {
    let code = code.as_str();
    let kind = Kind {
        word: "schedule",
        verb: "schedule",
        code,
    };
    let candidates = waiting.iter().map(|waiting| {
        let read = votes::vote(&waiting.action).zip(waits(waiting));
        let (vote, words) = read.context("the node's answer has a signature for something else")?;
        let signed = (MatchNo(waiting.about.no), vote);
        Ok(Candidate::new(waiting, signed, &words, own))
    });
    let candidates = candidates.collect::<anyhow::Result<Vec<_>>>()?;
    let id = args.confirm.id();
    kind.choose(candidates, id, args.sign.asks() || id.is_some())
}

/// A schedule or day that waits, in one line.
fn waits(waiting: &Waiting) -> Option<String> {
    Some(match waiting.action.vote()? {
        Vote::Schedule(fixture) => signed::scheduled(&fixture),
        Vote::Day(Some(day)) => format!("its day will be {}", time::match_day(&day)),
        Vote::Day(None) => "its day will be unknown".to_owned(),
        _ => return None,
    })
}
