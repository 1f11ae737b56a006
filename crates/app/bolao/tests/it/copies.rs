//! A copy of a home that runs beside its living original.

use std::{fs, path::Path, time::Duration};

use serde_json::Value;

use crate::support::{bolao, done, eventually, new_pool, run_node, temp};

const CUP: &str = r#"{"name": "Cup", "matches": [
    {"round": "Final", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;
const HEARD: Duration = Duration::from_mins(1);

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// They share `node.key`: friends' nodes hear one of the two at a time, and neither was told.
#[tokio::test]
async fn a_copy_and_its_living_original_hear_of_each_other() {
    let dir = temp();
    new_pool(dir.path(), CUP, &["--consensus", "pow"]);
    let (home, twin) = (dir.path().join("mary"), dir.path().join("twin"));
    let mut mary = run_node(&home, &[]).await;
    let link = done([Path::new("--home"), &home, Path::new("invite")]);
    let friend = dir.path().join("bruno");
    let mut join = bolao();
    join.arg("--home").arg(&friend);
    let joined = join
        .args(["join", link.trim(), "--name", "Bruno"])
        .output()
        .unwrap();
    assert!(joined.status.success(), "{joined:?}");
    let bruno = run_node(&friend, &[]).await;
    eventually("that they meet", HEARD, async || {
        let peers = mary.status().await["peers"].clone();
        (peers == 1).then_some(())
    })
    .await;
    mary.terminate().await;
    copy(&home, &twin);
    mary.spawn();
    mary.wait().await;
    // Nothing of the run before is taken for another machine.
    assert_eq!(mary.status().await["runs_elsewhere"], Value::Null);
    // A second in between: the two are told apart by when they start.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let other = run_node(&twin, &[]).await;
    for (who, node) in [("the original", &mary), ("the copy", &other)] {
        eventually(who, HEARD, async || {
            let heard = node.status().await["runs_elsewhere"].clone();
            heard.is_string().then_some(())
        })
        .await;
    }
    let told = done([Path::new("--home"), &home, Path::new("status")]);
    assert!(
        told.contains("another machine runs with the keys"),
        "{told}"
    );
    assert_eq!(bruno.status().await["runs_elsewhere"], Value::Null);
}
