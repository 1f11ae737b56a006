//! Four validators, made by commands alone: one makes the pool, three join, and are appointed.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{friend_of, in_home, joined, new_pool, offered};
use crate::support::{Daemon, TIMEOUT, done, eventually, run, run_node, temp};

/// The longest that a bet may wait while one of four is gone.
pub(super) const STANDSTILL: Duration = Duration::from_secs(3);

pub(super) const NAMES: [&str; 4] = ["ana", "bento", "clara", "davi"];

/// A running pool.
pub(super) struct Pool {
    pub(super) nodes: Vec<Daemon>,
    pub(super) homes: Vec<PathBuf>,
    bets: u32,
    _dir: TempDir,
}

impl Pool {
    /// Four validators, and as many players besides who only look on.
    pub(super) async fn start(observers: &[&str]) -> Self {
        let dir = temp();
        let ana = new_pool(dir.path());
        let mut pool = Self {
            nodes: vec![run_node(&ana, &[]).await],
            homes: vec![ana],
            bets: 0,
            _dir: dir,
        };
        joined(&pool.nodes[0], "ana").await;
        let others = NAMES[1..].iter().chain(observers);
        for name in others.clone() {
            pool.join(name).await;
        }
        for name in others {
            offered(&pool.nodes[0], name).await;
        }
        let appoint = [
            &["validators", "appoint"],
            &NAMES[1..],
            &["--yes", "--wait"],
        ]
        .concat();
        let said = pool.command(0, &appoint);
        assert!(said.contains("Nobody can change"), "{said}");
        pool.connected().await;
        pool
    }

    /// Somebody who knows the first node, and has joined.
    async fn join(&mut self, name: &str) {
        let home = friend_of(&self.nodes[0], &self.homes[0], name);
        let node = run_node(&home, &[]).await;
        joined(&node, name).await;
        self.homes.push(home);
        self.nodes.push(node);
    }

    /// Waits until everybody is connected to everybody.
    pub(super) async fn connected(&self) {
        for node in &self.nodes {
            eventually("all peers", TIMEOUT, async || {
                let peers = node.status().await["peers"].as_u64()?;
                (peers >= self.nodes.len() as u64 - 1).then_some(())
            })
            .await;
        }
    }

    pub(super) fn command(&self, who: usize, args: &[&str]) -> String {
        done(in_home(&self.homes[who], args))
    }

    /// Bets by the command line, each time with another score; the score.
    pub(super) fn bet(&mut self, who: usize) -> (u32, u32) {
        self.bets += 1;
        let score = (self.bets / 10 % 10, self.bets % 10);
        let text = format!("{}-{}", score.0, score.1);
        let output = run(in_home(&self.homes[who], &["bet", "PtCh", &text]));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        score
    }

    /// Waits until a node has a bet in a final block; how long that took.
    pub(super) async fn is_final(
        &self,
        node: usize,
        player: usize,
        score: (u32, u32),
        patience: Duration,
    ) -> Duration {
        let began = Instant::now();
        let name = NAMES[player];
        let score = json!({"home": score.0, "away": score.1});
        eventually("the bet in a final block", patience, async || {
            let bets = self.nodes[node].http.try_get("/api/v1/bets").await?;
            let bets: Value = serde_json::from_str(&bets.text).ok()?;
            let mut bets = bets["items"].as_array()?.iter();
            let of = |bet: &&Value| {
                bet["player"]["name"] == name && bet["score"] == score && bet["state"] == "final"
            };
            bets.find(of).map(|_| ())
        })
        .await;
        began.elapsed()
    }

    /// What a node says of the validators.
    pub(super) async fn validators(&self, node: usize) -> Value {
        self.nodes[node].http.get("/api/v1/validators").await.json()
    }

    /// What a node has heard of them.
    pub(super) async fn attendance(&self, node: usize) -> Value {
        self.nodes[node].http.get("/api/v1/attendance").await.json()
    }

    /// Waits until all that run stand on one tip.
    pub(super) async fn agree(&self, nodes: &[usize]) {
        eventually("one tip", TIMEOUT, async || {
            let mut tips = Vec::new();
            for node in nodes {
                tips.push(self.nodes[*node].tip().await);
            }
            tips.windows(2).all(|pair| pair[0] == pair[1]).then_some(())
        })
        .await;
    }

    /// Stops all; fails if any audit is not clean, or any node heard a validator sign two things.
    pub(super) fn end_clean(mut self) {
        for node in &mut self.nodes {
            node.kill();
        }
        for (home, node) in self.homes.iter().zip(&self.nodes) {
            crate::support::assert_audit_is_clean(home);
            let log = node.log();
            assert!(!log.contains("voted twice"), "{log}");
            assert!(!log.contains("signed two"), "{log}");
            assert!(!log.contains("two histories"), "{log}");
        }
    }
}
