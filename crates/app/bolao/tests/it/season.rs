//! The page of OPERATING.md for a season, followed word for word.

use std::fs;

use serde_json::Value;

use crate::{
    support::{Daemon, TIMEOUT, Terminal, eventually, run_node, section, temp},
    voting::joined,
};

const OPERATING: &str = include_str!("../../../../../docs/OPERATING.md");
pub(crate) const SEASON: &str = r#"{"name": "Season", "matches": [
    {"round": "Matchday 1", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;

/// Waits until ana has placed a bet in a final block as so manieth of her transactions.
pub(crate) async fn is_placed(node: &Daemon, transactions: u64) {
    eventually("ana's bet in a final block", TIMEOUT, async || {
        let path = "/api/v1/players/ana";
        let player: Value = node.http.try_get(path).await.map(|it| it.json())?;
        let bets: Value = node
            .http
            .try_get(&format!("{path}/bets"))
            .await
            .map(|it| it.json())?;
        let is_final = bets["items"][0]["state"] == "final";
        (is_final && player["next_nonce"].as_u64()? >= transactions).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_season_goes_as_the_page_says() {
    let dir = temp();
    let user = Terminal::new(dir.path());
    let blocks = section(OPERATING, "For a season");
    let [make, invite, every_day, move_away, last] = &blocks[..] else {
        panic!("{blocks:?}");
    };
    fs::write(dir.path().join("season.json"), SEASON).unwrap();
    user.follow(make);
    let mut node = run_node(&dir.path().join("home"), &[]).await;
    joined(&node, "ana").await;
    assert!(user.follow(invite).contains("/join#"));
    user.follow("bolao bet 1 2-1");
    is_placed(&node, 2).await;
    user.follow(every_day);
    user.follow(every_day);
    let kept = fs::read_dir(dir.path()).unwrap().filter(|it| {
        let name = it.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("bolao-")
    });
    assert_eq!(kept.count(), 1, "one for each day");
    node.terminate().await;
    user.follow(move_away);

    let new = dir.path().join("new-home");
    fs::rename(dir.path().join("home"), dir.path().join("old")).unwrap();
    fs::rename(&new, dir.path().join("home")).unwrap();
    let node = run_node(&dir.path().join("home"), &[]).await;
    user.follow("bolao bet 1 3-1");
    is_placed(&node, 3).await;
    user.follow(last);
    let table = fs::read_to_string(dir.path().join("final-table.csv")).unwrap();
    assert!(table.contains("ana"), "{table}");
    assert!(dir.path().join("season.tar").exists());
}
