//! Standard output: text and tables for people, JSON for programs.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
};

use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, presets};
use owo_colors::{OwoColorize as _, Stream};
use serde::Serialize;

/// Prints a line.
pub(crate) fn line(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Prints the beginning of a line, which an answer follows.
pub(crate) fn prompt(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "{text}")?;
    out.flush()
}

/// Prints a value as JSON, indented.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    Ok(line(text)?)
}

/// Prints a hint on the error stream, so that programs that read the output do not see it.
pub(crate) fn hint(text: impl Display) {
    // Nobody is left to be told if this fails.
    let _ = writeln!(io::stderr(), "{text}");
}

/// A table: with lines on a terminal, columns apart from each other elsewhere.
pub(crate) fn table<const COLUMNS: usize>(headings: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    if io::stdout().is_terminal() {
        table
            .load_style(presets::UTF8_FULL_CONDENSED)
            .set_content_arrangement(ContentArrangement::Dynamic);
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
pub(crate) fn bold_cell(text: &str) -> Cell {
    Cell::new(text).add_attribute(Attribute::Bold)
}

/// A cell in green.
pub(crate) fn good_cell(text: &str) -> Cell {
    Cell::new(text).fg(Color::Green)
}

/// The terminal's width in columns, if the output goes to one.
pub(crate) fn width() -> Option<usize> {
    let width = Table::new().width().filter(|_| io::stdout().is_terminal());
    width.map(usize::from)
}

/// The lines of a table as a pipe gets them, for tests.
#[cfg(test)]
pub(crate) fn piped(table: &Table) -> String {
    let mut table = table.clone();
    table.load_style(presets::NOTHING).force_no_tty();
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.trim_fmt()
}

/// The lines of a table as a terminal gets them that is wide enough, for tests.
#[cfg(test)]
pub(crate) fn framed(table: &Table) -> String {
    let mut table = table.clone();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .force_no_tty();
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.trim_fmt()
}

/// Prints a table without spaces at the ends of lines.
pub(crate) fn show(table: &Table) -> io::Result<()> {
    line(table.trim_fmt())
}

/// Bold, where colours are.
pub(crate) fn bold(text: &str) -> String {
    text.if_supports_color(Stream::Stdout, |text| text.bold())
        .to_string()
}

/// Green, where colours are.
pub(crate) fn good(text: &str) -> String {
    text.if_supports_color(Stream::Stdout, |text| text.green())
        .to_string()
}

/// Red, where colours are.
pub(crate) fn bad(text: &str) -> String {
    text.if_supports_color(Stream::Stdout, |text| text.red())
        .to_string()
}

/// A hash as people compare it: its last digits, since the first are zeros.
pub(crate) fn short(hash: &str) -> String {
    let skipped = hash.chars().count().saturating_sub(12);
    if skipped == 0 {
        hash.to_owned()
    } else {
        format!("…{}", hash.chars().skip(skipped).collect::<String>())
    }
}

/// A hash in a table: short where people read it, whole where programs do.
pub(crate) fn fitting(hash: &str) -> String {
    if io::stdout().is_terminal() {
        short(hash)
    } else {
        hash.to_owned()
    }
}

/// `1 match`, `2 matches`.
pub(crate) fn count(number: impl TryInto<u64>, one: &str, many: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_hashes() {
        assert_eq!(count(1_u64, "bet", "bets"), "1 bet");
        assert_eq!(count(0_usize, "bet", "bets"), "0 bets");
        assert_eq!(short("0000abcdef123456"), "…abcdef123456");
        assert_eq!(short("abc"), "abc");
    }
}
