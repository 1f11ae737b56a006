//! The table of reasons in `docs/PROTOCOL.md` names every code, and no other.

use std::collections::BTreeSet;

use bolao_ledger::REASONS;

const PROTOCOL: &str = include_str!("../../../../docs/PROTOCOL.md");

#[test]
fn the_documented_codes_are_the_codes() {
    let table = PROTOCOL
        .split_once("<!-- reasons:begin -->")
        .and_then(|(_, rest)| rest.split_once("<!-- reasons:end -->"))
        .unwrap()
        .0;
    let documented: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(code, _)| code)
        .collect();
    let raised: BTreeSet<&str> = REASONS.iter().map(|reason| reason.code()).collect();
    assert_eq!(documented, raised);
}

/// Every numbered rule that the code quotes stands in the document.
#[test]
fn quoted_rules_are_documented() {
    let mut quoted = BTreeSet::new();
    for room in ["ledger", "chain"] {
        collect(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../{room}/src")),
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
