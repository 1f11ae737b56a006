//! The day of a match of which no time is known.

use anyhow::{Context as _, bail};
use bolao_api::body::DayBody;
use bolao_ledger::{Action, Day, MatchNo, Reason, UnixSeconds, Vote};
use bolao_node::Home;
use jiff::{civil::Date, tz::TimeZone};

use super::{ScheduleArgs, others, signatures};
use crate::{
    games, output,
    session::Session,
    time,
    view::{self, Waiting},
    votes::{self, SignedId, names, seconds},
};

/// Signs on which day a match is.
pub(super) async fn set(args: &ScheduleArgs, date: Date, home: &Home) -> anyhow::Result<()> {
    let session = Session::open(home, &args.common.passphrase).await?;
    if session.genesis.days.is_none() {
        bail!("the rules of this pool know no days: set the kick-off with --kickoff");
    }
    session.check_organiser("schedule matches")?;
    let matches = games::all(&session.source).await?;
    let game = games::find(&matches, &args.code)
        .context("a match is added first, with --team1, --team2 and --stage")?;
    let zone = args.zone.clone().unwrap_or_else(TimeZone::system);
    let begins = |date: Date| -> anyhow::Result<UnixSeconds> {
        seconds(date.to_zoned(zone.clone())?.timestamp())
    };
    let day = Some(Day {
        begins: begins(date)?,
        ends: begins(date.tomorrow()?)?,
    });
    let match_no = MatchNo(game.fixture.no);
    let all = votes::all(&session.source).await?;
    let waiting: Vec<&Waiting> = all.get(&match_no.0).into_iter().flatten().collect();
    announce(&session, &matches, match_no, day, &waiting).await?;
    let id = session.submit(&Action::Day { match_no, day }).await?;
    args.wait
        .report(&session.client, &id, "The signature")
        .await
}

/// Says what is about to be signed, if the ledger takes it.
pub(super) async fn announce(
    session: &Session<'_>,
    matches: &[view::Match],
    match_no: MatchNo,
    day: Option<Day>,
    waiting: &[&Waiting],
) -> anyhow::Result<()> {
    let body = day.map(DayBody::from);
    if let Some(mut refusal) = session.refusal(&Action::Day { match_no, day }).await? {
        if refusal.is(Reason::DayOver) {
            let day = time::span_of(body.as_ref());
            refusal.detail = format!("the day is over: {day}; give one that is not");
        }
        return Err(refusal.into());
    }
    let game = matches.iter().find(|game| game.fixture.no == match_no.0);
    let game = game.context("the pool has no such match")?;
    match &body {
        Some(_) => output::say!(
            "{}: {}. Betting on it ends when the day begins, until its time is known.",
            game.teams(),
            time::span_of(body.as_ref())
        )?,
        None => output::say!(
            "{}: its day is unknown. Betting on it goes on until it is scheduled.",
            game.teams()
        )?,
    }
    let quorum = session.genesis.rules.schedule_quorum;
    if quorum > 1 {
        let id = SignedId::of_vote(match_no, &Vote::Day(day));
        let same = |it: &&&Waiting| it.content_id().is_ok_and(|other| other == id);
        let others = waiting
            .iter()
            .find(same)
            .map_or(0, |it| others(session, it));
        let confirm = format!("bolao schedule {} --confirm={id}", game.fixture.code);
        output::say(signatures(others.saturating_add(1), quorum, &confirm))?;
    }
    Ok(())
}

/// A day that waits: what signs it, and in one line what it is.
pub(super) fn waits(day: Option<DayBody>, waiting: &Waiting) -> (Action, String) {
    let match_no = MatchNo(waiting.r#match.no);
    let shown = day.as_ref().map_or_else(
        || "its day is to be unknown".to_owned(),
        |day| format!("its day is to be {}", time::match_day(day)),
    );
    let words = format!("{shown} (signed by {})", names(&waiting.signers));
    let day = day.and_then(|day| day.day());
    (Action::Day { match_no, day }, words)
}
