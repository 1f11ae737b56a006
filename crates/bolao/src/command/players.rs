//! `bolao players`: who plays.

use bolao_node::Home;
use clap::Args;
use comfy_table::Cell;

use crate::{
    output,
    source::{self, as_views},
    view::Player,
};

/// Shows who has joined
#[derive(Args, Clone, Debug)]
pub(crate) struct PlayersArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: PlayersArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let players = source.list("/api/v1/players", usize::MAX).await?;
    if args.json {
        return output::json(&players);
    }
    let mut players: Vec<Player> = as_views(players)?;
    if players.is_empty() {
        return output::line("Nobody has joined yet.");
    }
    players.sort_by_key(|player| player.name.to_lowercase());
    let mut table = output::table(["Name", "Chips", "Since block", "Account"]);
    for player in players {
        table.add_row([
            output::bold_cell(&player.name),
            Cell::new(player.chips),
            Cell::new(player.joined),
            Cell::new(output::fitting(&player.account.to_string())),
        ]);
    }
    output::show(&table)
}
