//! Standard output: text and tables for people, JSON for programs.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
};

use comfy_table::{
    Attribute, Cell, Color, Column, ColumnConstraint, ContentArrangement, Table, Width, presets,
};
use owo_colors::{OwoColorize as _, Stream};
use serde::Serialize;

/// The longest label before a text, in characters.
const LONGEST_LABEL: usize = 12;

/// Prints a line of [`format_args!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __line {
    ($($text:tt)*) => { $crate::output::line(format_args!($($text)*)) };
}
pub use __line as line;

/// Prints a hint of [`format_args!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __hint {
    ($($text:tt)*) => { $crate::output::hint(format_args!($($text)*)) };
}
pub use __hint as hint;

/// Prints a line.
pub fn line(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Prints the beginning of a line, which an answer follows.
pub fn prompt(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "{text}")?;
    out.flush()
}

/// Prints a value as JSON, indented.
pub fn json(value: &impl Serialize) -> io::Result<()> {
    line(serde_json::to_string_pretty(value)?)
}

/// Prints a hint on the error stream, so that programs that read the output do not see it.
pub fn hint(text: impl Display) {
    // If this fails, nobody reads it.
    let _ = writeln!(io::stderr(), "{text}");
}

/// A table: with lines on a terminal, columns apart from each other elsewhere.
pub fn table<const COLUMNS: usize>(headings: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    if io::stdout().is_terminal() {
        table
            .load_style(presets::UTF8_FULL_CONDENSED)
            .set_content_arrangement(ContentArrangement::Dynamic);
        // A terminal that does not know its width says 0.
        if table.width() == Some(0) {
            table.set_width(80);
        }
        if let (false, Some(width)) = (has_colours(), table.width()) {
            table.set_width(width).force_no_tty();
        }
    } else {
        table.load_style(presets::NOTHING).force_no_tty();
    }
    table.set_header(headings);
    table
}

/// Whether the terminal, the user and the environment want colours.
fn has_colours() -> bool {
    let plain = "x";
    plain
        .if_supports_color(Stream::Stdout, |text| text.bold())
        .to_string()
        != plain
}

/// A cell in bold.
pub fn bold_cell(text: &str) -> Cell {
    Cell::new(text).add_attribute(Attribute::Bold)
}

/// A cell in green.
pub fn good_cell(text: &str) -> Cell {
    Cell::new(text).fg(Color::Green)
}

/// The terminal's width in columns, if the output goes to one.
pub fn width() -> Option<usize> {
    let width = Table::new()
        .width()
        .filter(|width| *width > 0 && io::stdout().is_terminal());
    width.map(usize::from)
}

/// Prints a table without spaces at the ends of lines.
pub fn show(table: &Table) -> io::Result<()> {
    line(table.trim_fmt())
}

/// Keeps the cells of a column on one line each.
pub fn unbroken(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
}

/// Prints a table so that no word is broken on a narrow terminal, if that can be. Where nothing else helps, the column
/// `spare` of long codes is left out, for which the matches' numbers do.
pub fn show_fitting(mut table: Table, spare: usize) -> io::Result<()> {
    let hidden = width().is_some_and(|width| fit(&mut table, spare, width));
    show(&table)?;
    if hidden {
        line("Codes are left out, since the terminal is narrow: a match's number does as well.")?;
    }
    Ok(())
}

/// Gives each column the width of its longest word; whether `spare` had to be hidden for that.
fn fit(table: &mut Table, spare: usize, width: usize) -> bool {
    let words: Vec<usize> = (0..table.column_count())
        .map(|column| match table.column(column) {
            Some(column) if column.is_hidden() => 0,
            Some(it) if is_unbroken(it) => longest(table, column, |text| vec![text]),
            _ => longest(table, column, |text| text.split_whitespace().collect()),
        })
        .collect();
    // Blanks on both sides and a line.
    let needs = |hidden: Option<usize>| {
        let shown = words.iter().enumerate();
        shown
            .filter(|(column, word)| **word > 0 && Some(*column) != hidden)
            .fold(1, |sum, (_, word)| sum + word + 3)
    };
    let hidden = (needs(None) > width).then_some(spare);
    if needs(hidden) > width {
        return false;
    }
    for (at, (column, word)) in table.column_iter_mut().zip(&words).enumerate() {
        if hidden == Some(at) {
            column.set_constraint(ColumnConstraint::Hidden);
        } else if !is_unbroken(column)
            && let (1.., Ok(word)) = (*word, u16::try_from(word + 2))
        {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(word)));
        }
    }
    hidden.is_some()
}

fn is_unbroken(column: &Column) -> bool {
    column.constraint() == Some(&ColumnConstraint::ContentWidth)
}

/// The longest of the parts that a column's cells have.
fn longest(table: &Table, column: usize, parts: impl Fn(&str) -> Vec<&str>) -> usize {
    let rows = table.header().into_iter().chain(table.row_iter());
    let cells = rows.filter_map(|row| row.cell_iter().nth(column));
    let longest = |cell: &Cell| {
        let text = cell.content();
        let parts = parts(&text).into_iter().map(|part| part.chars().count());
        parts.max().unwrap_or(0)
    };
    cells.map(longest).max().unwrap_or(0)
}

