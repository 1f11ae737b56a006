//! `bolao standings`: who leads.

use anyhow::bail;
use bolao_api::body::RecapOf;
use bolao_ledger::{AccountId, PARTS};
use bolao_node::Home;
use bolao_rulebook::english_with;
use clap::Args;
use comfy_table::{Cell, Table};

use crate::{
    alike,
    exit::printable,
    games,
    output::{self, count},
    source::{self, Source, as_view, escape},
    view::{Basis, PlayerRef, Standings, Tally},
};

/// Shows the table: of the whole pool, of a round, or from a match on
#[derive(Args, Clone, Debug)]
pub(crate) struct StandingsArgs {
    #[command(flatten)]
    pub(crate) which: WhichTable,
    /// The table as it would be if the matches in play ended now
    #[arg(long, conflicts_with_all = ["round", "from", "csv"])]
    live: bool,
    /// Who has won which round, where the pool goes by it
    #[arg(long, conflicts_with_all = ["round", "from", "csv", "live", "json"])]
    wins: bool,
    /// Prints JSON
    #[arg(long)]
    json: bool,
    /// Prints comma-separated values
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// Which matches a table is made of
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct WhichTable {
    /// Only the matches of this round
    #[arg(long, value_name = "NAME")]
    pub(crate) round: Option<String>,
    /// Only this match and those that kick off later, for players who joined late
    #[arg(long, value_name = "MATCH", conflicts_with = "round")]
    pub(crate) from: Option<String>,
}

impl WhichTable {
    /// The API's query, with its question mark, and what people call that table; what it names must be there.
    pub(crate) async fn query(&self, source: &Source) -> anyhow::Result<(String, String)> {
        Ok(match (&self.round, &self.from) {
            (Some(round), _) => {
                let round = games::round(source, round).await?;
                let title = format!("Standings of {round}");
                (format!("?stage={}", escape(&round)), title)
            }
            (None, Some(code)) => {
                let code = games::code(source, code).await?;
                let title = format!("Standings from {code} on");
                (format!("?from={}", escape(&code)), title)
            }
            (None, None) => (String::new(), "Standings".to_owned()),
        })
    }
}

pub(crate) async fn run(args: StandingsArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let (query, title) = args.which.query(&source).await?;
    if args.csv {
        let path = format!("/api/v1/standings.csv{query}");
        return source.copy(&path, &mut std::io::stdout().lock()).await;
    }
    let standings = if args.live {
        source.get("/api/v1/live/standings").await?
    } else {
        source.whole(&format!("/api/v1/standings{query}")).await?
    };
    if args.json {
        return output::json(&standings);
    }
    let mut standings: Standings = as_view(standings)?;
    let players = standings.items.iter_mut().map(|row| &mut row.player);
    alike::tell_apart(players.filter_map(|it| Some((it.account, it.name.as_mut()?))));
    // Equals in order of names, which people look for.
    standings
        .items
        .sort_by_cached_key(|row| (row.tally.place, row.player.shown().to_lowercase()));
    if standings.items.is_empty() {
        return output::line("Nobody has joined yet.");
    }
    if args.wins {
        return won(&standings);
    }
    output::line(output::bold(&title))?;
    if args.live {
        output::line("The table with the live scores (bolao live), which do not count yet.")?;
    }
    if !args.live {
        output::line(basis(&standings.basis))?;
    }
    let own = home.profile()?.account;
    output::show(&table(&standings, own.as_ref()))?;
    let lines = standings.recap.iter().flat_map(|it| &it.lines);
    for line in lines.filter(|it| it.about != RecapOf::Next) {
        output::line(printable(&english_with(&line.says, &line.says)))?;
    }
    Ok(())
}

/// The basis of a table, in a sentence.
pub(crate) fn basis(basis: &Basis) -> String {
    let scored = count(basis.scored, "match has a result", "matches have a result");
    let change = "so points may still change";
    match (basis.scored, basis.provisional) {
        (0, _) => "No match has a result yet.".to_owned(),
        (1, 0) => format!("{scored}, which is final."),
        (_, 0) => format!("{scored}; all are final."),
        (1, _) => format!("{scored}, which is provisional, {change}."),
        (_, 1) => format!("{scored}; 1 is provisional, {change}."),
        (_, some) => format!("{scored}; {some} are provisional, {change}."),
    }
}

/// A player's name in a table; one's own is marked, by the account: a name that the home was refused may be
/// another player's.
pub(crate) fn name(player: &PlayerRef, own: Option<&AccountId>) -> Cell {
    let name = match &player.name {
        Some(name) => printable(name),
        None => output::short(&player.account.to_string()),
    };
    if own == Some(&player.account) {
        output::bold_cell(&format!("{name} (you)"))
    } else {
        Cell::new(name)
    }
}

fn table(standings: &Standings, own: Option<&AccountId>) -> Table {
    let first = standings.items.first().map(|row| row.tally.besides);
    let first = first.unwrap_or_default();
    let besides = [
        first.wins.map(|_| "Rounds"),
        first.bonus.map(|_| "Questions"),
        first.off.map(|_| "Off by"),
    ];
    let usual = [
        "#", "Name", "Points", "Exact", "Diff.", "Winner", "Missing", "Chips",
    ];
    let mut table = output::table(usual.into_iter().chain(besides.into_iter().flatten()));
    for row in &standings.items {
        let Tally {
            place,
            standing,
            besides,
            missing,
        } = &row.tally;
        let numbers = [
            besides.wins.map(rounds),
            besides.bonus.map(plain),
            besides.off.map(plain),
        ];
        let cells = [
            Cell::new(place),
            name(&row.player, own),
            output::bold_cell(&standing.points.to_string()),
            Cell::new(standing.exact),
            Cell::new(standing.differences),
            Cell::new(standing.tendencies),
            Cell::new(missing),
            Cell::new(row.chips),
        ];
        let numbers = numbers.into_iter().flatten().map(Cell::new);
        table.add_row(cells.into_iter().chain(numbers));
    }
    table
}

fn plain(number: u64) -> String {
    number.to_string()
}

/// Rounds that a player has won, with two decimals where others share them.
fn rounds(parts: u64) -> String {
    let (whole, rest) = (parts / PARTS, parts % PARTS);
    match rest.saturating_mul(100) / PARTS {
        0 => whole.to_string(),
        hundredths => format!("{whole}.{hundredths:02}"),
    }
}

/// The rounds that are won, a line each.
fn won(standings: &Standings) -> anyhow::Result<()> {
    if standings
        .items
        .iter()
        .all(|row| row.tally.besides.wins.is_none())
    {
        bail!(
            "this pool does not go by rounds won: `bolao rules` says what separates equal points"
        );
    }
    if standings.won.is_empty() {
        return output::line("No round is won yet: all its matches must be final.");
    }
    let mut table = output::table(["Round", "Points", "Won by"]);
    for round in &standings.won {
        let named: Vec<String> = round
            .players
            .iter()
            .map(|it| printable(&it.shown()))
            .collect();
        let more = round.shared_by.saturating_sub(named.len());
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        table.add_row([
            Cell::new(printable(&round.stage)),
            output::bold_cell(&round.points.to_string()),
            Cell::new(format!("{}{more}", named.join(", "))),
        ]);
    }
    output::show(&table)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use serde_json::json;

    use super::*;
    use crate::view::fixtures::{account_of, player};

    fn row(place: u32, name: &str, points: u64) -> serde_json::Value {
        json!({
            "player": player(name), "place": place, "points": points, "exact": 1,
            "differences": 0, "tendencies": 2, "missing": 0, "tips": 3, "chips": 1_000,
        })
    }

    #[test]
    fn the_table() {
        let standings: Standings = serde_json::from_value(json!({
            "tip": "00", "players": 4, "scored": 3, "provisional": 1, "rests_on_provisional": true,
            "items": [row(1, "ana", 12), row(2, "Bento da Silva", 9), row(2, "eva", 9), row(4, "zé", 0)],
        }))
        .unwrap();
        insta::assert_snapshot!(output::piped(&table(&standings, Some(&account_of("eva")))));
    }

    #[test]
    fn a_name_steers_no_terminal() {
        let mut player: PlayerRef = serde_json::from_value(player("ana")).unwrap();
        player.name = Some("\u{1b}[31mana\r".to_owned());
        assert_eq!(name(&player, None).content(), "\u{fffd}[31mana\u{fffd}");
    }

    #[test]
    fn what_it_rests_on() {
        let said = |scored, provisional| {
            basis(&Basis {
                tip: String::new(),
                players: 4,
                scored,
                provisional,
                rests_on_provisional: provisional > 0,
            })
        };
        assert_eq!(said(0, 0), "No match has a result yet.");
        assert_eq!(said(1, 0), "1 match has a result, which is final.");
        assert!(said(1, 1).contains("which is provisional, so"));
        assert_eq!(said(2, 0), "2 matches have a result; all are final.");
        assert!(said(3, 1).contains("3 matches have a result; 1 is provisional"));
        assert!(said(3, 2).contains("2 are provisional"));
    }
}
