//! `bolao players`: who plays.

use bolao_node::Home;
use clap::Args;
use comfy_table::Cell;

use crate::{
    alike, output,
    source::{self, as_views},
    view::Player,
};

/// The number of a ticket's characters that are shown.
const TICKET_CHARS: usize = 6;
/// The column of the tickets.
const TICKET: usize = 4;

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
    players.sort_by_key(|player| player.entry.name.as_str().to_lowercase());
    let names = players.iter().map(|it| it.entry.name.to_string());
    let mut names: Vec<String> = names.collect();
    alike::tell_apart(players.iter().map(|it| it.account).zip(&mut names));
    let invited = players.iter().any(|player| player.invitation.is_some());
    let mut table = output::table(["Name", "Chips", "Since block", "Account", "By the ticket"]);
    for (player, name) in players.iter().zip(&names) {
        table.add_row([
            output::bold_cell(name),
            Cell::new(player.entry.chips),
            Cell::new(player.entry.joined),
            Cell::new(output::fitting(&player.account.to_string())),
            Cell::new(by_ticket(player)),
        ]);
    }
    if !invited && let Some(column) = table.column_mut(TICKET) {
        column.set_constraint(comfy_table::ColumnConstraint::Hidden);
    }
    output::show(&table)
}

/// The ticket's last characters, which tell tickets apart, and who signed it.
fn by_ticket(player: &Player) -> String {
    player.invitation.as_ref().map_or_else(String::new, |it| {
        let ticket = it.given.ticket.key.to_string();
        let skipped = ticket.chars().count().saturating_sub(TICKET_CHARS);
        let end: String = ticket.chars().skip(skipped).collect();
        format!("…{end} of {}", it.player(&it.given.organiser).shown())
    })
}
