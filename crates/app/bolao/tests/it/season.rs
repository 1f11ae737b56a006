//! The page of OPERATING.md for a season, followed word for word.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::{
    support::{Daemon, TIMEOUT, bolao, eventually, run_node, temp},
    voting::joined,
};

const OPERATING: &str = include_str!("../../../../../docs/OPERATING.md");
const SEASON: &str = r#"{"name": "Season", "matches": [
    {"round": "Matchday 1", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;

/// The commands of the page, a block after the other.
fn blocks() -> Vec<&'static str> {
    let page = OPERATING.split("\n## For a season\n").nth(1).unwrap();
    let page = page.split("\n## ").next().unwrap();
    let blocks = page.split("```sh\n").skip(1);
    blocks.map(|it| it.split("```").next().unwrap()).collect()
}

/// Follows one, in a directory that is the user's own; what it prints.
fn follow(block: &str, dir: &Path) -> String {
    let program = bolao().get_program().to_owned();
    let programs = Path::new(&program).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let done = Command::new("sh")
        .args(["-ec", block])
        .current_dir(dir)
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("BOLAO_HOME", dir.join("home"))
        .env("HOME", dir)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{block}{told}");
    String::from_utf8(done.stdout).unwrap()
}

/// Waits until ana has placed a bet in a final block as so manieth of her transactions.
async fn is_placed(node: &Daemon, transactions: u64) {
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
    let blocks = blocks();
    let [make, invite, every_day, move_away, last] = blocks[..] else {
        panic!("{blocks:?}");
    };
    fs::write(dir.path().join("season.json"), SEASON).unwrap();
    follow(make, dir.path());
    let mut node = run_node(&dir.path().join("home"), &[]).await;
    joined(&node, "ana").await;
    assert!(follow(invite, dir.path()).contains("/join#"));
    follow("bolao bet 1 2-1", dir.path());
    is_placed(&node, 2).await;
    follow(every_day, dir.path());
    follow(every_day, dir.path());
    let kept = fs::read_dir(dir.path()).unwrap().filter(|it| {
        let name = it.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("bolao-")
    });
    assert_eq!(kept.count(), 1, "one for each day");
    node.terminate().await;
    follow(move_away, dir.path());

    let new = dir.path().join("new-home");
    fs::rename(dir.path().join("home"), dir.path().join("old")).unwrap();
    fs::rename(&new, dir.path().join("home")).unwrap();
    let node = run_node(&dir.path().join("home"), &[]).await;
    follow("bolao bet 1 3-1", dir.path());
    is_placed(&node, 3).await;
    follow(last, dir.path());
    let table = fs::read_to_string(dir.path().join("final-table.csv")).unwrap();
    assert!(table.contains("ana"), "{table}");
    assert!(dir.path().join("season.tar").exists());
}
