//! Standard output: text and tables for people, JSON for programs.

use std::fmt::Display;

use comfy_table::Table;
use serde::Serialize;

use crate::home;
use bolao_terminal::output as terminal;
pub(crate) use bolao_terminal::output::*;

macro_rules! line_of {
    ($($text:tt)*) => { $crate::output::line(format_args!($($text)*)) };
}
pub(crate) use line_of as line;

macro_rules! hint_of {
    ($($text:tt)*) => { $crate::output::hint(format_args!($($text)*)) };
}
pub(crate) use hint_of as hint;

/// Prints a line.
pub(crate) fn line(text: impl Display) -> anyhow::Result<()> {
    Ok(terminal::line(fitted(&text.to_string()))?)
}

macro_rules! say_of {
    ($($text:tt)*) => { $crate::output::say(format_args!($($text)*)) };
}
pub(crate) use say_of as say;

/// Prints a line for people, where no JSON is wanted.
pub(crate) fn say(text: impl Display) -> anyhow::Result<()> {
    if wants_json() {
        return Ok(());
    }
    line(text)
}

/// Whether the command line asks for JSON; it may be one that cannot be read otherwise.
pub(crate) fn wants_json() -> bool {
    std::env::args_os().any(|word| word == "--json")
}

/// Prints a line as it is, for programs.
pub(crate) fn raw(text: impl Display) -> anyhow::Result<()> {
    Ok(terminal::line(text)?)
}

/// A text with its commands as they are to be typed here, on as many lines as the terminal's width asks for.
fn fitted(text: &str) -> String {
    let text = home::spelled(text);
    match width() {
        Some(width) => terminal::folded(&text, width),
        None => text,
    }
}

/// Prints a hint on the error stream, so that programs that read the output do not see it.
pub(crate) fn hint(text: impl Display) {
    terminal::hint(fitted(&text.to_string()));
}

/// A word of a command as a shell reads it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Prints a value as JSON, indented.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(terminal::json(value)?)
}

/// Prints a table.
pub(crate) fn show(table: &Table) -> anyhow::Result<()> {
    Ok(terminal::show(table)?)
}

#[cfg(test)]
pub(crate) use in_tests::{framed, piped};

#[cfg(test)]
mod in_tests {
    use comfy_table::{ContentArrangement, Table, presets};

    /// The lines of a table as a pipe gets them, for tests.
    pub(crate) fn piped(table: &Table) -> String {
        let mut table = table.clone();
        table.load_style(presets::NOTHING).force_no_tty();
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.trim_fmt()
    }

    /// The lines of a table as a terminal gets them that is wide enough, for tests.
    pub(crate) fn framed(table: &Table) -> String {
        let mut table = table.clone();
        table
            .load_style(presets::UTF8_FULL_CONDENSED)
            .force_no_tty();
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.trim_fmt()
    }
}

#[cfg(test)]
mod quoting {
    use super::quoted;

    #[test]
    fn a_shell_reads_a_word_as_it_is() {
        assert_eq!(quoted("/tmp/our-cup.tar"), "/tmp/our-cup.tar");
        assert_eq!(quoted("$(id)"), "'$(id)'");
        assert_eq!(quoted("it's mine"), r"'it'\''s mine'");
        assert_eq!(quoted(""), "''");
    }
}
