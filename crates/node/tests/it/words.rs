//! Names that the code does not use, since the field has a word for the thing.

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

fn look(dir: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("it/words.rs") {
            for (index, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
                let code = code(line);
                let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
                let used = words.find_map(|word| OUT.iter().find(|(out, _)| *out == word));
                if let Some((out, instead)) = used {
                    let at = format!("{}:{}", path.display(), index + 1);
                    found.push(format!("{at}: {out}, wanted {instead}"));
                }
            }
        }
    }
}

#[test]
fn the_code_uses_the_fields_names() {
    let mut found = Vec::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    look(&crates, &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
