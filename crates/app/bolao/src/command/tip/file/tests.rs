#![allow(clippy::unwrap_used)]

use super::*;
use crate::exit::sentence;

fn read_all(text: &str) -> Vec<(String, String, Option<u64>, u64)> {
    tips(text, Some(7))
        .unwrap()
        .into_iter()
        .map(|tip| {
            (
                tip.code,
                tip.prediction.to_string(),
                tip.stake,
                tip.line.unwrap(),
            )
        })
        .collect()
}

fn refusal(text: &str) -> String {
    sentence(&tips(text, None).unwrap_err())
}

fn row(code: &str, score: &str, stake: u64, line: u64) -> (String, String, Option<u64>, u64) {
    (code.to_owned(), score.to_owned(), Some(stake), line)
}

#[test]
fn every_shape_of_file_is_read() {
    let rows = [row("PtCh", "2-1", 7, 1), row("NlEn", "1-1", 50, 2)];
    assert_eq!(read_all("PtCh,2-1\nNlEn,1:1,50\n"), rows);
    assert_eq!(read_all("PtCh;2-1\r\nNlEn; 1-1 ;50"), rows);
    assert_eq!(
        read_all("\u{feff}\"PtCh\",\"2-1\",\nNlEn,\"1-1\",\"50\"\n"),
        rows
    );
    let with_heading = [row("PtCh", "2-1", 7, 2), row("NlEn", "1-1", 50, 4)];
    assert_eq!(
        read_all("Match,Score,Stake\nPtCh,2-1,\n\nNlEn,1-1,50\n"),
        with_heading
    );
    assert_eq!(
        read_all("stake;match;score\n;PtCh;2-1\n;X;\n50;NlEn;1-1\n"),
        with_heading
    );
}

#[test]
fn a_line_that_is_wrong_is_named() {
    assert!(refusal("PtCh,2-1\nNlEn,x\n").starts_with("line 2: the score of NlEn"));
    assert!(refusal("PtCh,-1-2\n").starts_with("line 1: the score of PtCh"));
    assert!(refusal("PtCh,100-0\n").contains("100 goals, wanted 0 to 99"));
    assert!(refusal("PtCh,2-1,many\n").contains("line 1: got the stake `many`"));
    assert!(refusal("PtCh,2-1,-5\n").contains("got the stake `-5`"));
    assert!(refusal("PtCh\n").contains("line 1: `PtCh` has no score"));
    for (line, wanted) in [
        ("PtCh 2-1", "`PtCh,2-1`"),
        ("PtCh\t2-1  50", "`PtCh,2-1,50`"),
    ] {
        let said = refusal(&format!("{line}\n"));
        assert!(
            said.contains(wanted) && said.contains("bolao tip < FILE"),
            "{said}"
        );
    }
    assert!(refusal(",2-1\n").contains("line 1: there is no match"));
    assert!(refusal("PtCh,2-1,5,6\n").contains("line 1: got 4 columns"));
    assert!(refusal("match,score,stakes\n").contains("column `stakes`"));
    assert!(refusal("match,score,Match\nPtCh,2-1,NlEn\n").contains("column `match` twice"));
    assert!(refusal("PtCh,2-1\nNlEn,\"1-1\nPtNl,1-0\n").starts_with("line 2: a quotation mark"));
    assert!(refusal("\"PtCh,2-1").starts_with("line 1: a quotation mark"));
}
