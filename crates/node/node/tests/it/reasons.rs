//! The table of reasons in `docs/PROTOCOL.md` names every code, and no other.

use std::collections::{BTreeMap, BTreeSet};

use bolao_api::CODES;
use bolao_discovery::PROBLEM_CODES;
use bolao_fixtures::LIST_CODES;
use bolao_ledger::Reason;

const PROTOCOL: &str = include_str!("../../../../../docs/PROTOCOL.md");

/// The rows of a table in the document, by their codes.
fn documented(table: &str) -> BTreeMap<&'static str, &'static str> {
    let (_, rest) = PROTOCOL
        .split_once(&format!("<!-- {table}:begin -->"))
        .unwrap();
    let (rows, _) = rest.split_once(&format!("<!-- {table}:end -->")).unwrap();
    rows.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .collect()
}

#[test]
fn the_documented_codes_are_the_codes() {
    let documented: BTreeSet<&str> = documented("reasons").into_keys().collect();
    let raised: BTreeSet<&str> = Reason::all().map(Reason::code).collect();
    assert_eq!(documented, raised);
}

#[test]
fn each_status_has_its_code_in_the_document() {
    let documented = documented("statuses");
    for (status, code) in PROBLEM_CODES {
        let row = documented.get(code).unwrap();
        assert!(row.contains(status.as_str()), "{code}:{row}");
    }
    assert_eq!(documented.len(), PROBLEM_CODES.len());
    let reasons: BTreeSet<&str> = Reason::all().map(Reason::code).collect();
    assert!(documented.keys().all(|code| !reasons.contains(code)));
}

#[test]
fn each_code_that_says_more_than_its_status_is_documented() {
    let documented = documented("refusals");
    let of_lists = LIST_CODES.iter().map(|it| (it.code(), 422));
    let codes = CODES.iter().map(|it| (it.code(), it.status().as_u16()));
    let codes: BTreeMap<&str, u16> = codes.chain(of_lists).collect();
    for (code, status) in &codes {
        let row = documented.get(code).expect(code);
        assert!(row.starts_with(&format!(" | {status} |")), "{code}:{row}");
    }
    assert_eq!(documented.len(), codes.len(), "{documented:?}");
    let known: BTreeSet<&str> = { PROBLEM_CODES.iter() }
        .map(|(_, code)| *code)
        .chain(Reason::all().map(Reason::code))
        .collect();
    assert!(codes.keys().all(|code| !known.contains(code)));
}

/// The numbers of the rules, as often as each begins one.
fn numbered() -> BTreeMap<&'static str, usize> {
    let mut rules = BTreeMap::new();
    for line in PROTOCOL.lines() {
        let number = line
            .strip_prefix("- **")
            .and_then(|rest| rest.split_once("**"));
        let Some((number, _)) = number else { continue };
        let digits = number.trim_start_matches(|c: char| c.is_ascii_uppercase());
        if digits.len() + 1 == number.len() && digits.parse::<u8>().is_ok() {
            *rules.entry(number).or_default() += 1;
        }
    }
    rules
}

#[test]
fn no_rule_number_stands_twice() {
    let rules = numbered();
    assert!(rules.len() > 150, "{}", rules.len());
    let twice: Vec<_> = rules.iter().filter(|(_, times)| **times > 1).collect();
    assert_eq!(twice, [], "each rule has a number of its own");
}

/// Every numbered rule that the code quotes stands in the document.
#[test]
fn quoted_rules_are_documented() {
    let mut quoted = BTreeSet::new();
    for room in ["../../../crates", "../../../extras"] {
        let room = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(room);
        collect(&room, &mut quoted);
    }
    let rules = numbered();
    assert!(quoted.len() > 100, "{quoted:?}");
    for rule in quoted {
        assert!(
            rules.contains_key(&*rule),
            "rule {rule} is not in docs/PROTOCOL.md"
        );
    }
}

fn collect(dir: &std::path::Path, rules: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, rules);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for (_, quote) in text.lines().filter_map(|line| line.split_once("# Rule")) {
                // Such as `# Rule B2: …` or `# Rules D3, O5: …`.
                let named = quote
                    .trim_start_matches('s')
                    .split(':')
                    .next()
                    .unwrap_or_default();
                let words = named.split([' ', ',']);
                let is_number = |word: &&str| {
                    word.starts_with(|c: char| c.is_ascii_uppercase())
                        && word.ends_with(|c: char| c.is_ascii_digit())
                };
                rules.extend(words.filter(is_number).map(Into::into));
            }
        }
    }
}
