//! `bolao bets`: who tipped what.

use bolao_node::Home;
use clap::Args;

use crate::{
    output,
    source::{Source, as_views, escape},
    time,
    view::Bet,
};

/// Shows the bets that blocks hold
#[derive(Args, Clone, Debug)]
pub(crate) struct BetsArgs {
    /// Only those of this player: a name or an account
    #[arg(long, value_name = "NAME")]
    player: Option<String>,
    /// Only those on this match
    #[arg(long = "match", value_name = "CODE")]
    code: Option<String>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: BetsArgs, home: &Home) -> anyhow::Result<()> {
    let source = Source::open(home).await?;
    let filters = [("player", &args.player), ("match", &args.code)];
    let query: Vec<String> = filters
        .iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", escape(value.as_deref()?))))
        .collect();
    let path = if query.is_empty() {
        "/api/v1/bets".to_owned()
    } else {
        format!("/api/v1/bets?{}", query.join("&"))
    };
    let bets = source.list(&path, usize::MAX).await?;
    if args.json {
        return output::json(&bets);
    }
    let bets: Vec<Bet> = as_views(bets)?;
    if bets.is_empty() {
        return Ok(output::line("No block holds such a bet yet.")?);
    }
    let mut table = output::table(["Match", "Player", "Bet", "Stake", "Block", "Placed"]);
    for bet in bets {
        table.add_row([
            bet.r#match.code.clone(),
            bet.player.shown(),
            bet.shown(),
            bet.stake.to_string(),
            bet.height.to_string(),
            time::local(bet.time),
        ]);
    }
    Ok(output::show(&table)?)
}
