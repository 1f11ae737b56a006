//! What `bolao doctor` finds.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use serde_json::Value;

use crate::support::{new_pool, run, run_node, temp};

const CUP: &str = r#"{"name": "Cup", "matches": [
    {"round": "Final", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;

/// Whether all is well, and what was found.
fn doctor(home: &Path) -> (bool, Value) {
    let home = home.display().to_string();
    let done = run(["--home", &home, "doctor", "--json"]);
    let found = serde_json::from_slice(&done.stdout).unwrap();
    (done.status.success(), found)
}

/// The state of one thing, and what is said of it.
#[track_caller]
fn of<'a>(found: &'a Value, check: &str) -> (&'a str, &'a str) {
    let mut all = found.as_array().unwrap().iter();
    let one = all
        .find(|one| one["subject"] == check)
        .unwrap_or_else(|| panic!("{check}: {found}"));
    (
        one["level"].as_str().unwrap(),
        one["text"].as_str().unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_is_well_and_one_that_is_not() {
    let dir = temp();
    new_pool(dir.path(), CUP, &[]);
    let home = dir.path().join("mary");
    let mut node = run_node(&home, &[]).await;
    let (is_well, found) = doctor(&home);
    assert!(is_well, "{found}");
    for (check, state) in [
        ("keys", "good"),
        ("disk", "good"),
        ("node", "good"),
        ("chain", "good"),
        ("peers", "warning"),
        ("clock", "unknown"),
        ("page", "warning"),
        ("link", "good"),
        ("votes", "good"),
    ] {
        assert_eq!(of(&found, check).0, state, "{found}");
    }
    assert!(
        of(&found, "page").1.contains("on this machine only"),
        "{found}"
    );

    let wallet = home.join("wallet.json");
    fs::set_permissions(&wallet, fs::Permissions::from_mode(0o644)).unwrap();
    let (is_well, found) = doctor(&home);
    let (state, says) = of(&found, "keys");
    let wanted = format!("chmod 600 {}", wallet.display());
    assert!(
        !is_well && state == "bad" && says.contains(&wanted),
        "{found}"
    );
    fs::set_permissions(&wallet, fs::Permissions::from_mode(0o600)).unwrap();

    node.terminate().await;
    let (is_well, found) = doctor(&home);
    let (state, says) = of(&found, "node");
    assert!(
        !is_well && state == "bad" && says.contains("bolao run"),
        "{found}"
    );

    fs::write(home.join("chain.redb"), [7; 4096]).unwrap();
    let (is_well, found) = doctor(&home);
    let (state, says) = of(&found, "node");
    assert!(
        !is_well && state == "bad" && says.contains("reindex"),
        "{found}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_leads_nowhere() {
    let dir = temp();
    new_pool(dir.path(), CUP, &[]);
    let home = dir.path().join("mary");
    let _node = run_node(&home, &["--url", "https://pool.invalid"]).await;
    let (is_well, found) = doctor(&home);
    let (state, says) = of(&found, "name");
    assert!(
        !is_well && state == "bad" && says.contains("add a DNS record"),
        "{found}"
    );
    assert_eq!(of(&found, "page").0, "unknown", "{found}");
}
