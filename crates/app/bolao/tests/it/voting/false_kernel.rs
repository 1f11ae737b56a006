//! A lone host's kernel whose clock is false, although it says that the network sets it: an NTP server of the Wi-Fi lies. Played with
//! a library before the program's own that answers for the kernel.

mod others;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use rustix::process::Signal;
use serde_json::{Value, json};

use super::{friend_of, in_home, is_final, joined};
use crate::{
    feeding::game,
    support::{Daemon, OPEN, TIMEOUT, bolao, done, eventually, run, run_node, temp},
};

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 24 * HOUR_S;
/// A validator whose clock is right again makes a block within this time.
const AGAIN: Duration = Duration::from_secs(10);
/// Longer than a validator waits for nodes that it knows.
const SILENCE: Duration = Duration::from_secs(36);
/// So long nothing is to happen where somebody contradicts.
const A_WHILE: Duration = Duration::from_secs(8);

/// The clock of a machine, as its kernel tells it to the program.
struct Kernel {
    library: String,
    file: PathBuf,
}

impl Kernel {
    fn new(dir: &Path) -> Self {
        let library = dir.join("clock_shim.so").display().to_string();
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/voting/clock_shim.c");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-o", &library, source])
            .status();
        // Rust links by it.
        assert!(built.unwrap().success());
        Self {
            library,
            file: dir.join("kernel"),
        }
    }

    /// It shows a time so far ahead, and says whether the network sets it.
    fn says(&self, ahead_s: i64, set: bool) {
        // Never empty for whoever reads it.
        let new = self.file.with_extension("new");
        fs::write(&new, format!("{ahead_s} {}", u8::from(set))).unwrap();
        fs::rename(new, &self.file).unwrap();
    }

    fn spawn(&self, node: &mut Daemon, more: &[(&str, &str)]) {
        let file = self.file.display().to_string();
        let own = [
            ("LD_PRELOAD", self.library.as_str()),
            ("BOLAO_TEST_CLOCK", file.as_str()),
        ];
        node.spawn_with(&[&own[..], more].concat());
    }
}

/// The node of the friend, who plays, too.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Friend {
    Connected,
    Asleep,
    Away,
}

/// A host with the machine's clock, and a friend's node in step with it.
struct Pool {
    _dir: tempfile::TempDir,
    kernel: Kernel,
    ana: PathBuf,
    host: Daemon,
    friend: Daemon,
}

impl Pool {
    async fn new() -> Self {
        let dir = temp();
        let kernel = Kernel::new(dir.path());
        kernel.says(0, true);
        let ana = dir.path().join("ana");
        let file = dir.path().join("cup.json").display().to_string();
        let coded = |in_s, code: &str, home, away| {
            let mut game = game(in_s, home, away);
            game["code"] = code.into();
            game
        };
        let cup = json!({"name": "Cup", "matches": [
            coded(2 * HOUR_S, "PtCl", "Portugal", "Chile"), coded(10 * DAY_S, "NoEg", "Norway", "Egypt"),
            coded(400 * DAY_S, "PeIr", "Peru", "Iran"),
        ]});
        fs::write(&file, cup.to_string()).unwrap();
        let new = ["new", "Cup", "--fixtures", &file, "--as", "ana"];
        done(in_home(&ana, &[&new[..], &OPEN].concat()));
        let mut host = run_node(&ana, &[]).await;
        host.terminate().await;
        kernel.spawn(&mut host, &[]);
        host.wait().await;
        joined(&host, "ana").await;
        let bento = friend_of(&host, &ana, "bento");
        let friend = run_node(&bento, &[]).await;
        joined(&friend, "bento").await;
        joined(&host, "bento").await;
        Self {
            _dir: dir,
            kernel,
            ana,
            host,
            friend,
        }
    }

    async fn restart(&mut self, more: &[(&str, &str)]) {
        self.host.terminate().await;
        self.kernel.spawn(&mut self.host, more);
        self.host.wait().await;
    }

    async fn doubt(&self) -> Value {
        self.status().await["sync"]["clock_doubt"].clone()
    }

