//! `bolao matches`: what can be bet on.

use bolao_node::Home;
use clap::Args;
use comfy_table::Cell;
use jiff::Timestamp;

use crate::{
    output,
    source::{Source, as_views},
    time,
    view::{Match, Team},
};

/// Shows the matches and until when each takes bets
#[derive(Args, Clone, Debug)]
pub(crate) struct MatchesArgs {
    /// Only those that still take bets
    #[arg(long)]
    open: bool,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: MatchesArgs, home: &Home) -> anyhow::Result<()> {
    let source = Source::open(home).await?;
    let now = Timestamp::now();
    let mut matches = source.list("/api/v1/matches", usize::MAX).await?;
    if args.open {
        let views: Vec<Match> = as_views(matches.clone())?;
        let mut open = views.iter().map(|game| is_open(game, now));
        matches.retain(|_| open.next().unwrap_or(true));
    }
    if args.json {
        return output::json(&matches);
    }
    let mut table = output::table(["Code", "Match", "Kick-off", "", "Bets", "Pot", "Stage"]);
    for game in as_views::<Match>(matches)? {
        let (kickoff, state) = match game.kickoff {
            None => ("not scheduled".to_owned(), output::good_cell("open")),
            Some(kickoff) if kickoff > now => (
                time::local(kickoff),
                output::good_cell(&time::relative(kickoff)),
            ),
            Some(kickoff) => (time::local(kickoff), Cell::new("closed")),
        };
        table.add_row([
            output::bold_cell(&game.code),
            Cell::new(format!("{} – {}", team(&game.home), team(&game.away))),
            Cell::new(kickoff),
            state,
            Cell::new(game.bets),
            Cell::new(game.pot),
            Cell::new(game.stage),
        ]);
    }
    Ok(output::show(&table)?)
}

fn is_open(game: &Match, now: Timestamp) -> bool {
    game.kickoff.is_none_or(|kickoff| kickoff > now)
}

fn team(team: &Team) -> String {
    match &team.code {
        Some(code) => format!("{} ({code})", team.name),
        None => team.name.clone(),
    }
}