/// A text on as many lines as the terminal's width asks for, broken at blanks; elsewhere on one.
pub fn wrapped(first: &str, others: &str, text: &str) -> String {
    let options = textwrap::Options::new(width().unwrap_or(usize::MAX))
        .initial_indent(first)
        .subsequent_indent(others)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// A text whose lines are broken at blanks where they are wider than so many columns; a command between backticks stays
/// whole, so that it can be copied.
pub fn folded(text: &str, width: usize) -> String {
    let lines = text
        .split('\n')
        .map(|line| broken(line, width, &" ".repeat(beside_label(line))));
    lines.collect::<Vec<_>>().join("\n")
}

/// Where the text of a line begins: after its blanks, or beside a label, which has two blanks or more behind it.
fn beside_label(line: &str) -> usize {
    let text = line.trim_start();
    let blanks = line.chars().count() - text.chars().count();
    let Some((label, rest)) = text.split_once("  ") else {
        return blanks;
    };
    let label = label.chars().count();
    if label > LONGEST_LABEL {
        return blanks;
    }
    let more = rest.chars().take_while(|c| *c == ' ').count();
    blanks + label + 2 + more
}

/// A line that is broken so, with a text before what goes on.
pub fn broken(line: &str, width: usize, before_rest: &str) -> String {
    if textwrap::core::display_width(line) <= width {
        return line.to_owned();
    }
    let pieces = line.split('`').enumerate();
    let whole: Vec<String> = pieces
        .map(|(at, piece)| match at % 2 {
            0 => piece.to_owned(),
            _ => piece.replace(' ', "\u{a0}"),
        })
        .collect();
    let options = textwrap::Options::new(width)
        .subsequent_indent(before_rest)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(&whole.join("`"), options).replace('\u{a0}', " ")
}

/// Bold, where colours are.
pub fn bold(text: &str) -> String {
    text.if_supports_color(Stream::Stdout, |text| text.bold())
        .to_string()
}

/// Green, where colours are.
pub fn good(text: &str) -> String {
    text.if_supports_color(Stream::Stdout, |text| text.green())
        .to_string()
}

/// Red, where colours are.
pub fn bad(text: &str) -> String {
    text.if_supports_color(Stream::Stdout, |text| text.red())
        .to_string()
}

/// A hash as people compare it: its last digits, since the first are zeros.
pub fn short(hash: &str) -> String {
    let skipped = hash.chars().count().saturating_sub(12);
    if skipped == 0 {
        hash.to_owned()
    } else {
        format!("…{}", hash.chars().skip(skipped).collect::<String>())
    }
}

/// A hash in a table: short where people read it, whole where programs do.
pub fn fitting(hash: &str) -> String {
    if io::stdout().is_terminal() {
        short(hash)
    } else {
        hash.to_owned()
    }
}

/// `1 match`, `2 matches`.
pub fn count(number: impl TryInto<u64>, one: &str, many: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_at_blanks_and_commands_stay_whole() {
        let text = "short\n  one two `bolao wallet words --home a` three";
        assert_eq!(
            folded(text, 20),
            "short\n  one two\n  `bolao wallet words --home a`\n  three"
        );
        assert_eq!(
            folded("Rules   sealed bets, points", 20),
            "Rules   sealed bets,\n        points"
        );
        let link = "x".repeat(50);
        assert_eq!(folded(&link, 20), link);
        assert_eq!(
            broken("0.1 s  a b c", 9, "       "),
            "0.1 s  a\n       b\n       c"
        );
    }

    #[test]
    fn words_stay_whole_where_that_can_be() {
        let long = || {
            let mut table = Table::new();
            table.load_style(presets::UTF8_FULL_CONDENSED);
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.force_no_tty();
            table.set_header(["No", "Code", "Match", "Kick-off", "Status"]);
            table.add_row([
                "1",
                "MD1-BorussiaMon-Wolverhampt-b5gp",
                "Borussia Mönchengladbach – Wolverhampton Wanderers",
                "Thu 12 Sep 20:45",
                "open, 2 days",
            ]);
            table
        };
        for (width, hides) in [(200, false), (80, false), (60, true)] {
            let mut table = long();
            table.set_width(width);
            assert_eq!(fit(&mut table, 1, width.into()), hides, "{width}");
            let shown = table.trim_fmt();
            assert!(shown.contains("Mönchengladbach"), "{shown}");
            assert!(shown.contains("Wolverhampton"), "{shown}");
            assert_eq!(shown.contains("b5gp"), !hides, "{shown}");
            let widest = shown.lines().map(|line| line.chars().count()).max();
            assert!(
                widest.is_some_and(|widest| widest <= width.into()),
                "{shown}"
            );
        }
        assert!(!fit(&mut long(), 1, 20));

        let mut times = long();
        unbroken(&mut times, 3);
        times.set_width(80);
        assert!(fit(&mut times, 1, 80));
        let shown = times.trim_fmt();
        assert!(shown.contains("Thu 12 Sep 20:45"), "{shown}");
        let widest = shown.lines().map(|line| line.chars().count()).max();
        assert!(widest.is_some_and(|widest| widest <= 80), "{shown}");
    }

    #[test]
    fn counts_and_hashes() {
        assert_eq!(count(1_u64, "bet", "bets"), "1 bet");
        assert_eq!(count(0_usize, "bet", "bets"), "0 bets");
        assert_eq!(short("0000abcdef123456"), "…abcdef123456");
        assert_eq!(short("abc"), "abc");
    }
}
