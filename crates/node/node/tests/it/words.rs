//! Words of the code: names that the field has a better one for, and first lines of documentation that do not name the thing.

use std::{fs, path::Path};

/// A name that is out, and the one instead.
const OUT: [(&str, &str); 21] = [
    ("PATIENCE", "TIMEOUT"),
    ("Allowance", "GossipLimit"),
    ("Begun", "BettingClosed"),
    ("Concerns", "AffectedAccounts"),
    ("Gate", "ConnectionLimits"),
    ("Guilt", "Equivocation"),
    ("guilt", "equivocation"),
    ("Invited", "MissingCheckpoint"),
    ("leftovers", "temp_files"),
    ("Linger", "LingeringClose"),
    ("mending", "repair"),
    ("Met", "KnownPeers"),
    ("Offences", "BanList"),
    ("Pulse", "Liveness"),
    ("Remains", "RecoveryScan"),
    ("salvage", "recover"),
    ("Salvaged", "Recovered"),
    ("Single", "SingleConnection"),
    ("Version2", "Genesis"),
    ("Whereabouts", "LocalAddresses"),
    ("Witness", "ArrivalLog"),
];

/// A line without its strings and comments.
fn code(line: &str) -> String {
    let code = line.split("//").next().unwrap_or_default();
    code.split('"').step_by(2).collect()
}

/// The room whose first lines of documentation people see elsewhere, and that is to follow.
const LATER: [&str; 1] = ["bolao"];

/// Words that no first line of documentation begins with.
const INVERTED: [&str; 8] = [
    "What", "Who", "Whoever", "Whose", "Which", "Where", "That", "How",
];

/// Hands over every source file below a directory, but this one.
fn each(dir: &Path, take: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each(&path, take);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("it/words.rs") {
            take(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}

/// Hands over every source file of every crate, by its path below the project's folder.
fn all(take: &mut dyn FnMut(&Path, &str)) {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.."));
    for folder in ["crates", "extras"] {
        each(&root.join(folder), &mut |path, text| {
            take(path.strip_prefix(root).unwrap(), text);
        });
    }
}

#[test]
fn the_code_uses_the_fields_names() {
    let mut found = Vec::new();
    all(&mut |path, text| {
        for (line, number) in text.lines().zip(1..) {
            let code = code(line);
            let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            let used = words.find_map(|word| OUT.iter().find(|(out, _)| *out == word));
            if let Some((out, instead)) = used {
                found.push(format!(
                    "{}:{number}: {out}, wanted {instead}",
                    path.display()
                ));
            }
        }
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn first_lines_of_documentation_name_the_thing() {
    let (mut found, mut seen) = (Vec::new(), 0);
    all(&mut |path, text| {
        let mut parts = path.iter();
        if !parts.any(|it| it == "src") || LATER.iter().any(|it| path.iter().any(|of| of == *it)) {
            return;
        }
        let mut before = "";
        for (line, number) in text.lines().map(str::trim).zip(1..) {
            let first = line
                .strip_prefix("/// ")
                .filter(|_| !before.starts_with("///"));
            let word = first.and_then(|text| text.split_whitespace().next());
            seen += usize::from(word.is_some());
            if word.is_some_and(|word| INVERTED.contains(&word)) {
                found.push(format!("{}:{number}: {line}", path.display()));
            }
            before = line;
        }
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(seen > 3_000, "{seen}");
}
