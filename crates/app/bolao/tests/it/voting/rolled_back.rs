//! A disk that said that it had written, and lost its last second with the power: a lone validator notices, votes on nothing twice, and
//! names the answered bets that are gone. `BOLAO_RUNS` says how often.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{in_home, is_final, joined, new_pool};
use crate::support::{Daemon, TIMEOUT, done, eventually, run_node, temp};

/// What may be lost, the first by name.
#[derive(Clone, Copy)]
enum Lost {
    Chain,
    Everything,
}

/// A home with its node, a copy of an earlier moment, and bets that were answered since.
struct Host {
    dir: tempfile::TempDir,
    home: PathBuf,
    node: Daemon,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() && entry.file_name() != "log" {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

async fn host() -> Host {
    let dir = temp();
    let home = new_pool(dir.path());
    let node = run_node(&home, &[]).await;
    joined(&node, "ana").await;
    done(in_home(&home, &["bet", "NlEn", "0-0"]));
    is_final(&node, "ana", (0, 0), TIMEOUT).await;
    Host { dir, home, node }
}

impl Host {
    /// Bets so often, with a copy from before the last of them, and cuts the power.
    async fn lose(&mut self, blocks: u8, lost: Lost) {
        let before = self.dir.path().join("before");
        copy(&self.home, &before);
        for goals in 1..=blocks {
            done(in_home(&self.home, &["bet", "PtCh", &format!("{goals}-0")]));
            is_final(&self.node, "ana", (goals, 0), TIMEOUT).await;
        }
        self.node.kill();
        match lost {
            Lost::Chain => {
                for name in ["chain.redb", "chain.redb.sums"] {
                    if before.join(name).exists() {
                        fs::copy(before.join(name), self.home.join(name)).unwrap();
                    } else {
                        let _ = fs::remove_file(self.home.join(name));
                    }
                }
            }
            Lost::Everything => {
                for entry in fs::read_dir(&self.home).unwrap() {
                    let path = entry.unwrap().path();
                    if path.is_file() && !path.ends_with("log") {
                        fs::remove_file(path).unwrap();
                    }
                }
                copy(&before, &self.home);
            }
        }
    }

    async fn is_noticed(&self) {
        eventually("the home to wait", TIMEOUT, async || {
            self.home.join("validator.waits").exists().then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_lost_its_last_blocks_is_noticed_and_answered_bets_are_named() {
    let runs = std::env::var("BOLAO_RUNS").ok();
    let runs = runs.and_then(|runs| runs.parse().ok()).unwrap_or(3);
    for blocks in [1, 2, 5].into_iter().cycle().take(runs) {
        let mut it = host().await;
        it.lose(blocks, Lost::Chain).await;
        it.node.spawn();
        it.node.wait().await;
        it.is_noticed().await;
        let height = it.node.height().await;
        eventually("the bets to be named", TIMEOUT, async || {
            let log = it.node.log();
            let named = log.matches("this was answered, and its block is gone");
            (named.count() >= usize::from(blocks)).then_some(())
        })
        .await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(it.node.height().await, height, "it voted");
        let shown = done(in_home(&it.home, &["status"]));
        assert!(shown.contains("--nothing-newer"), "{shown}");
        // Its owner knows of nobody else, and the bets are in blocks again.
        done(in_home(
            &it.home,
            &["validators", "resume", "--nothing-newer"],
        ));
        is_final(&it.node, "ana", (blocks, 0), TIMEOUT).await;
    }
}

/// The ids of events, as a page hears them.
async fn last_event(node: &Daemon, after: &str) -> (reqwest::Response, String) {
    let path = format!("/api/v1/events?after={after}");
    let mut response = node.http.request("GET", &path).send().await.unwrap();
    let mut text = String::new();
    while !text.contains("\n\n") {
        text += &String::from_utf8_lossy(&response.chunk().await.unwrap().unwrap());
    }
    (response, text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_open_knows_what_all_files_have_lost() {
    let mut it = host().await;
    let (mut stream, _) = last_event(&it.node, "").await;
    it.lose(2, Lost::Everything).await;
    let mut heard = String::new();
    while let Ok(Some(piece)) = stream.chunk().await {
        heard += &String::from_utf8_lossy(&piece);
    }
    let mut ids = heard.lines().filter_map(|line| line.strip_prefix("id:"));
    let last = ids.next_back().unwrap().trim().to_owned();

    it.node.spawn();
    it.node.wait().await;
    let before = it.node.height().await;
    // One that somebody made up says nothing.
    let (run, proof) = last.rsplit_once('-').unwrap();
    let forged = format!("9{run}-{proof}");
    drop(last_event(&it.node, &forged).await);
    done(in_home(&it.home, &["bet", "PtCh", "7-7"]));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!it.home.join("validator.waits").exists());
    drop(last_event(&it.node, &last).await);
    it.is_noticed().await;
    eventually("the node to be back", TIMEOUT, async || {
        (it.node.height().await == before).then_some(())
    })
    .await;
    let shown = done(in_home(&it.home, &["status"]));
    assert!(shown.contains("--nothing-newer"), "{shown}");
    done(in_home(
        &it.home,
        &["validators", "resume", "--nothing-newer"],
    ));
    is_final(&it.node, "ana", (7, 7), TIMEOUT).await;
    // It was given up: pages that come later change nothing.
    drop(last_event(&it.node, &last).await);
    done(in_home(&it.home, &["bet", "PtCh", "8-8"]));
    is_final(&it.node, "ana", (8, 8), TIMEOUT).await;
}
