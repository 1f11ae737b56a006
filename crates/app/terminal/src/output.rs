//! Standard output: text and tables for people, JSON for programs.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
};

use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, presets};
use owo_colors::{OwoColorize as _, Stream};
use serde::Serialize;

use crate::fitting;

pub use crate::fitting::{hide, hide_empty, unbroken};

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
pub fn table<'a>(headings: impl IntoIterator<Item = &'a str>) -> Table {
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
    table.set_header(headings.into_iter().collect::<Vec<_>>());
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

/// Prints a table so that a narrow terminal has room for it. These columns can be spared, the first of them first; what is left
/// out is said below.
pub fn show_fitting(mut table: Table, spare: &[usize]) -> io::Result<()> {
    let hidden = width().map_or_else(Vec::new, |width| fitting::fit(&mut table, spare, width));
    show(&table)?;
    let Some(said) = fitting::left_out(&table, &hidden) else {
        return Ok(());
    };
    line(folded(&said, width().unwrap_or(usize::MAX)))
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

/// Gives the place where the text of a line begins: after its blanks and the dash of a list, or beside a label, which has two
/// blanks or more behind it and may be coloured.
fn beside_label(line: &str) -> usize {
    let text = line.trim_start();
    let blanks = line.chars().count() - text.chars().count();
    if text.starts_with("- ") {
        return blanks + 2;
    }
    let Some((label, rest)) = text.split_once("  ") else {
        return blanks;
    };
    let label = textwrap::core::display_width(label);
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

/// Several in a line, with something between them.
pub fn joined<T: Display>(several: impl IntoIterator<Item = T>, between: &str) -> String {
    let several = several.into_iter().map(|it| it.to_string());
    several.collect::<Vec<_>>().join(between)
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
        assert_eq!(
            folded("\u{1b}[31mNotice\u{1b}[39m  one two three", 14),
            "\u{1b}[31mNotice\u{1b}[39m  one\n        two\n        three"
        );
        assert_eq!(folded("- one two three", 9), "- one two\n  three");
        let link = "x".repeat(50);
        assert_eq!(folded(&link, 20), link);
        assert_eq!(
            broken("0.1 s  a b c", 9, "       "),
            "0.1 s  a\n       b\n       c"
        );
    }

    #[test]
    fn counts_and_hashes() {
        assert_eq!(count(1_u64, "bet", "bets"), "1 bet");
        assert_eq!(count(0_usize, "bet", "bets"), "0 bets");
        assert_eq!(short("0000abcdef123456"), "…abcdef123456");
        assert_eq!(short("abc"), "abc");
    }
}
