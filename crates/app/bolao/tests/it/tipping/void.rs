//! Bets that are void in their block.

use std::time::Duration;

use bolao_ledger::UnixSeconds;
use jiff::Timestamp;
use serde_json::json;

use super::{does, pool};
use crate::support::{TIMEOUT, eventually, run_node, temp};

fn now() -> u64 {
    Timestamp::now().as_second().cast_unsigned()
}

#[tokio::test]
async fn a_bet_that_waits_past_kick_off_is_told_to_be_void() {
    let dir = temp();
    let kickoff = UnixSeconds(now() + 10);
    let homes = pool(dir.path(), &["ana"], |genesis| {
        genesis["matches"][0]["kickoff"] = json!(kickoff);
    });
    let ana = &homes[0];
    let node = run_node(ana, &["--mine", "manual"]).await;
    does(ana, &["mine"]);
    does(ana, &["bet", "PtCh", "2-1"]);
    while now() <= kickoff.0 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    does(ana, &["mine"]);
    let told = "ana's bet on Portugal – Switzerland (PtCh) came too late: it does not count";
    let shown = eventually("a void bet", TIMEOUT, async || {
        let shown = does(ana, &["bets"]);
        shown.contains(told).then_some(shown)
    })
    .await;
    assert!(
        shown.contains("No block includes such a bet yet"),
        "{shown}"
    );
    assert!(node.log().contains(told), "{}", node.log());
    assert!(does(ana, &["bets", "--player", "ana", "--match", "ptch"]).contains(told));
    assert!(!does(ana, &["bets", "--match", "NlEn"]).contains(told));
}
