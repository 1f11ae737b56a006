//! What nobody can do, as THREATS says it: each *cannot* names tests that exist, and no one is left out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{collections::BTreeSet, fs, path::Path};

const WHO: [&str; 7] = [
    "player",
    "organiser",
    "host",
    "relay's owner",
    "network",
    "former validator",
    "stranger",
];
const POOLS: [&str; 4] = ["lone", "several", "hybrid", "pow"];
const VERDICTS: [&str; 3] = ["cannot", "can, told", "can, untold"];

/// The sources of Rust or JavaScript below a directory, one after the other.
fn sources(dir: &Path, all: &mut String) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|it| it == "rs" || it == "js") {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// The folder of a crate, within that of its layer or among the extras.
fn folder(root: &Path, name: &str) -> String {
    let layers = fs::read_dir(root.join("crates")).unwrap();
    let layers = layers.map(|layer| format!("crates/{}", layer.unwrap().file_name().display()));
    let mut folders = layers
        .chain(["extras".to_owned()])
        .map(|it| format!("{it}/{name}"));
    folders.find(|it| root.join(it).is_dir()).unwrap()
}

/// Whether `crate path::name` is a test of that crate, or of `e2e/test`.
fn exists(root: &Path, test: &str) -> bool {
    let Some((room, (_, name))) = test
        .split_once(' ')
        .and_then(|(room, path)| Some((room, path.rsplit_once("::")?)))
    else {
        return false;
    };
    let (dir, head) = match room {
        "e2e" => ("e2e/test".to_owned(), format!("test('{name}'")),
        _ => (folder(root, room), format!("fn {name}(")),
    };
    let mut all = String::new();
    sources(&root.join(dir), &mut all);
    all.contains(&head)
}

/// The tests that a row names.
fn named(how: &str) -> Vec<&str> {
    let quoted = how.split('`').skip(1).step_by(2);
    quoted.filter(|it| it.contains("::")).collect()
}

/// Of the host's clock not everybody is a threat: its table says who is.
#[test]
fn what_sets_the_hosts_clock_ends_no_betting() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let text = fs::read_to_string(root.join("docs/THREATS.md")).unwrap();
    let (_, section) = text.split_once("\n## Who sets the host's clock\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut held = 0;
    for row in section.lines().filter(|it| it.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, who, verdict, how, _] = cells[..] else {
            panic!("{row}");
        };
        assert!(VERDICTS.contains(&verdict) && !who.is_empty(), "{row}");
        assert_eq!(verdict == "cannot", !named(how).is_empty(), "{row}");
        for test in named(how) {
            assert!(exists(&root, test), "there is no test {test}");
            held += 1;
        }
    }
    assert!(held >= 8, "{held}");
}

#[test]
fn what_nobody_can_do_is_held_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let text = fs::read_to_string(root.join("docs/THREATS.md")).unwrap();
    let mut sections = 0;
    for section in text.split("\n## ").filter(|it| it.contains("\n| who |")) {
        sections += 1;
        let mut said = BTreeSet::new();
        for row in section.lines().filter(|it| it.starts_with("| ")).skip(1) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let [_, who, pools, verdict, how, _] = cells[..] else {
                panic!("{row}");
            };
            assert!(VERDICTS.contains(&verdict) && !how.is_empty(), "{row}");
            let pools = if pools == "all" {
                POOLS.join(", ")
            } else {
                pools.to_owned()
            };
            for who in who.split(", ") {
                said.extend(
                    pools
                        .split(", ")
                        .map(|pool| (who.to_owned(), pool.to_owned())),
                );
            }
            if verdict == "cannot" {
                assert!(!named(how).is_empty(), "no test: {row}");
                for test in named(how) {
                    assert!(exists(&root, test), "there is no test {test}");
                }
            }
        }
        let wanted = WHO
            .iter()
            .flat_map(|who| POOLS.map(|pool| ((*who).to_owned(), pool.to_owned())));
        assert_eq!(said, wanted.collect(), "{section}");
    }
    assert_eq!(sections, 7);
}
