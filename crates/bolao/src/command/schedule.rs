//! `bolao schedule`: matches that come later, and kick-offs that move. For organisers.

use std::time::Duration;

use anyhow::{Context as _, bail};
use bolao_ledger::{Fixture, FoldedCode, MatchCode, MatchNo, Team, Text, UnixSeconds};
use bolao_node::Home;
use clap::Args;
use jiff::Timestamp;

use crate::{
    command::submit::{submit, wait},
    output, parse,
    passphrase::PassphraseArgs,
    source::{self, Source, as_views},
    time, view,
};

/// Sets a match's kick-off, teams or stage, or adds a match; for organisers
#[derive(Args, Clone, Debug)]
pub(crate) struct ScheduleArgs {
    /// The match's code; one that is not there yet adds a match
    #[arg(value_name = "MATCH")]
    code: MatchCode,
    /// When it begins and betting ends, such as 2026-06-11T21:00:00+01:00
    #[arg(long, value_parser = parse::instant, value_name = "TIME")]
    kickoff: Option<Timestamp>,
    /// The team named first
    #[arg(long, value_name = "NAME")]
    team1: Option<Text<64>>,
    /// The team named second
    #[arg(long, value_name = "NAME")]
    team2: Option<Text<64>>,
    /// Round, group or stage
    #[arg(long)]
    stage: Option<Text<64>>,
    /// Waits until a block holds it, at most so long
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "600", value_name = "SECONDS")]
    wait: Option<u64>,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

pub(crate) async fn run(args: ScheduleArgs, home: &Home) -> anyhow::Result<()> {
    let genesis = home.genesis()?;
    let client = source::node(home).await?;
    let source = Source::Running(client.clone());
    let matches: Vec<view::Match> = as_views(source.list("/api/v1/matches", usize::MAX).await?)?;
    let fixture = fixture(&args, &matches)?;
    let key = args.passphrase.open(home)?.player();
    if !genesis.organisers.contains(&key.account()) {
        bail!("only the pool's organisers may schedule matches, and your account is none of them");
    }
    let pool = genesis.pool_id();
    let id = submit(home, &client, &key, pool, |draft| {
        draft.schedule(fixture.clone())
    })
    .await?;
    let kickoff = fixture.kickoff.and_then(time::timestamp);
    output::line(format_args!(
        "{}: {} – {}, {}",
        fixture.code,
        fixture.home.name,
        fixture.away.name,
        kickoff.map_or_else(|| "not scheduled".to_owned(), time::local)
    ))?;
    if let Some(seconds) = args.wait {
        wait(&client, &id, Duration::from_secs(seconds)).await?;
    }
    Ok(())
}

fn fixture(args: &ScheduleArgs, matches: &[view::Match]) -> anyhow::Result<Fixture> {
    let folded = args.code.folded();
    let there = matches
        .iter()
        .find(|game| FoldedCode::of(&game.code) == folded);
    let kickoff = args
        .kickoff
        .or(there.and_then(|game| game.kickoff))
        .map(|at| u64::try_from(at.as_second()).map(UnixSeconds))
        .transpose()
        .context("the kick-off lies before 1970")?;
    if let Some(game) = there {
        return Ok(Fixture {
            no: MatchNo(game.no),
            code: MatchCode::new(&game.code)?,
            home: changed(&game.home, args.team1.as_ref())?,
            away: changed(&game.away, args.team2.as_ref())?,
            kickoff,
            stage: match &args.stage {
                Some(stage) => stage.clone(),
                None => Text::new(game.stage.as_str())?,
            },
        });
    }
    let (Some(home), Some(away), Some(stage)) = (&args.team1, &args.team2, &args.stage) else {
        bail!(
            "this pool has no match `{}`: to add it, give --team1, --team2 and --stage",
            args.code
        );
    };
    let last = matches.iter().map(|game| game.no).max().unwrap_or(0);
    let team = |name: &Text<64>| Team {
        name: name.clone(),
        code: None,
    };
    Ok(Fixture {
        no: MatchNo(last.checked_add(1).context("the pool is full of matches")?),
        code: args.code.clone(),
        home: team(home),
        away: team(away),
        kickoff,
        stage: stage.clone(),
    })
}

fn changed(team: &view::Team, name: Option<&Text<64>>) -> anyhow::Result<Team> {
    Ok(match name {
        Some(name) => Team {
            name: name.clone(),
            code: None,
        },
        None => Team {
            name: Text::new(team.name.as_str())?,
            code: team.code.as_deref().map(Text::new).transpose()?,
        },
    })
}
