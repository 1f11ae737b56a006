//! How a failure is told: one sentence and a status.

use std::{
    fmt,
    io::{self, Write as _},
    process::ExitCode,
};

use bolao_ledger::is_invisible;
use owo_colors::{OwoColorize as _, Stream};

/// The longest word that an error tells, in characters: a path or a link may be long.
const LONGEST_WORD: usize = 400;
/// What is left of a longer one.
const WORD_LEFT: usize = 60;
/// The longest error, in characters.
const LONGEST_TEXT: usize = 4_000;

/// A mistake in the command line that clap cannot see; ends with status 2, as clap's own do.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// A [`Usage`] error.
pub(crate) fn usage(text: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Usage(text.into()))
}

/// Prints an error and gives the status to end with. A reader that has gone, such as `head`, is no error.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let gone = error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    });
    if gone {
        return ExitCode::SUCCESS;
    }
    let label = "error:";
    // Nobody is left to be told if this fails.
    let _ = writeln!(
        io::stderr(),
        "{} {}",
        label.if_supports_color(Stream::Stderr, |text| text.red()),
        brief(&printable(&sentence(error)))
    );
    ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
}

/// A text without words that no screen holds, such as an argument that was pasted by mistake.
pub(crate) fn brief(text: &str) -> String {
    let shorter: Vec<String> = text
        .split(' ')
        .map(|word| shortened(word, LONGEST_WORD, WORD_LEFT))
        .collect();
    shortened(&shorter.join(" "), LONGEST_TEXT, LONGEST_TEXT)
}

/// A text of at most `most` characters; of a longer one, the first `left`.
fn shortened(text: &str, most: usize, left: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    text.chars().take(left).chain(['…']).collect()
}

/// A text in which nothing steers the terminal: what a stranger wrote may stand in an error.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if is_invisible(c) && !matches!(c, '\u{fe0e}' | '\u{fe0f}') {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}

/// Tells a fault of the program's own in a sentence; the trace comes for whoever asks with `RUST_BACKTRACE=1`.
pub(crate) fn tell_panics_briefly() {
    let full = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|wanted| wanted != "0") {
            full(info);
            return;
        }
        let place = info
            .location()
            .map_or_else(String::new, |place| format!(" at {place}"));
        let _ = writeln!(
            io::stderr(),
            "error: a fault in bolao or a damaged store{place}: run `bolao audit`, then `bolao reindex`; \
             RUST_BACKTRACE=1 shows more for a report"
        );
    }));
}

/// An error with its causes on one line; causes that the text above them quotes already are left out.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn nothing_in_an_error_steers_the_terminal() {
        let shown = printable("unknown field \u{1b}]0;pwned\u{7}\u{202e}x");
        assert!(
            !shown.contains(['\u{1b}', '\u{7}', '\u{202e}']),
            "{shown:?}"
        );
        assert!(shown.contains("pwned"));
    }

    #[test]
    fn long_words_and_texts_are_cut() {
        let long = format!("`{}` is no score", "x".repeat(5_000));
        let told = brief(&long);
        assert!(told.len() < 100 && told.ends_with("is no score"), "{told}");
        assert!(brief(&"ab ".repeat(5_000)).chars().count() <= LONGEST_TEXT + 1);
        let path = format!("cannot read /{}/x", "d/".repeat(150));
        assert_eq!(brief(&path), path);
    }

    #[test]
    fn causes_are_told_once() {
        let error = anyhow!("no such file").context("cannot read x: no such file");
        assert_eq!(sentence(&error), "cannot read x: no such file");
        let error = anyhow!("no such file").context("cannot read x");
        assert_eq!(sentence(&error), "cannot read x: no such file");
    }
}
