#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use bolao_api::body::Problem;
use bolao_ledger::Rules;
use serde_json::json;

use jiff::Timestamp;
use reqwest::StatusCode;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + seconds).unwrap()
}

pub(in super::super) fn bets() -> PlayerBets {
    let game = |no: u16, stage: &str, kickoff: Option<i64>| {
        json!({
            "no": no, "code": format!("M{no}"), "home": {"name": "A"}, "away": {"name": "B"},
            "kickoff": kickoff.map(at), "stage": stage, "deadline": kickoff.map(at),
            "status": if kickoff.is_some_and(|kickoff| kickoff < 0) { "closed" } else { "scheduled" },
            "lacks_notice": false, "postponed": false, "bets": 0, "unopened": 0, "pot": 0, "base": "90", "multiplier": 1, "record": null,
        })
    };
    let games = json!([
        game(1, "Matchday 1", Some(-50)),
        game(2, "Matchday 2", Some(200)),
        game(3, "Matchday 2", Some(100)),
        game(4, "Matchday 2", None),
        game(5, "Final", Some(300)),
    ]);
    PlayerBets {
        matches: serde_json::from_value(games).unwrap(),
        rules: Rules::default(),
        current: BTreeMap::new(),
        chips: 0,
    }
}

fn codes(bets: &PlayerBets, name: Option<&str>) -> anyhow::Result<Vec<String>> {
    let round = round(bets, name)?;
    Ok(round
        .iter()
        .map(|game| game.entry.fixture.code.to_string())
        .collect())
}

#[test]
fn a_round_is_found_in_any_case_and_the_next_one_without_a_name() {
    let bets = bets();
    assert_eq!(codes(&bets, None).unwrap(), ["M3", "M2", "M4"]);
    assert_eq!(codes(&bets, Some("FINAL")).unwrap(), ["M5"]);
    let unknown = codes(&bets, Some("Matchday 9")).unwrap_err().to_string();
    assert_eq!(
        unknown,
        "no round called `Matchday 9`. Did you mean Matchday 1 or Matchday 2?"
    );
    let over = codes(&bets, Some("matchday 1")).unwrap_err().to_string();
    assert!(
        over.starts_with("betting has ended on every match of Matchday 1"),
        "{over}"
    );
}

fn tips(wanted: Vec<Wanted>) -> Vec<(String, String)> {
    wanted
        .into_iter()
        .map(|tip| (tip.code, tip.prediction.to_string()))
        .collect()
}

fn pair(code: &str, score: &str) -> (String, String) {
    (code.to_owned(), score.to_owned())
}

/// A node that takes stakes up to 50, and 60 chips in all.
async fn judge(wanted: &[Wanted]) -> anyhow::Result<()> {
    let refused = |reason: Reason| {
        let refusal = ApiError(Box::new(Problem {
            code: Some(reason.code().into()),
            ..Problem::new(StatusCode::CONFLICT, "stake less")
        }));
        Err(refusal.into())
    };
    let stakes = wanted.iter().filter_map(|bet| bet.stake);
    if stakes.clone().any(|stake| stake > 50) {
        return refused(Reason::BadStake);
    }
    if stakes.sum::<u64>() > 60 {
        return refused(Reason::NotEnoughChips);
    }
    Ok(())
}

async fn hand(mut text: &[u8], stake: Option<u64>) -> Vec<Wanted> {
    let bets = bets();
    let round = round(&bets, None).unwrap();
    by_hand(&mut text, &bets, &round, stake, judge)
        .await
        .unwrap()
}

#[tokio::test]
async fn enter_keeps_a_wrong_score_is_asked_again_and_q_ends() {
    let hand = async |text: &[u8]| tips(hand(text, None).await);
    assert_eq!(
        hand(b"2-1\n\n0:0\n").await,
        [pair("M3", "2-1"), pair("M4", "0-0")]
    );
    let answers = b"2\n-1-2\n3-1\nq\n1-1\n";
    assert_eq!(hand(answers).await, [pair("M3", "3-1")]);
    assert_eq!(hand(b"1-0").await, [pair("M3", "1-0")]);
    assert_eq!(hand(b"").await, []);
}

#[tokio::test]
async fn a_stake_may_stand_behind_a_score() {
    let score = Score::new(2, 1).unwrap();
    assert_eq!(answer("2-1 20", None).unwrap(), (score, Some(20)));
    assert_eq!(answer("2-1", Some(5)).unwrap(), (score, Some(5)));
    assert!(answer("2-1 much", None).is_err());
    let stakes = async |text: &[u8], stake| {
        let wanted = hand(text, stake).await.into_iter();
        wanted.map(|bet| bet.stake).collect::<Vec<_>>()
    };
    // A stake over the limit is asked for again, and so is one that is too much with those before it.
    assert_eq!(stakes(b"2-1 51\n2-1 50\nq\n", None).await, [Some(50)]);
    assert_eq!(stakes(b"2-1\n2-1 7\nq\n", Some(51)).await, [Some(7)]);
    assert_eq!(
        stakes(b"2-1 40\n1-0 30\n1-0 20\n", None).await,
        [Some(40), Some(20)]
    );
}

/// What is no matter of a stake is told at the end, where the answers are not lost.
#[tokio::test]
async fn a_node_that_is_away_takes_no_answer_back() {
    let bets = bets();
    let round = round(&bets, None).unwrap();
    let away = async |_: &[Wanted]| bail!("cannot reach the node");
    let mut text = &b"2-1\n1-0\n"[..];
    let asked = by_hand(&mut text, &bets, &round, None, away).await;
    assert_eq!(asked.unwrap().len(), 2);
}
