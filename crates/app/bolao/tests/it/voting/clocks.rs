//! A system's clock that is not the real one: Debian's `faketime` shows it to the program. Without it these tests are left out.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};

use super::{host_and_friend, in_home, is_final, joined, new_pool};
use crate::support::{Daemon, TIMEOUT, bolao, done, eventually, free_port, run, run_node, temp};

/// The library that `faketime` loads before a program's own.
fn library() -> Option<PathBuf> {
    let unpacked = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../.tools/deb/usr/lib");
    let places = ["/usr/lib", unpacked].into_iter();
    let found = places.flat_map(|place| fs::read_dir(place).into_iter().flatten().flatten());
    let mut found = found.map(|dir| dir.path().join("faketime/libfaketime.so.1"));
    found.find(|library| library.exists())
}

/// It waits for nobody's answer longer than it should, although all clocks of the system run ahead.
#[tokio::test(flavor = "multi_thread")]
async fn a_validator_whose_clocks_are_ahead_waits_no_longer_than_others() {
    let Some(library) = library() else {
        println!("LEFT OUT: libfaketime is not installed (apt install faketime)");
        return;
    };
    let dir = temp();
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let before = host.height().await.unwrap();
    host.kill();
    // It knows somebody who does not answer, so it listens before it votes. Every deadline has passed.
    let nobody = free_port();
    let nodes = json!([{ "ip_address": "127.0.0.1", "port": nobody.number() }]);
    fs::write(ana.join("nodes.json"), nodes.to_string()).unwrap();
    host.spawn_with(&[
        ("LD_PRELOAD", &library.display().to_string()),
        ("FAKETIME", "+400d"),
    ]);
    host.wait().await;
    done(in_home(&ana, &["clock", "trust"]));
    eventually("a block that time alone asks for", TIMEOUT, async || {
        (host.height().await? > before).then_some(())
    })
    .await;
}

/// A clock for one process: the time by which it is ahead stands in a file.
struct Clock {
    library: PathBuf,
    file: PathBuf,
}

impl Clock {
    fn new(dir: &Path) -> Option<Self> {
        let Some(library) = library() else {
            println!("LEFT OUT: libfaketime is not installed (apt install faketime)");
            return None;
        };
        let file = dir.join("ahead");
        Some(Self { library, file })
    }

    fn set(&self, ahead: &str) {
        fs::write(&self.file, ahead).unwrap();
    }

    fn spawn(&self, node: &mut Daemon) {
        node.spawn_with(&[
            ("LD_PRELOAD", &self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", &self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("DONT_FAKE_MONOTONIC", "1"),
        ]);
    }
}

async fn doubt(node: &Daemon) -> Value {
    node.status().await["sync"]["clock_doubt"]["cause"].clone()
}

/// Without a friend's node the kernel contradicts; with one, both do. Each clock would date a block for good.
#[tokio::test(flavor = "multi_thread")]
async fn a_lone_validator_makes_no_block_by_a_clock_that_is_wrong() {
    let dir = temp();
    let Some(clock) = Clock::new(dir.path()) else {
        return;
    };
    let ((ana, mut host), (_, mut friend)) = host_and_friend(dir.path()).await;
    for (goals, ahead) in [(1, "+300d"), (2, "+2h"), (3, "-2h"), (4, "-300d")] {
        if goals == 3 {
            friend.terminate().await;
        }
        let before = host.height().await.unwrap();
        host.terminate().await;
        clock.set(ahead);
        clock.spawn(&mut host);
        host.wait().await;
        let bet = format!("{goals}-0");
        let mut waiting = bolao()
            .args(in_home(&ana, &["bet", "PtCh", &bet]))
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_secs(8)).await;
        // By its clock the connection that was kept may be over.
        let status = eventually("its status", TIMEOUT, async || {
            host.http.try_get("/api/v1/status").await
        });
        let status = status.await.json();
        assert_eq!(status["tip"]["height"], before, "{ahead}");
        assert_eq!(doubt(&host).await, "kernel", "{ahead}");
        for command in ["status", "doctor", "clock"] {
            let output = run(in_home(&ana, &[command]));
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(
                text.contains("clock is in doubt") && text.contains("clock trust"),
                "{text}"
            );
        }
        clock.set("+0");
        eventually("it goes on by itself", TIMEOUT, async || {
            doubt(&host).await.is_null().then_some(())
        })
        .await;
        is_final(&host, "ana", (goals, 0), TIMEOUT).await;
        assert!(waiting.wait().unwrap().success(), "{ahead}");
    }
}

/// The operator is wrong: nothing takes the block back, and everything names it.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_is_dated_far_ahead_is_named() {
    let dir = temp();
    let Some(clock) = Clock::new(dir.path()) else {
        return;
    };
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    host.terminate().await;
    clock.set("+300d");
    clock.spawn(&mut host);
    host.wait().await;
    let before = host.height().await.unwrap();
    done(in_home(&ana, &["clock", "trust"]));
    eventually("a block by that clock", TIMEOUT, async || {
        (host.height().await? > before).then_some(())
    })
    .await;
    host.terminate().await;
    let named = format!("block {} is dated", before + 1);
    for command in ["status", "doctor", "audit"] {
        let output = run(in_home(&ana, &[command]));
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(&named), "{command}: {text}");
    }
    assert!(!run(in_home(&ana, &["audit"])).status.success());
    // By the right clock it makes none before, and says so.
    host.spawn();
    host.wait().await;
    eventually("the doubt", TIMEOUT, async || {
        (doubt(&host).await == "last_block").then_some(())
    })
    .await;
}
