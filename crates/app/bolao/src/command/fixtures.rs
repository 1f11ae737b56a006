//! `bolao fixtures`: what a file of fixtures holds, and what is odd about it.

use std::{collections::BTreeMap, path::PathBuf};

use bolao_fixtures::{Competition, Fixture, Status};
use clap::Args;
use comfy_table::{Cell, Table};
use jiff::{civil::Date, tz::TimeZone};

use crate::{
    imported::{self, Place, ReadingArgs},
    output::{self, count},
    time, whole,
};

/// The columns that may be hidden.
const CODE: usize = 1;
const ROUND: usize = 4;
const SCORE: usize = 5;
const DOUBT: usize = 6;

/// Shows the matches in a file, and anything odd about them, before you make a pool of it
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "A competition is named by its code, such as en.1.2026-27 (`bolao competitions`). Files: openfootball's JSON and Football.TXT, OpenLigaDB's JSON, iCalendar (.ics), spreadsheets (.xlsx, .ods) in which one sheet is a table, and tables: CSV with commas, semicolons or tabs, with or without a first line that names the columns (Date,Time,Home,Away,Round,Result), a table pasted from a page, or lines such as `14 June 2030 19:00 Portugal v Spain`."
)]
pub(crate) struct FixturesArgs {
    /// A competition's code, a file, its URL, or - to paste a list (end it with Ctrl-D)
    place: Place,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Writes the matches to a JSON file, with their current codes and times
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Replaces an existing file
    #[arg(long, requires = "write")]
    force: bool,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: FixturesArgs) -> anyhow::Result<()> {
    let competition = imported::read(&args.place, &args.reading).await?;
    let odd = imported::odd(&competition, &args.reading.day_zone(&args.place));
    // What no pool could be made of is an error here, too.
    imported::fixtures(&competition, time::now())?;
    if let Some(path) = &args.write {
        let text = bolao_fixtures::json(&competition, &args.reading.day_zone(&args.place));
        whole::write(path, text.as_bytes(), args.force)?;
    }
    if args.json {
        return output::json(&imported::shown(
            &competition,
            &args.reading.day_zone(&args.place),
        ));
    }
    let (zone, whose) = time::chosen(args.reading.zone_at(&args.place).as_ref());
    output::show_fitting(table(&competition, &zone), &[CODE, ROUND])?;
    let rounds = rounds(&competition);
    output::line!(
        "{}: {} in {}; times of {}",
        competition.name,
        count(competition.matches.len(), "match", "matches"),
        count(rounds.len(), "round", "rounds"),
        whose
    )?;
    if rounds.len() > 1 {
        output::line(output::wrapped("", "", &rounds.join(", ")))?;
    }
    imported::warn(&competition);
    for odd in odd {
        output::hint!("odd: {odd}");
    }
    if let Some(path) = &args.write {
        output::line!("Written to {}.", path.display())?;
    }
    Ok(())
}

/// Each round with the number of its matches, in the file's order.
fn rounds(competition: &Competition) -> Vec<String> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut order = Vec::new();
    for game in &competition.matches {
        let round = round(game);
        let number = numbers.entry(round).or_default();
        if *number == 0 {
            order.push(round);
        }
        *number += 1;
    }
    let number = |round: &str| numbers.get(round).copied().unwrap_or_default();
    let named = order.iter();
    named.map(|it| format!("{it} ({})", number(it))).collect()
}

fn round(game: &Fixture) -> &str {
    game.round.as_deref().unwrap_or(&game.stage)
}

fn table(competition: &Competition, zone: &TimeZone) -> Table {
    let mut table = output::table(["No", "Code", "Kick-off", "Match", "Round", "Score", "Doubt"]);
    let is_doubtful = |code: &str| competition.warnings.iter().any(|it| it.code == code);
    for (number, game) in (1..).zip(&competition.matches) {
        let day = |date: Date| date.strftime("%a %-d %b %Y").to_string();
        let kickoff = imported::kickoff(game)
            .map(|at| time::short_in(at, zone.clone()))
            .or_else(|| game.date.map(day));
        let kickoff = match game.status {
            Status::Cancelled => "cancelled".to_owned(),
            Status::Postponed => "postponed".to_owned(),
            _ => kickoff.unwrap_or_else(|| "not scheduled".to_owned()),
        };
        let score = game.proposal.and_then(|it| it.ft);
        table.add_row([
            Cell::new(number),
            output::bold_cell(&game.code),
            Cell::new(kickoff),
            Cell::new(format!("{} – {}", game.home, game.away)),
            Cell::new(round(game)),
            Cell::new(score.map_or_else(String::new, |[home, away]| format!("{home}-{away}"))),
            Cell::new(if is_doubtful(&game.code) {
                "see below"
            } else {
                ""
            }),
        ]);
    }
    output::hide_empty(&mut table, &[SCORE, DOUBT]);
    table
}
