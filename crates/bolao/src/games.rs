//! The pool's matches, and finding one by its code.

use anyhow::bail;
use bolao_ledger::FoldedCode;

use crate::{
    source::{Source, as_views},
    view::Match,
};

/// How many matches an error names.
const NAMED: usize = 8;

/// Every match of the pool, in order of numbers.
pub(crate) async fn all(source: &Source) -> anyhow::Result<Vec<Match>> {
    as_views(source.list("/api/v1/matches", usize::MAX).await?)
}

/// The match with a code; an unknown one names those that are there.
pub(crate) fn find<'a>(matches: &'a [Match], code: &str) -> anyhow::Result<&'a Match> {
    let folded = FoldedCode::of(code);
    if let Some(game) = matches
        .iter()
        .find(|game| FoldedCode::of(&game.code) == folded)
    {
        return Ok(game);
    }
    let mut known: Vec<&str> = matches.iter().map(|game| game.code.as_str()).collect();
    let more = known.len().saturating_sub(NAMED);
    known.truncate(NAMED);
    let more = if more > 0 {
        format!(" and {more} more, see `bolao matches`")
    } else {
        String::new()
    };
    bail!(
        "this pool has no match `{code}`, it has {}{more}",
        known.join(", ")
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn matches() -> Vec<Match> {
        serde_json::from_value(serde_json::json!([
            {"no": 1, "code": "PtCh", "home": {"name": "Portugal"}, "away": {"name": "Switzerland"},
             "kickoff": null, "stage": "Semi-finals", "deadline": null, "status": "scheduled",
             "postponed": false, "bets": 0, "unopened": 0, "pot": 0, "base": "90", "multiplier": 1,
             "record": null},
        ]))
        .unwrap()
    }

    #[test]
    fn codes_are_found_in_any_case_and_unknown_ones_named() {
        let matches = matches();
        assert_eq!(find(&matches, "ptch").unwrap().no, 1);
        let error = find(&matches, "PtCx").unwrap_err().to_string();
        assert_eq!(error, "this pool has no match `PtCx`, it has PtCh");
    }
}
