#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod plan;
mod scores;

use bolao_fixtures::{Competition, ImportOptions};
use bolao_ledger::Outcome;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::view::{
    Signed,
    fixtures::{match_json, player, waiting},
};

const NOW: i64 = 1_900_000_020;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const OWN: AccountId = AccountId([9; 32]);
const ANA: AccountId = AccountId([1; 32]);

type Waits = BTreeMap<u16, Vec<Waiting>>;

/// A match of the file, so many seconds from now.
fn line(num: u16, home: &str, away: &str, from_now: i64, more: &str) -> String {
    let at = Timestamp::from_second(NOW + from_now).unwrap();
    let at = at.strftime(r#""date": "%Y-%m-%d", "time": "%H:%M UTC+0""#);
    format!(
        r#"{{"num": {num}, "round": "Final", "team1": "{home}", "team2": "{away}", {at}{more}}}"#
    )
}

fn file(matches: &[String]) -> Competition {
    let text = format!(r#"{{"name": "Cup", "matches": [{}]}}"#, matches.join(", "));
    bolao_fixtures::import(&text, &ImportOptions::default()).unwrap()
}

/// A match of the pool, so many seconds from now if it is scheduled.
fn ours(no: u16, home: &str, away: &str, from_now: Option<i64>) -> Value {
    let mut game = match_json(no, &format!("M{no}"), home, away);
    let at = from_now.map(|from_now| Timestamp::from_second(NOW + from_now).unwrap());
    game["stage"] = json!("Final");
    game["kickoff"] = json!(at);
    game["deadline"] = json!(at);
    game
}

/// The match with a record.
fn with_record(mut game: Value, outcome: &Outcome) -> Value {
    game["record"] = json!({
        "version": 0, "score": null, "outcome": outcome, "signers": [player("carla")],
        "since": "2030-01-01T00:00:00Z", "final_at": null, "provisional": true, "objections": 0,
    });
    game
}

fn matches(games: Vec<Value>) -> Vec<Match> {
    games
        .into_iter()
        .map(|game| serde_json::from_value(game).unwrap())
        .collect()
}

fn waits(no: u16, signer: AccountId, signed: Signed) -> Waits {
    Waits::from([(no, vec![waiting(no, signer, signed)])])
}

/// What the file is compared with, by one who signs.
fn pool<'a>(matches: &'a [Match], waiting: &'a Waits) -> Pool<'a> {
    Pool {
        zone: None,
        matches,
        room: 64,
        waiting,
        own: Some(OWN),
        now: UnixSeconds(NOW.unsigned_abs()),
    }
}

fn refused(verdict: &Verdict, why: &str) -> bool {
    matches!(verdict, Verdict::Refused(text) if text.contains(why))
}
