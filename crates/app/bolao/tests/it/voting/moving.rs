//! An organiser who moves a match, or puts it off, seconds before its kick-off gains nothing by it, and everybody is told.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::{in_home, pool::Pool};
use crate::support::{TIMEOUT, eventually, run, unix_now};

/// So long before its kick-off the match is moved, in seconds.
const JUST_BEFORE_S: u64 = 4;

/// What everybody is told of it besides.
const LATE: &str = "That came less than 12 hours before the end of betting.";

/// Waits until this second has passed.
async fn past(second: u64) {
    let left = (second + 1).saturating_sub(unix_now().0);
    sleep(Duration::from_secs(left)).await;
}

fn moment(second: u64) -> String {
    jiff::Timestamp::from_second(i64::try_from(second).unwrap())
        .unwrap()
        .to_string()
}

async fn moved_late(change: impl FnOnce(&Pool), told: &str) {
    let mut pool = Pool::start(&[]).await;
    let kickoff = unix_now().0 + 12;
    let at = moment(kickoff);
    pool.command(
        0,
        &["schedule", "PtCh", "--kickoff", &at, "--yes", "--wait"],
    );
    let score = pool.bet(1);
    pool.is_final(0, 1, score, TIMEOUT).await;
    past(kickoff - JUST_BEFORE_S).await;
    change(&pool);
    past(kickoff).await;
    let late = run(in_home(&pool.homes[0], &["bet", "PtCh", "5-4"]));
    let why = String::from_utf8(late.stderr).unwrap();
    assert_eq!(late.status.code(), Some(1), "{why}");
    assert!(why.contains("ended"), "{why}");
    for friend in 1..4 {
        let status = eventually("word of the move", TIMEOUT, async || {
            let status = pool.command(friend, &["status"]);
            let is_told = status.contains(told) && status.contains(LATE);
            is_told.then_some(status)
        })
        .await;
        assert!(
            status.contains("ana: Portugal – Switzerland was "),
            "{status}"
        );
        let shown = pool.command(friend, &["match", "PtCh"]);
        assert!(shown.contains("Moved ") && shown.contains(told), "{shown}");
        assert!(shown.contains("by ana"), "{shown}");
    }
    // Betting ended at the kick-off that stood, as everybody was told.
    let notices = pool.nodes[2].http.get("/api/v1/notices").await.json();
    let late = |notice: &&Value| {
        let text = notice["text"].as_str().unwrap();
        notice["match"]["code"] == "PtCh" && text.contains(told) && text.contains(LATE)
    };
    let notice = notices["items"].as_array().unwrap().iter().find(late);
    let notice = notice.unwrap_or_else(|| panic!("{notices}"));
    assert_eq!(notice["subject"], "organisers", "{notice}");
    let text = notice["text"].as_str().unwrap();
    assert!(
        text.contains(&format!("Betting on it ends {at}.")),
        "{text}"
    );
    let game = pool.nodes[2].http.get("/api/v1/matches/PtCh").await.json();
    assert_eq!(game["deadline"], at, "{game}");
    assert_eq!(game["moved"]["kickoff_before"], at, "{game}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kick_off_that_is_moved_seconds_before_it() {
    let later = moment(unix_now().0 + 7_200);
    let change = |pool: &Pool| {
        pool.command(
            0,
            &["schedule", "PtCh", "--kickoff", &later, "--yes", "--wait"],
        );
    };
    moved_late(change, "moved from").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_match_that_is_put_off_seconds_before_it() {
    let change = |pool: &Pool| {
        let off = ["result", "PtCh", "--status", "postponed", "--yes", "--wait"];
        pool.command(0, &off);
    };
    moved_late(change, "postponed").await;
}
