//! The table of reasons in `docs/PROTOCOL.md` names every code, and no other.

use std::collections::{BTreeMap, BTreeSet};

use bolao_api::CODES;
use bolao_discovery::PROBLEM_CODES;
use bolao_fixtures::LIST_CODES;
use bolao_ledger::REASONS;

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
    let raised: BTreeSet<&str> = REASONS.iter().map(|reason| reason.code()).collect();
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
    let reasons: BTreeSet<&str> = REASONS.iter().map(|reason| reason.code()).collect();
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
        .chain(REASONS.iter().map(|reason| reason.code()))
        .collect();
    assert!(codes.keys().all(|code| !known.contains(code)));
}

/// Every numbered rule that the code quotes stands in the document.
#[test]
fn quoted_rules_are_documented() {
    let mut quoted = BTreeSet::new();
    for room in ["rules/ledger", "chain/chain"] {
        collect(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../{room}/src")),
            &mut quoted,
        );
    }
    assert!(quoted.len() > 15, "{quoted:?}");
    for rule in quoted {
        assert!(
            PROTOCOL.contains(&format!("**{rule}**")),
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
            rules.extend(
                text.lines()
                    .filter_map(|line| line.trim().strip_prefix("// # Rule ")?.split_once(':'))
                    .map(|(rule, _)| rule.to_owned()),
            );
        }
    }
}
