//! `bolao round`: the rounds, or who bet what in one of them.

use bolao_ledger::{AccountId, Points};
use bolao_node::Home;
use clap::Args;
use comfy_table::{Cell, Table};

use crate::{
    betting::{self, LOCKED},
    command::{
        matches::result,
        standings::{basis, name},
    },
    games, moves,
    output::{self, count},
    passphrase::CommonArgs,
    source::{self, Source, as_view, as_views, escape},
    time,
    view::{self, Match, MatchStatus, Matrix, MatrixCell, MatrixRow, Round},
};

/// The width of a column besides its text, lines included.
const COLUMN: usize = 3;

/// The longest code that heads a column, in characters.
const LONGEST_CODE: usize = 8;

/// Shows the rounds, or everyone's bets and points in one round
#[derive(Args, Clone, Debug)]
pub(crate) struct RoundArgs {
    /// The round, in upper or lower case
    #[arg(value_name = "NAME", num_args = 0..)]
    name: Vec<String>,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: RoundArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    match args.name.join(" ").as_str() {
        "" => all(&source, args.common.json).await,
        name => {
            let stage = games::round(&source, name).await?;
            let path = format!("/api/v1/rounds/{}/matrix", escape(&stage));
            let mut matrix = source.whole(&path).await?;
            let revealed =
                betting::reveal_matrix(home, &args.common.passphrase, &source, &mut matrix).await?;
            if args.common.json {
                return output::json(&matrix);
            }
            let mut matrix: Matrix = as_view(matrix)?;
            matrix
                .items
                .sort_by_cached_key(|row| (row.tally.place, row.player.shown().to_lowercase()));
            let own = home.profile()?.account;
            one(&matrix, own.as_ref())?;
            if !revealed && has_own_sealed(&matrix, own.as_ref()) {
                output::hint(LOCKED);
            }
            Ok(())
        }
    }
}

async fn all(source: &Source, json: bool) -> anyhow::Result<()> {
    let rounds = source.list("/api/v1/rounds", usize::MAX).await?;
    if json {
        return output::json(&rounds);
    }
    output::show(&rounds_table(&as_views::<Round>(rounds)?))?;
    output::line("`bolao round NAME` shows everyone's bets")
}

fn rounds_table(rounds: &[Round]) -> Table {
    let mut table = output::table(["Round", "From", "To", "Results", "Provisional", "Counts"]);
    for round in rounds {
        let day = |at: Option<_>| at.map_or_else(|| "not scheduled".to_owned(), time::day);
        let base = round.rule.base.short();
        let times = match round.rule.multiplier {
            1 => String::new(),
            times => format!(", {times} times"),
        };
        table.add_row([
            output::bold_cell(&round.rule.stage),
            Cell::new(day(round.first_kickoff)),
            Cell::new(day(round.last_kickoff)),
            Cell::new(format!("{} of {}", round.scored, round.matches.len())),
            Cell::new(match round.provisional {
                0 => String::new(),
                some => some.to_string(),
            }),
            Cell::new(format!("{base}{times}")),
        ]);
    }
    table
}

fn has_own_sealed(matrix: &Matrix, own: Option<&AccountId>) -> bool {
    let mut rows = matrix.items.iter();
    rows.any(|row| {
        own == Some(&row.player.account) && row.cells.iter().flatten().any(|cell| cell.sealed)
    })
}

fn one(matrix: &Matrix, own: Option<&AccountId>) -> anyhow::Result<()> {
    output::line(output::bold(&matrix.stage))?;
    output::line(basis(&matrix.basis))?;
    if matrix.items.is_empty() {
        return output::line("Nobody has joined yet.");
    }
    for table in tables(matrix, own, output::width()) {
        output::show(&table)?;
    }
    if let Some(legend) = legend(&matrix.matches) {
        output::line(output::wrapped("", "", &legend))?;
    }
    if matrix.basis.provisional > 0 {
        output::line("* rests on a result that is provisional")?;
    }
    let mut cells = matrix
        .items
        .iter()
        .flat_map(|row| row.cells.iter().flatten());
    if cells.any(is_own_sealed) {
        output::line(view::OWN_SEALED)?;
    }
    match winner(matrix) {
        Some(winner) => output::line(winner),
        None => Ok(()),
    }
}

