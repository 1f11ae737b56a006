//! `bolao miner` against running nodes.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use bolao_ledger::AccountId;
use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    Classic, Daemon, TIMEOUT, assert_audit_is_clean, bolao, eventually, free_port, signal, temp,
};

mod routes;

/// A running `bolao miner --json`; killed when dropped.
struct Miner {
    child: Child,
    dir: TempDir,
}

impl Miner {
    fn start(node: &str, account: u8, flags: &[&str]) -> Self {
        let dir = temp();
        let out = File::create(dir.path().join("out")).unwrap();
        let err = File::create(dir.path().join("err")).unwrap();
        let child = bolao()
            .args(["miner", "--json", "--threads", "1", "--node", node])
            .args(["--account", &AccountId([account; 32]).to_string()])
            .args(flags)
            .stdout(out)
            .stderr(err)
            .spawn()
            .unwrap();
        Self { child, dir }
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.dir.path().join(file)).unwrap()
    }

    fn events(&self) -> Vec<Value> {
        let text = self.text("out");
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn count(&self, event: &str, outcome: Option<&str>) -> usize {
        let is = |line: &&Value| {
            line["event"] == event && outcome.is_none_or(|outcome| line["outcome"] == outcome)
        };
        self.events().iter().filter(is).count()
    }

    /// Waits for its end, which must be a success.
    async fn end(&mut self) {
        let status = eventually("the miner's end", TIMEOUT, async || {
            self.child.try_wait().unwrap()
        })
        .await;
        assert!(status.success(), "{}{}", self.text("out"), self.text("err"));
    }
}

impl Drop for Miner {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            println!("--- miner\n{}{}", self.text("out"), self.text("err"));
        }
    }
}

fn base(node: &Daemon) -> String {
    format!("http://127.0.0.1:{}", node.port.number())
}

