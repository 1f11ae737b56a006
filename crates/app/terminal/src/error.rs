//! Errors as people read them: one sentence, in which nothing steers the terminal.

use std::{error::Error, io};

use bolao_ledger::is_invisible;

/// The longest word that an error tells, in characters: a path or a link may be long.
const LONGEST_WORD: usize = 400;
/// The length of what is left of a longer word, in characters.
const WORD_LEFT: usize = 60;
/// The longest error, in characters.
const LONGEST_TEXT: usize = 4_000;

/// A mistake in the command line that clap cannot see; ends with status 2, as clap's own do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// A text without words that no screen holds, such as an argument that was pasted by mistake.
pub fn brief(text: &str) -> String {
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

/// A text in which nothing steers the terminal: somebody else may have written a part of an error.
pub fn printable(text: &str) -> String {
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

/// An error with its causes on one line; causes that the text above them quotes already are left out. A full disk's says what
/// to do.
pub fn sentence(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    let mut is_full = false;
    while let Some(error) = next {
        next = error.source();
        is_full |= error.downcast_ref::<io::Error>().is_some_and(no_room);
        let cause = without_inner_words(without_numbers(error.to_string()));
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    if is_full && !text.contains("make room") {
        text.push_str(": make room on that disk, and try again");
    }
    text
}

/// Whether there is no room for what was to be written.
fn no_room(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

/// A text without the numbers that systems have for their errors, whose words stand before them.
fn without_numbers(mut text: String) -> String {
    const BEGIN: &str = " (os error ";
    while let Some(at) = text.find(BEGIN)
        && let Some(length) = text.get(at..).and_then(|rest| rest.find(')'))
    {
        text.replace_range(at..=at + length, "");
    }
    text
}

/// The words of libraries, each with what people know it as.
const INNER_WORDS: [(&str, &str); 18] = [
    ("EOF while parsing a value", "it is empty or cut off,"),
    ("EOF while parsing an object", "it is cut off,"),
    ("EOF while parsing a list", "it is cut off,"),
    ("EOF while parsing a string", "it is cut off,"),
    ("invalid type: ", "got "),
    ("invalid value: ", "got "),
    ("unknown variant ", "got "),
    ("expected one of ", "wanted one of "),
    ("expected u8", "wanted a whole number"),
    ("expected u16", "wanted a whole number"),
    ("expected u32", "wanted a whole number"),
    ("expected u64", "wanted a whole number"),
    ("expected usize", "wanted a whole number"),
    ("expected value", "wanted a value"),
    ("expected a ", "wanted a "),
    ("expected `", "wanted `"),
    ("entity not found", "there is no such file"),
    (
        "cannot make an empty path absolute",
        "the path is empty: give one",
    ),
];

fn without_inner_words(text: String) -> String {
    let words = INNER_WORDS.iter();
    words.fold(text, |text, (inner, known)| {
        if text.contains(inner) {
            text.replace(inner, known)
        } else {
            text
        }
    })
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
        let shown = brief(&long);
        assert!(
            shown.len() < 100 && shown.ends_with("is no score"),
            "{shown}"
        );
        assert!(brief(&"ab ".repeat(5_000)).chars().count() <= LONGEST_TEXT + 1);
        let path = format!("cannot read /{}/x", "d/".repeat(150));
        assert_eq!(brief(&path), path);
    }

    #[test]
    fn causes_are_named_once() {
        let error = anyhow!("no such file").context("cannot read x: no such file");
        assert_eq!(sentence(error.as_ref()), "cannot read x: no such file");
        let error = io::Error::from_raw_os_error(13);
        assert_eq!(sentence(&error), "Permission denied");
        let full = anyhow::Error::from(io::Error::from_raw_os_error(28)).context("cannot write x");
        assert_eq!(
            sentence(full.as_ref()),
            "cannot write x: No space left on device: make room on that disk, and try again"
        );
        let error = anyhow!("no such file").context("cannot read x");
        assert_eq!(sentence(error.as_ref()), "cannot read x: no such file");
    }

    #[test]
    fn no_inner_words() {
        for (inner, said) in [
            (
                "EOF while parsing a value at line 1 column 0",
                "it is empty or cut off, at line 1 column 0",
            ),
            (
                "line 1: invalid type: string \"x\", expected u64",
                "line 1: got string \"x\", wanted a whole number",
            ),
            (
                "unknown variant `luck`, expected one of `classic`, `exact`",
                "got `luck`, wanted one of `classic`, `exact`",
            ),
            ("entity not found", "there is no such file"),
            (
                "cannot make an empty path absolute",
                "the path is empty: give one",
            ),
        ] {
            assert_eq!(sentence(anyhow!(inner).as_ref()), said);
        }
    }
}