    async fn status(&self) -> Value {
        // By its clock the connection that was kept may be over.
        let answer = eventually("its status", TIMEOUT, async || {
            self.host.http.try_get("/api/v1/status").await
        });
        answer.await.json()
    }

    /// Has Ana bet on the last match, which waits, and looks for so long that no block comes and no betting ends.
    async fn waits(&self, score: &str, patience: Duration) -> std::process::Child {
        let before = self.status().await["tip"].clone();
        let bet = bolao()
            .args(in_home(&self.ana, &["bet", "PeIr", score]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(patience).await;
        assert_eq!(self.status().await["tip"], before);
        bet
    }

    /// What everybody is told: each kind of witness, and the next step.
    fn told(&self, parts: &[&str]) {
        for command in ["status", "doctor", "clock"] {
            let output = run(in_home(&self.ana, &[command]));
            let text = String::from_utf8_lossy(&output.stdout);
            // Long lines are broken.
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for part in parts.iter().chain(&["clock is in doubt", "clock trust"]) {
                assert!(text.contains(part), "{command}: {part}: {text}");
            }
        }
        let log = self.host.log();
        assert!(parts.iter().all(|part| log.contains(part)), "{log}");
    }

    async fn goes_on(&self, mut bet: std::process::Child, score: (u8, u8)) {
        is_final(&self.host, "ana", score, AGAIN).await;
        eventually("no doubt", AGAIN, async || {
            self.doubt().await.is_null().then_some(())
        })
        .await;
        assert!(bet.wait().unwrap().success());
    }
}

async fn plays(at_restart: bool, friend: Friend) {
    let mut pool = Pool::new().await;
    match friend {
        Friend::Connected => {}
        Friend::Asleep => pool.friend.stop(Signal::STOP),
        Friend::Away => drop(pool.friend.terminate().await),
    }
    pool.kernel.says(300 * DAY_S, true);
    if at_restart {
        pool.restart(&[]).await;
    }
    let silent = friend != Friend::Connected;
    let patience = if silent { SILENCE } else { A_WHILE };
    let bet = pool.waits("3-1", patience).await;
    let (cause, players, told) = if silent {
        (
            "betting_ends",
            "silent",
            "no player's node or page is heard",
        )
    } else {
        (
            "others",
            "contradicts",
            "players' nodes and pages contradict it",
        )
    };
    // A friend's node that has just joined is known for a player's when it is asked the next time.
    eventually("what the witnesses say", TIMEOUT, async || {
        let doubt = pool.doubt().await;
        let said = (&doubt["cause"], &doubt["players"], &doubt["synchronised"]);
        (said == (&json!(cause), &json!(players), &json!(true))).then_some(())
    })
    .await;
    pool.told(&["the network sets it", "no list was read", told]);
    pool.kernel.says(0, true);
    pool.goes_on(bet, (3, 1)).await;
    if friend == Friend::Asleep {
        pool.friend.stop(Signal::CONT);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_false_kernel_at_a_start_dates_no_block_beside_a_friends_node() {
    plays(true, Friend::Connected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_false_kernel_at_a_start_dates_no_block_while_the_friends_node_sleeps() {
    plays(true, Friend::Asleep).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_false_kernel_at_a_start_dates_no_block_without_the_friends_node() {
    plays(true, Friend::Away).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_false_kernel_of_a_running_host_dates_no_block_beside_a_friends_node() {
    plays(false, Friend::Connected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_false_kernel_of_a_running_host_dates_no_block_while_the_friends_node_sleeps() {
    plays(false, Friend::Asleep).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_false_kernel_of_a_running_host_dates_no_block_without_the_friends_node() {
    plays(false, Friend::Away).await;
}

/// A few hours are enough to end betting on the next match, and the kernel alone is believed up to there.
#[tokio::test(flavor = "multi_thread")]
async fn a_false_kernel_ends_no_betting_two_hours_early() {
    let mut pool = Pool::new().await;
    pool.friend.terminate().await;
    pool.kernel.says(3 * HOUR_S, true);
    pool.restart(&[]).await;
    let bet = pool.waits("2-2", SILENCE).await;
    assert_eq!(pool.doubt().await["cause"], "betting_ends");
    pool.kernel.says(0, true);
    pool.goes_on(bet, (2, 2)).await;
}
