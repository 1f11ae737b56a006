//! No text that people read has words that sound translated: help, messages and documents.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Words, parted by `|`, and what is said instead.
const BANNED: [(&str, &str); 12] = [
    ("whoever|whomever", "anyone who"),
    ("by itself|by themselves", "automatically"),
    ("anew|begun", "again, started"),
    (
        "put off|puts off|called off|call off|calls off",
        "postponed, cancelled",
    ),
    ("for good", "permanently"),
    ("come by|comes by|came by", "join with"),
    (
        "lie open|lies open|stamp|stamped|pencil|rub out",
        "revealed, confirmed, draft, clear",
    ),
    ("blanks|a blank|no blank", "space"),
    ("the book|keepers|the keeper", "chain, validators"),
    ("wants", "needs"),
    ("at hand|dated back", "available, backdated"),
    ("alone", "only"),
];
/// Where one of these words is right.
const FINE: [&str; 6] = [
    "nobody alone",
    "no one alone",
    "that alone",
    "final alone",
    "--alone",
    "{} alone{role}",
];
/// Files that define the role of keepers, or speak of it to programmers.
const OF_KEEPERS: [&str; 7] = [
    "PROTOCOL",
    "ARCHITECTURE",
    "openings",
    "keeping",
    "store/README",
    "node/README",
    "wallet/README",
];

/// The words of a line as `faults` looks for them.
fn plain(text: &str) -> String {
    let text = FINE
        .iter()
        .fold(text.to_lowercase(), |text, fine| text.replace(fine, ""));
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

/// The texts of a source's line, nearly: what has more than a word between quotes, and what goes on from the line before.
fn printed(line: &str, goes_on: bool) -> String {
    let parts = line.split('"').enumerate();
    let texts = parts.filter(|(at, text)| (at % 2 == 1) != goes_on && text.contains(' '));
    texts.map(|(_, text)| text).collect::<Vec<_>>().join(" . ")
}

fn faults(path: &Path, wrong: &mut Vec<String>) {
    let (name, text) = (
        path.display().to_string(),
        fs::read_to_string(path).unwrap(),
    );
    let is_source = path.extension().is_some_and(|it| it == "rs");
    let mut goes_on = false;
    let of_keepers = OF_KEEPERS.iter().any(|it| name.contains(it));
    for (at, line) in text.lines().enumerate() {
        let said = match is_source {
            true if line.trim_start().starts_with("#[cfg(test)]") => return,
            true if line.trim_start().starts_with("//") => continue,
            true => plain(&printed(line, goes_on)),
            false => plain(line),
        };
        goes_on = line.ends_with('\\');
        for (words, instead) in BANNED {
            let mut words = words
                .split('|')
                .filter(|word| !(of_keepers && word.contains("keeper")));
            if let Some(word) = words.find(|word| said.contains(&format!(" {word} "))) {
                wrong.push(format!("{name}:{}: `{word}`, say: {instead}", at + 1));
            }
        }
    }
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    let of_others = [
        "target",
        "tests",
        "benches",
        "decisions",
        "tests.rs",
        "cli/words.rs",
    ];
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if of_others.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs" || it == "md") {
            found.push(path);
        }
    }
}

#[test]
fn texts_are_in_plain_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let mut read = vec![root.join("README.md"), root.join("CHANGELOG.md")];
    read.push(
        root.join(
            "crates/app/bolao/src/cli/snapshots/bolao__cli__tests__help_of_every_command.snap",
        ),
    );
    files(&root.join("docs"), &mut read);
    files(&root.join("crates"), &mut read);
    let mut wrong = Vec::new();
    for path in read {
        faults(&path, &mut wrong);
    }
    assert!(
        wrong.is_empty(),
        "{} texts:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
