//! Several validators restored at once.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{backup_of, equal_validators, restore};
use crate::{
    faults::row::Row,
    support::{Daemon, TIMEOUT, done, eventually, run_node, temp},
    voting::{in_home, is_final},
};

/// Within this a pool goes on by itself.
const BY_ITSELF: Duration = Duration::from_secs(90);

/// Homes that were lost, restored from backups of a moment before, and started one after the other; each knows of those before it.
struct Restored {
    homes: Vec<PathBuf>,
    nodes: Vec<Daemon>,
    /// Those that were not lost.
    living: Vec<Daemon>,
    _dir: tempfile::TempDir,
}

/// A pool of ana and these, the first of whom lose their machines in the midst of bets. `ages`: whether the backups count as old ones.
async fn restored(names: &[&str], lost: usize, ages: bool) -> Restored {
    let dir = temp();
    let (ana, host, friends) = equal_validators(dir.path(), names).await;
    let mut all = vec![(ana, host)];
    all.extend(friends);
    let (bento, node) = &all[1];
    done(in_home(bento, &["bet", "PtCh", "2-1"]));
    is_final(node, "bento", (2, 1), TIMEOUT).await;
    let living = all.split_off(lost);
    let files: Vec<_> = all.iter().map(|(home, _)| backup_of(home)).collect();
    for (_, node) in &mut all {
        node.kill();
    }
    let mut known: Vec<Value> = living.iter().map(|(_, node)| node.node()).collect();
    let (mut homes, mut nodes) = (Vec::new(), Vec::new());
    for ((home, _), file) in all.iter().zip(&files) {
        fs::remove_dir_all(home).unwrap();
        let home = home.with_extension("restored");
        restore(file, &home);
        if ages {
            let path = home.join("validator.waits");
            let mut wait: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            wait["is_fresh"] = json!(false);
            fs::write(&path, wait.to_string()).unwrap();
        }
        fs::write(home.join("nodes.json"), json!(known).to_string()).unwrap();
        let node = run_node(&home, &[]).await;
        known.push(node.node());
        homes.push(home);
        nodes.push(node);
    }
    Restored {
        homes,
        nodes,
        living: living.into_iter().map(|(_, node)| node).collect(),
        _dir: dir,
    }
}

impl Restored {
    async fn goes_on(&self, kind: &str, patience: Duration) {
        let what = "validators restored at once from backups; until the next bet is final";
        let mut row = Row::new(&format!("restored: {kind}"), what);
        let began = Instant::now();
        done(in_home(&self.homes[0], &["bet", "NlEn", "1-3"]));
        is_final(&self.nodes[0], "ana", (1, 3), patience).await;
        row.took(began.elapsed());
        for node in self.nodes.iter().chain(&self.living) {
            is_final(node, "ana", (1, 3), TIMEOUT).await;
            is_final(node, "bento", (2, 1), TIMEOUT).await;
            assert_eq!(node.status().await["guilty"], 0);
        }
        row.end(None).check();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_two_go_on_from_backups_of_a_moment_before() {
    let all = restored(&["bento"], 2, false).await;
    all.goes_on("two of two", BY_ITSELF).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_of_three_go_on_from_backups_of_a_moment_before() {
    let all = restored(&["bento", "clara"], 3, false).await;
    all.goes_on("three of three", BY_ITSELF).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_four_go_on_from_backups_however_old() {
    let all = restored(&["bento", "clara", "davi"], 2, true).await;
    all.goes_on("two of four", BY_ITSELF).await;
}

fn status(home: &Path) -> String {
    let shown = done(in_home(home, &["status"]));
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What `status` names is typed at one home after the other, and again at the last.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_is_told_to_type_succeeds_at_one_home_after_the_other() {
    let all = restored(&["bento", "clara"], 3, true).await;
    let resume = ["validators", "resume", "--risk-voting-twice"];
    for home in &all.homes {
        let shown = status(home);
        assert!(
            shown.contains("resume --risk-voting-twice") || !home.join("validator.waits").exists(),
            "{shown}"
        );
        done(in_home(home, &resume));
    }
    for (home, node) in all.homes.iter().zip(&all.nodes) {
        eventually("its vote", BY_ITSELF, async || {
            let answers = node.http.try_get("/api/v1/status").await.is_some();
            (answers && !home.join("validator.waits").exists()).then_some(())
        })
        .await;
        let said = done(in_home(home, &resume));
        assert!(said.contains("votes already"), "{said}");
    }
    all.goes_on("as people are told to", TIMEOUT).await;
}
