#![allow(clippy::unwrap_used)]

use super::{super::ask::tests::bets, *};
use crate::exit::sentence;

fn tips(mut text: &[u8], name: Option<&str>) -> Result<Vec<String>, String> {
    let tips = read(&mut text, &bets().matches, name, Some(7));
    let shown = |tip: Wanted| {
        let (stake, line) = (tip.stake.unwrap(), tip.line.unwrap());
        format!("{line}: {} {} {stake}", tip.code, tip.prediction)
    };
    match tips {
        Ok(tips) => Ok(tips.into_iter().map(shown).collect()),
        Err(error) => Err(sentence(&error)),
    }
}

#[test]
fn a_line_names_its_match() {
    assert_eq!(
        tips(b"M5 2-1\n\n  m1\t0:0 50\r\n", None).unwrap(),
        ["1: M5 2-1 7", "3: m1 0-0 50"]
    );
    assert_eq!(tips(b"m5 2-1\n", Some("final")).unwrap(), ["1: m5 2-1 7"]);
    assert_eq!(tips(b"\n\n", None).unwrap(), [""; 0]);
    for (text, wanted) in [
        (&b"M5\n"[..], "line 1: got `M5`, wanted MATCH SCORE"),
        (b"M5 2-1\n1-1\n", "line 2: got `1-1`, wanted MATCH SCORE"),
        (b"M5 2 1 3\n", "line 1: got `M5 2 1 3`"),
        (b"M5 2-1 many\n", "line 1: got the stake `many` on M5"),
        (
            b"M5,2-1\n",
            "line 1: got `M5,2-1`, wanted MATCH SCORE [STAKE] with spaces",
        ),
        (
            b"match;score\nM5;2-1\n",
            "line 1: got `match;score`, wanted MATCH SCORE [STAKE] with spaces",
        ),
        (b"M5 x\n", "line 1: the score of M5 cannot be used"),
    ] {
        let error = tips(text, None).unwrap_err();
        assert!(error.starts_with(wanted), "{error}");
    }
    let other = tips(b"\nM1 1-0\n", Some("Final")).unwrap_err();
    assert!(
        other.starts_with("line 2: M1 belongs to Matchday 1"),
        "{other}"
    );
    assert!(tips(&[b'1'; 2_000], None).is_err());
}

#[test]
fn bare_scores_stand_for_all_matches_of_a_round_that_is_named() {
    let round = Some("matchday 2");
    assert_eq!(
        tips(b"1-0\n\n2-2\n", round).unwrap(),
        ["1: M3 1-0 7", "3: M4 2-2 7"]
    );
    assert_eq!(tips(b"\n1-0\n\n\n\n", round).unwrap(), ["2: M2 1-0 7"]);
    // A match that has closed keeps its place.
    assert_eq!(tips(b"3-0\n", Some("Matchday 1")).unwrap(), ["1: M1 3-0 7"]);
    for (text, wanted) in [
        (
            &b"1-0\n1-1\n"[..],
            "got 2 lines of scores without matches, but Matchday 2 has 3 matches",
        ),
        (
            b"1-0\n1-1\n1-2\n3-3\n",
            "got 4 lines of scores without matches",
        ),
        (b"1-0\nx\n\n", "line 2: the score of M2 cannot be used"),
        (b"1-0\nM2 1-1\n\n", "line 2: the score of M2 cannot be used"),
    ] {
        let error = tips(text, round).unwrap_err();
        assert!(error.starts_with(wanted), "{error}");
    }
    let unnamed = tips(b"2-1\n1-1\n1-1\n", None).unwrap_err();
    assert!(unnamed.contains("--round NAME"), "{unnamed}");
    let unknown = tips(b"2-1\n", Some("Semi")).unwrap_err();
    assert!(unknown.contains("no round called `Semi`"), "{unknown}");
}
