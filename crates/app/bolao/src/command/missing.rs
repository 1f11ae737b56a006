//! `bolao missing`: what is still to be bet on, for people and for cron.

use std::{collections::BTreeSet, process::ExitCode};

use anyhow::Context as _;
use bolao_node::Home;
use clap::Args;
use comfy_table::Table;
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    betting::{Own, PlayerBets, is_open},
    command::validators::hint_of_waiting,
    games, meant,
    output::{self, count},
    parse,
    passphrase::CommonArgs,
    source::{self, Source, as_view, segment},
    time,
    view::{Bet, Match},
};

/// The columns that may be hidden.
const CODE: usize = 1;
const ROUND: usize = 5;
/// Something closes soon.
const SOON: u8 = 3;

/// Shows the open matches you have not bet on; with HOURS, status 3 if betting on one of them ends within so many
#[derive(Args, Clone, Debug)]
pub(crate) struct MissingArgs {
    /// Within how many hours betting ends for status 3; without it the status is never 3
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
    let tipped = tipped(&args, home, &source).await?;
    let now = Timestamp::now();
    let mut any_open = false;
    let mut missing: Vec<(Match, Value)> = Vec::new();
    for value in source.list("/api/v1/matches", usize::MAX).await? {
        let game: Match = as_view(value.clone())?;
        any_open |= is_open(&game);
        if is_open(&game) && !tipped.contains(&game.fixture.no) {
            missing.push((game, value));
        }
    }
    missing.sort_by_key(|(game, _)| games::by_kickoff(game));
    let within = args.within.or(args.hours);
    let soon = missing
        .iter()
        .filter(|(game, _)| within.is_some_and(|within| closes_within(game, within, now)))
        .count();
    if args.common.json {
        let values: Vec<Value> = missing.into_iter().map(|(_, value)| value).collect();
        output::json(&values)?;
    } else if any_open {
        show(missing.into_iter().map(|(game, _)| game).collect())?;
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

/// The matches with a bet. That there is one is public, so the wallet is needed for nothing but one's own account.
async fn tipped(args: &MissingArgs, home: &Home, source: &Source) -> anyhow::Result<BTreeSet<u16>> {
    let who = if let Some(player) = &args.player {
        player.clone()
    } else {
        let genesis = home.genesis()?;
        if let Some(wallet) = args.common.passphrase.open_quietly(home)? {
            let mut own = Own::new(&wallet, genesis.pool_id());
            let bets = PlayerBets::load(source, &genesis, &mut own).await?;
            return Ok(bets.current.into_keys().collect());
        }
        home.profile()?.account.map(|own| own.to_string()).context(
            "your wallet has a passphrase: give --passphrase-file, or say whose bets you mean with --player NAME",
        )?
    };
    let path = format!(
        "/api/v1/players/{}/bets",
        segment(&who, "a player's name or account")?
    );
    let bets: Vec<Bet> = match source.all(&path).await {
        Ok(bets) => bets,
        Err(error) => return Err(meant::player(source, &who, error).await),
    };
    Ok(bets.into_iter().map(|bet| bet.r#match.no).collect())
}

fn closes_within(game: &Match, within_s: u64, now: Timestamp) -> bool {
    game.deadline.is_some_and(|deadline| {
        let left = deadline.as_second().saturating_sub(now.as_second());
        u64::try_from(left).is_ok_and(|left| left <= within_s)
    })
}

fn show(missing: Vec<Match>) -> anyhow::Result<()> {
    if missing.is_empty() {
        return output::line("Nothing is missing: every open match has a bet.");
    }
    let (dated, undated): (Vec<Match>, Vec<Match>) = missing
        .into_iter()
        .partition(|game| game.fixture.kickoff.is_some());
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
        let day = || game.day.as_ref().map(time::match_day);
        let when = game.fixture.kickoff.map(time::short).or_else(day);
        table.add_row([
            game.fixture.no.to_string(),
            game.fixture.code.clone(),
            game.teams(),
            when.unwrap_or_default(),
            game.deadline.map_or_else(String::new, time::relative),
            game.fixture.stage.clone(),
        ]);
    }
    table
}