async fn miner_at(node: &Daemon, height: u64) -> String {
    let block = node.http.get(&format!("/api/v1/blocks/{height}")).await;
    block.json()["coinbase"]["miner"].as_str().unwrap().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_of_two_miners_are_accepted_by_another_node() {
    let (mut one, mut two) = (Classic::start().await, Classic::start().await);
    one.register(&two).await;
    let flags = ["--when", "always", "--blocks", "3"];
    let mut ana = Miner::start(&base(&one.daemon), 1, &flags);
    let mut rui = Miner::start(&base(&one.daemon), 2, &flags);
    ana.end().await;
    rui.end().await;
    for miner in [&ana, &rui] {
        assert_eq!(miner.count("block", Some("accepted")), 3);
        assert_eq!(miner.count("block", Some("rejected")), 0);
        assert_eq!(miner.count("ended", None), 1);
    }
    eventually("the same chain at the other node", TIMEOUT, async || {
        (two.daemon.height().await? == 6).then_some(())
    })
    .await;
    let mut found = [0, 0];
    for height in 1..=6 {
        let miner = miner_at(&two.daemon, height).await;
        let which = [1, 2].map(|account| AccountId([account; 32]).to_string());
        found[which.iter().position(|account| *account == miner).unwrap()] += 1;
    }
    assert_eq!(found, [3, 3]);
    for node in [&mut one, &mut two] {
        assert!(node.daemon.terminate().await.0.success());
        assert_audit_is_clean(node.home.path());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_miner_waits_for_transactions_and_takes_them_at_once() {
    let node = Classic::start().await;
    let miner = Miner::start(&base(&node.daemon), 1, &[]);
    eventually("work", TIMEOUT, async || {
        (miner.count("work", None) > 0).then_some(())
    })
    .await;
    assert_eq!(miner.events()[2]["wanted"], false);
    node.bet("John", "NlEn", 1, 2).await;
    let began = Instant::now();
    eventually("a block with the bet", TIMEOUT, async || {
        (node.daemon.height().await? == 1).then_some(())
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(5));
    // The name and the bet come as two transactions a moment apart.
    eventually("nothing is waiting", TIMEOUT, async || {
        node.pending().await.is_empty().then_some(())
    })
    .await;
    assert_eq!(miner.count("block", Some("rejected")), 0);
    assert_eq!(
        miner_at(&node.daemon, 1).await,
        AccountId([1; 32]).to_string()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_miner_outlives_its_node_and_ends_cleanly() {
    let mut node = Classic::start().await;
    let mut miner = Miner::start(&base(&node.daemon), 1, &["--when", "always"]);
    let accepted = |miner: &Miner| miner.count("block", Some("accepted"));
    eventually("a block", TIMEOUT, async || {
        (accepted(&miner) > 0).then_some(())
    })
    .await;
    node.daemon.kill();
    eventually("the loss is told", TIMEOUT, async || {
        (miner.count("lost", None) > 0).then_some(())
    })
    .await;
    let before = accepted(&miner);
    node.daemon.spawn();
    node.daemon.wait().await;
    eventually("a block after the restart", TIMEOUT, async || {
        (accepted(&miner) > before).then_some(())
    })
    .await;
    assert_eq!(miner.count("lost", None), 1, "told once");
    assert_eq!(miner.count("connected", None), 2);
    signal(&miner.child, Signal::INT);
    miner.end().await;
    assert_eq!(miner.count("ended", None), 1);
}

#[tokio::test]
async fn a_miner_says_what_no_waiting_mends() {
    let node = Classic::start().await;
    let refused = |args: &[&str], status: i32, words: &str| {
        let mut command = bolao();
        command.arg("miner").args(args).stdout(Stdio::null());
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
    };
    let url = base(&node.daemon);
    let account = AccountId([1; 32]).to_string();
    refused(
        &["--node", &url, "--account", "nobody", "--json"],
        1,
        "a player of this pool",
    );
    refused(
        &["--node", "file:///x", "--account", &account],
        2,
        "not a node's URL",
    );
    refused(&["--list", "--kernel", "abacus"], 2, "portable, sha2");
    refused(
        &["--list", "--pin", "--threads", "1024"],
        2,
        "got 1024 mining threads to keep on cores of their own, want at most ",
    );
    refused(
        &["--node", &url, "--account", &account, "--kernel", "abacus"],
        2,
        "portable, sha2",
    );
    refused(
        &["--list", "--gpu", "--kernel", "sha2"],
        2,
        "cannot be used with",
    );
    if cfg!(feature = "gpu") {
        // Either there is none at all, or not so many.
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bolao"));
        let output = command.args(["miner", "--list", "--gpu", "99"]).output();
        assert!(matches!(output.unwrap().status.code(), Some(1 | 2)));
    } else {
        refused(&["--list", "--gpu"], 2, "built without GPU support");
    }
    // A seed server speaks HTTP, but is no node.
    let dir = temp();
    let seed = crate::support::run_seed(dir.path()).await;
    let output = std::process::Command::new("timeout")
        .args([
            "5",
            env!("CARGO_BIN_EXE_bolao"),
            "miner",
            "--json",
            "--account",
            &account,
        ])
        .args(["--node", &base(&seed)])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("gives no work"), "{said}");
}

#[test]
fn the_list_shows_which_kernel_is_chosen() {
    let list: Value =
        serde_json::from_str(&crate::support::done(["miner", "--list", "--json"])).unwrap();
    let kernels = list["kernels"].as_array().unwrap();
    assert_eq!(
        kernels
            .iter()
            .filter(|kernel| kernel["chosen"] == true)
            .count(),
        1
    );
    for kernel in kernels {
        let runs = kernel["available"].as_bool().unwrap();
        assert_eq!(runs, kernel["hashes_per_second"].as_u64().is_some());
        assert!(runs || kernel["chosen"] == false);
    }
    let chosen = crate::support::done(["miner", "--list", "--kernel", "sha2"]);
    let line = chosen.lines().find(|line| line.contains("chosen")).unwrap();
    assert!(line.trim_start().starts_with("sha2"), "{chosen}");
}

/// A home whose pool is so hard that nobody finds a block.
fn hard_home(dir: &Path) {
    let home = bolao_node::Home::open(dir).unwrap();
    let genesis = bolao_ledger::Genesis {
        target: bolao_ledger::TargetRule::Fixed { zero_bits: 60 },
        ..bolao_ledger::Genesis::article()
    };
    home.set_genesis(&genesis).unwrap();
}

/// The bound is generous, for the machine may be busy with other tests; `make bench` prints the real figures.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_mines_on_all_cores_answers() {
    let home = temp();
    hard_home(home.path());
    let port = free_port();
    let args = [
        "--home",
        &home.path().display().to_string(),
        "run",
        "--mine",
        "always",
    ]
    .into_iter()
    .chain([
        "--no-join",
        "--pin",
        "-i",
        "127.0.0.1",
        "-p",
        &port.number().to_string(),
    ])
    .map(str::to_owned)
    .collect();
    let node = Daemon::start(args, port, home.path().join("log")).await;
    eventually("mining", TIMEOUT, async || {
        (node.status().await["mining"]["hashes_per_second"].as_u64()? > 0).then_some(())
    })
    .await;
    let mut times = Vec::new();
    for _ in 0..300 {
        let asked = Instant::now();
        assert_eq!(node.http.get("/api/v1/status").await.status, 200);
        times.push(asked.elapsed());
    }
    times.sort_unstable();
    println!("p50 {:?}, p99 {:?}", times[150], times[297]);
    assert!(times[297] < Duration::from_millis(250), "{:?}", times[297]);
}