/// The players who have won the round, or lead it.
fn winner(matrix: &Matrix) -> Option<String> {
    let best: Vec<&MatrixRow> = matrix
        .items
        .iter()
        .take_while(|row| row.tally.place == 1 && row.tally.standing.points > Points::ZERO)
        .collect();
    let points = count(best.first()?.tally.standing.points.get(), "point", "points");
    let names: Vec<String> = best.iter().map(|row| row.player.shown()).collect();
    let over = matrix
        .matches
        .iter()
        .all(|game| game.status == MatchStatus::Final);
    let verb = match (over, names.len()) {
        (true, 1) => "has won the round",
        (true, _) => "have won the round together",
        (false, 1) => "leads the round",
        (false, _) => "lead the round together",
    };
    Some(format!("{} {verb}, with {points}.", names.join(", ")))
}

/// The matrix as tables side by side in turn: each has as many matches as fit the width, the last one the totals.
fn tables(matrix: &Matrix, own: Option<&AccountId>, width: Option<usize>) -> Vec<Table> {
    let texts: Vec<Vec<String>> = matrix
        .items
        .iter()
        .map(|row| row.cells.iter().map(|tip| cell(tip.as_ref())).collect())
        .collect();
    let longest = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let names: Vec<String> = matrix.items.iter().map(|row| row.player.shown()).collect();
    let fixed = 1
        + longest(&mut names.iter().map(String::as_str)).max(4)
        + " (you)".len()
        + longest(&mut ["#", "999"].into_iter())
        + 2 * COLUMN;
    let totals = "Points".len() + COLUMN;
    let mut groups: Vec<Vec<usize>> = vec![Vec::new()];
    let mut used = fixed + totals;
    for (index, game) in matrix.matches.iter().enumerate() {
        let column = texts.iter().filter_map(|row| row.get(index));
        let heading = result(game);
        let needs = COLUMN
            + longest(&mut column.map(String::as_str))
                .max(label(game).chars().count())
                .max(heading.chars().count());
        let group_is_empty = groups.last().is_none_or(Vec::is_empty);
        if width.is_some_and(|width| used + needs > width) && !group_is_empty {
            groups.push(Vec::new());
            used = fixed + totals;
        }
        used += needs;
        if let Some(group) = groups.last_mut() {
            group.push(index);
        }
    }
    let last = groups.len().saturating_sub(1);
    let draw = |(at, group): (usize, &Vec<usize>)| {
        let games = group.iter().filter_map(|index| matrix.matches.get(*index));
        let mut table = output::table(["#", "Name"]);
        let mut headings = vec!["#".to_owned(), "Name".to_owned()];
        headings.extend(games.map(heading));
        if at == last {
            headings.push("Points".to_owned());
        }
        table.set_header(headings);
        for (row, texts) in matrix.items.iter().zip(&texts) {
            let mut cells = vec![Cell::new(row.tally.place), name(&row.player, own)];
            cells.extend(
                group
                    .iter()
                    .filter_map(|index| texts.get(*index))
                    .map(Cell::new),
            );
            if at == last {
                cells.push(output::bold_cell(&row.tally.standing.points.to_string()));
            }
            table.add_row(cells);
        }
        table
    };
    groups.iter().enumerate().map(draw).collect()
}

/// A match's code, or its number where the code is too long for a heading.
fn label(game: &Match) -> String {
    if has_long_code(game) {
        game.entry.fixture.no.to_string()
    } else {
        game.entry.fixture.code.to_string()
    }
}

fn has_long_code(game: &Match) -> bool {
    game.entry.fixture.code.chars().count() > LONGEST_CODE
}

/// The matches behind the numbers, where there are some.
fn legend(matches: &[Match]) -> Option<String> {
    let numbers = matches.iter().filter(|game| has_long_code(game));
    let named: Vec<String> = numbers
        .map(|game| format!("{} is {}", game.entry.fixture.no, game.teams()))
        .collect();
    (!named.is_empty()).then(|| format!("{}.", named.join("; ")))
}

/// A match's label, with its result below it.
fn heading(game: &Match) -> String {
    match result(game) {
        result if result.is_empty() => label(game),
        result => format!("{}\n{result}", label(game)),
    }
}

/// Whether it is sealed, and its score is shown to its owner.
fn is_own_sealed(cell: &MatrixCell) -> bool {
    cell.sealed && cell.predicted.score.is_some()
}

/// A bet with its points, such as `2-1 (4)`.
fn cell(cell: Option<&MatrixCell>) -> String {
    let Some(cell) = cell else {
        return "-".to_owned();
    };
    if is_own_sealed(cell) {
        return format!("{} (sealed)", cell.predicted);
    }
    let tip = view::score(cell.predicted.score);
    match moves::points(&cell.earned) {
        points if points.is_empty() => tip,
        points => format!("{tip} ({points})"),
    }
}

#[cfg(test)]
mod tests;
