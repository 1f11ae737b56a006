//! `bolao missing`: what is still to be bet on, for people and for cron.

use std::{collections::BTreeSet, process::ExitCode};

use anyhow::Context as _;
use bolao_node::Home;
use clap::Args;
use comfy_table::Table;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    betting::{Own, PlayerBets, is_open},
    command::{questions, waits::hint_of_waiting},
    games, meant,
    output::{self, count},
    parse,
    passphrase::CommonArgs,
    source::{self, Source, segment},
    time::{self, ToInstant as _},
    view::{Answers, Bet, Match, QuestionStatus},
};

/// The columns that may be hidden.
const CODE: usize = 1;
const ROUND: usize = 5;
/// Something closes soon.
const SOON: u8 = 3;

/// Shows the open matches you have not bet on, and open questions; with HOURS, status 3 if one of them closes within so many
#[derive(Args, Clone, Debug)]
pub(crate) struct MissingArgs {
    /// Within how many hours one of them closes for status 3; without it the status is never 3
    #[arg(value_parser = parse::hours, value_name = "HOURS", conflicts_with = "within")]
    hours: Option<u64>,
    /// The same as HOURS
    #[arg(long, value_parser = parse::hours, value_name = "HOURS")]
    within: Option<u64>,
    /// The player to check: a name or an account [default: you]
    #[arg(long, value_name = "NAME")]
    player: Option<String>,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: MissingArgs, home: &Home) -> anyhow::Result<ExitCode> {
    let source = source::open(home).await?;
    let (who, mut tipped) = tipped(&args, home, &source).await?;
    let (mut games, mut asked) = (games::all(&source).await?, questions::all(&source).await?);
    games.retain(is_open);
    asked.retain(|it| it.status == QuestionStatus::Open);
    let any_open = !games.is_empty() || !asked.is_empty();
    if !asked.is_empty() {
        tipped.extend(answered(&source, &who).await?);
    }
    games.retain(|game| !tipped.contains(&game.entry.fixture.no.0));
    asked.retain(|it| questions::numbers(&it.asked).any(|no| !tipped.contains(&no)));
    games.sort_by_key(games::by_kickoff);
    asked.sort_by_key(|it| it.asked.closes);
    let (now, within) = (Timestamp::now(), args.within.or(args.hours));
    let closing = asked.iter().map(|it| it.asked.closes.instant());
    let soon = {
        games
            .iter()
            .filter_map(|it| Some(it.entry.deadline?.instant()))
            .chain(closing)
    }
    .filter(|closes| within.is_some_and(|within| closes_within(*closes, within, now)))
    .count();
    if args.common.json {
        let games = games.iter().map(|it| json!(it));
        let all: Vec<Value> = games.chain(asked.iter().map(|it| json!(it))).collect();
        output::json(&all)?;
    } else if any_open {
        if asked.is_empty() || !games.is_empty() {
            show(games)?;
        }
        if !asked.is_empty() {
            output::line("Questions, which `bolao answer` answers:")?;
            output::show(&questions::table(&asked))?;
        }
        hint_of_waiting(&source).await?;
        if let (Some(within), true) = (within, soon > 0) {
            output::hint!(
                "{} within {}.",
                count(soon, "of them closes", "of them close"),
                time::span(within)
            );
        }
    } else {
        output::line("Betting has ended on every match.")?;
    }
    Ok(if soon > 0 {
        ExitCode::from(SOON)
    } else {
        ExitCode::SUCCESS
    })
}

/// The player, and what has a bet. That there is one is public, so the wallet is needed for nothing but one's own account.
async fn tipped(
    args: &MissingArgs,
    home: &Home,
    source: &Source,
) -> anyhow::Result<(String, BTreeSet<u16>)> {
    let who = if let Some(player) = &args.player {
        player.clone()
    } else {
        let genesis = home.genesis()?;
        if let Some(wallet) = args.common.passphrase.open_quietly(home)? {
            let mut own = Own::new(&wallet, genesis.pool_id());
            let bets = PlayerBets::load(source, &genesis, &mut own).await?;
            let tipped = bets.current.into_keys().collect();
            return Ok((own.player().to_string(), tipped));
        }
        home.profile()?.account.map(|own| own.to_string()).context(
            "your wallet has a passphrase: give --passphrase-file, or say whose bets you mean with --player NAME",
        )?
    };
    let path = format!(
        "/api/v1/players/{}/bets",
        segment(&who, "a player's name or account")?
    );
    let bets: Vec<Bet> = meant::all_of(source, &path, &who).await?;
    let tipped = bets.into_iter().map(|bet| bet.r#match.no).collect();
    Ok((who, tipped))
}

/// The numbers of the questions' slots that a player has answered; none of somebody who has not joined.
async fn answered(source: &Source, who: &str) -> anyhow::Result<BTreeSet<u16>> {
    let who = segment(who, "a player's name or account")?;
    let path = format!("/api/v1/players/{who}/answers");
    let answers: Vec<Answers> = match source.all(&path).await {
        Err(error) if meant::is_unknown(&error) => Vec::new(),
        answers => answers?,
    };
    let numbers = answers.iter().flat_map(|it| {
        let slots = (it.question.no..).zip(&it.answers);
        slots.filter_map(|(no, answer)| answer.as_ref().map(|_| no))
    });
    Ok(numbers.collect())
}

fn closes_within(closes: Timestamp, within_s: u64, now: Timestamp) -> bool {
    let left = closes.as_second().saturating_sub(now.as_second());
    u64::try_from(left).is_ok_and(|left| left <= within_s)
}

fn show(missing: Vec<Match>) -> anyhow::Result<()> {
    if missing.is_empty() {
        return output::line("Nothing is missing: every open match has a bet.");
    }
    let (dated, undated): (Vec<Match>, Vec<Match>) = missing
        .into_iter()
        .partition(|game| game.entry.fixture.kickoff.is_some());
    if !dated.is_empty() {
        output::show_fitting(table(&dated, "Kick-off"), &[CODE, ROUND])?;
        output::line!("Times of {}", time::zone())?;
    }
    if !undated.is_empty() {
        let blank = if dated.is_empty() { "" } else { "\n" };
        output::line!("{blank}Without a time yet:")?;
        output::show_fitting(table(&undated, "Day"), &[CODE, ROUND])?;
    }
    Ok(())
}

fn table(games: &[Match], when: &str) -> Table {
    let mut table = output::table(["No", "Code", "Match", when, "Closes", "Round"]);
    for game in games {
        let day = || game.entry.day.as_ref().map(time::match_day);
        let when = game.entry.fixture.kickoff.map(time::short).or_else(day);
        table.add_row([
            game.entry.fixture.no.to_string(),
            game.entry.fixture.code.to_string(),
            game.teams(),
            when.unwrap_or_default(),
            game.entry.deadline.map_or_else(String::new, time::relative),
            game.entry.fixture.stage.to_string(),
        ]);
    }
    table
}
