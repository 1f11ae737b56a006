//! Names that somebody may have meant by one that nobody has.

use anyhow::bail;
use bolao_fixtures::team_key;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use crate::{
    source::{ApiError, Source},
    view::Player,
};

/// The most names that are proposed.
const PROPOSED: usize = 3;
/// The most of what is there that an error names.
const NAMED: usize = 8;

/// A name as it is compared with what somebody typed: letters and digits alone, in lower case and without accents.
pub(crate) fn plain(name: &str) -> String {
    // Full-width and mathematical letters are nobody's beginning of a name.
    let usual: String = name.chars().filter(|c| !is_disguised(*c)).collect();
    let letters = deunicode::deunicode(&usual);
    let letters = letters.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a sign stands for a plain letter or digit that it is not: enclosed, mathematical, full-width.
const fn is_disguised(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f100}'..='\u{1f1e5}')
}

/// The first few of what is there, and which command shows the rest.
pub(crate) fn some(mut known: Vec<String>, all: &str) -> String {
    let more = known.len().saturating_sub(NAMED);
    known.truncate(NAMED);
    let known = known.join(", ");
    if more > 0 {
        format!("{known} and {more} more, see `{all}`")
    } else {
        known
    }
}

/// The question whether one of the known names was meant, behind a sentence; nothing if none is like the one that was typed.
pub(crate) fn did_you_mean<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let typed = plain(typed);
    // A whole name, or one word of it: Getafe for Getafe CF.
    let near = |name: &str| {
        let whole_and_words = std::iter::once(name).chain(name.split_whitespace());
        let near = whole_and_words.filter_map(|name| {
            let name = plain(name);
            let slips = strsim::osa_distance(&name, &typed);
            let begins = typed.len() > 1 && name.starts_with(&typed);
            // One letter of four may be wrong: Porugal, but not Spain for Japan.
            (begins || slips <= typed.len() / 4).then_some(slips)
        });
        near.min()
    };
    let mut found: Vec<(usize, &str)> = { known.into_iter() }
        .filter_map(|name| Some((near(name)?, name)))
        .collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(PROPOSED);
    let found: Vec<&str> = found.into_iter().map(|(_, name)| name).collect();
    (!found.is_empty()).then(|| format!(" Did you mean {}?", found.join(" or ")))
}

/// The one of several that somebody names: just so, else in any case, as lists write a team, or by its beginning. What may be several
/// is none. The errors say what it is, and name those that are near or, with the command that lists `all`, those there are.
pub(crate) fn one<'t, T>(
    several: &'t [T],
    name: impl Fn(&T) -> &str,
    typed: &str,
    what: &str,
    all: &str,
) -> anyhow::Result<&'t T> {
    let (words, key) = (plain(typed), team_key(typed));
    let ways: [&dyn Fn(&str) -> bool; 4] = [
        &|name| name == typed,
        &|name| !words.is_empty() && plain(name) == words,
        &|name| team_key(name) == key,
        &|name| !words.is_empty() && plain(name).starts_with(&words),
    ];
    let names = |found: &[&T]| some(found.iter().map(|it| name(it).to_owned()).collect(), all);
    for is_meant in ways {
        let meant: Vec<&T> = several.iter().filter(|it| is_meant(name(it))).collect();
        match meant.as_slice() {
            [] => {}
            [one] => return Ok(one),
            several => bail!(
                "`{typed}` may be {}: write out the one you mean",
                names(several)
            ),
        }
    }
    if let Some(meant) = did_you_mean(typed, several.iter().map(&name)) {
        bail!("no {what} `{typed}`.{meant}");
    }
    let there = match several {
        [] => "none yet".to_owned(),
        several => names(&several.iter().collect::<Vec<_>>()),
    };
    bail!("no {what} `{typed}`: there are {there}")
}

/// Whether the node answers that there is nothing of a name.
pub(crate) fn is_unknown(error: &anyhow::Error) -> bool {
    let answer = error.downcast_ref::<ApiError>();
    answer.is_some_and(|it| it.status == StatusCode::NOT_FOUND)
}

/// The node's answer that nobody has a name, with the players who may be meant.
pub(crate) async fn player(
    source: &Source,
    typed: &str,
    mut error: anyhow::Error,
) -> anyhow::Error {
    if is_unknown(&error)
        && let Some(answer) = error.downcast_mut::<ApiError>()
    {
        let players: Vec<Player> = source.all("/api/v1/players").await.unwrap_or_default();
        let names = players.iter().map(|player| player.entry.name.as_str());
        if let Some(meant) = did_you_mean(typed, names) {
            answer.detail = format!("no player called `{typed}`.{meant}");
        }
    }
    error
}

/// All that the node lists of a player.
pub(crate) async fn all_of<T: DeserializeOwned>(
    source: &Source,
    path: &str,
    who: &str,
) -> anyhow::Result<Vec<T>> {
    match source.all(path).await {
        Ok(all) => Ok(all),
        Err(error) => Err(player(source, who, error).await),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_nearly_the_typed_one_are_proposed() {
        let known = [
            "Portugal",
            "Poland",
            "Japan",
            "Türkiye",
            "Spain",
            "Portugal",
            "Getafe CF",
        ];
        for (typed, meant) in [
            ("Porugal", Some(" Did you mean Portugal?")),
            ("po", Some(" Did you mean Poland or Portugal?")),
            ("turkie", Some(" Did you mean Türkiye?")),
            ("Japn", Some(" Did you mean Japan?")),
            ("Getafee", Some(" Did you mean Getafe CF?")),
            ("Brazil", None),
            ("", None),
        ] {
            assert_eq!(did_you_mean(typed, known).as_deref(), meant, "{typed}");
        }
    }
}
