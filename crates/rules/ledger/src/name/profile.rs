//! The Nickname profile of PRECIS (RFC 8266).
//!
//! It is written anew since `precis-profiles` and what it needs would be an eighth of what a page loads. Tests compare the two. They
//! differ in one thing: joiners (U+200C, U+200D), which do not show, are refused wherever they stand.

use thiserror::Error;

use super::{
    characters::{ALLOWED, GREEK, HEBREW, JAPANESE, MARKS, is_in},
    normal::nfkc,
};

/// Why a text is no nickname.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum Wrong {
    #[error("it is empty")]
    Empty,
    #[error("it holds {:?}", .0)]
    Character(char),
    #[error("its form is not stable")]
    Unstable,
}

/// The text as it is kept (RFC 8266 §2.3).
pub(super) fn enforced(text: &str) -> Result<String, Wrong> {
    stable(text, &|text| {
        prepared(text)?;
        let text = nfkc(&spaced(text));
        if text.is_empty() {
            return Err(Wrong::Empty);
        }
        Ok(text)
    })
}

/// The text that is compared (§2.4).
pub(super) fn folded(text: &str) -> Result<String, Wrong> {
    prepared(text)?;
    stable(text, &|text| Ok(nfkc(&small(&spaced(text)))))
}

/// Whether a character belongs on a letter before it.
pub(super) fn is_mark(character: char) -> bool {
    is_in(MARKS, character)
}

/// §2.1: only characters of the Freeform class, each where it may stand.
fn prepared(text: &str) -> Result<(), Wrong> {
    if text.is_empty() {
        return Err(Wrong::Empty);
    }
    let mut before = None;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if !is_in(ALLOWED, character) && !may_stand(text, before, character, rest.clone().next()) {
            return Err(Wrong::Character(character));
        }
        before = Some(character);
    }
    Ok(())
}

/// Characters that are allowed beside others (RFC 5892, A.3 to A.9).
fn may_stand(text: &str, before: Option<char>, character: char, after: Option<char>) -> bool {
    let is_before = |table| before.is_some_and(|before| is_in(table, before));
    let has = |digits: std::ops::RangeInclusive<char>| text.chars().any(|c| digits.contains(&c));
    match character {
        '\u{b7}' => before == Some('l') && after == Some('l'),
        '\u{375}' => after.is_some_and(|after| after == character || is_in(GREEK, after)),
        '\u{5f3}' | '\u{5f4}' => matches!(before, Some('\u{5f3}' | '\u{5f4}')) || is_before(HEBREW),
        '\u{30fb}' => text.chars().any(|c| is_in(JAPANESE, c)),
        '\u{660}'..='\u{669}' => !has('\u{6f0}'..='\u{6f9}'),
        '\u{6f0}'..='\u{6f9}' => !has('\u{660}'..='\u{669}'),
        _ => false,
    }
}

/// Every space is U+0020; none stands at an end or beside another.
fn spaced(text: &str) -> String {
    let is_space = |c| {
        matches!(
            c,
            ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
                ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
        )
    };
    let words = text.split(is_space).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Small letters, from the first capital on.
fn small(text: &str) -> String {
    let first = text.find(char::is_uppercase).unwrap_or(text.len());
    let (before, rest) = text.split_at(first);
    let mut small = before.to_owned();
    for character in rest.chars() {
        if character.is_lowercase() {
            small.push(character);
        } else {
            small.extend(character.to_lowercase());
        }
    }
    small
}

/// Repeats a step until it leaves the text as it is, at most three times.
fn stable(text: &str, step: &dyn Fn(&str) -> Result<String, Wrong>) -> Result<String, Wrong> {
    let mut text = text.to_owned();
    for _ in 0..3 {
        let next = step(&text)?;
        if next == text {
            return Ok(text);
        }
        text = next;
    }
    Err(Wrong::Unstable)
}
