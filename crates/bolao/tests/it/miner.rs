//! `bolao miner` against running nodes, and what strangers try on the routes that it uses.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use bolao_ledger::AccountId;
use bolao_miner::{Template, double_sha256, meets_target};
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Answer, Classic, Daemon, Http, PATIENCE, assert_audit_is_clean, bolao, eventually, free_port,
    signal, temp,
};

const TEMPLATE: &str = "/api/v1/mining/template";
const SUBMIT: &str = "/api/v1/mining/submit";

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
        let status = eventually("the miner's end", PATIENCE, async || {
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
    eventually("the same chain at the other node", PATIENCE, async || {
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
    eventually("work", PATIENCE, async || {
        (miner.count("work", None) > 0).then_some(())
    })
    .await;
    assert_eq!(miner.events()[2]["wanted"], false);
    node.bet("John", "NlEn", 1, 2).await;
    let began = Instant::now();
    eventually("a block with the bet", PATIENCE, async || {
        (node.daemon.height().await? == 1).then_some(())
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(5));
    // The name and the bet come as two transactions a moment apart.
    eventually("nothing waits", PATIENCE, async || {
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
    eventually("a block", PATIENCE, async || {
        (accepted(&miner) > 0).then_some(())
    })
    .await;
    node.daemon.kill();
    eventually("the loss is told", PATIENCE, async || {
        (miner.count("lost", None) > 0).then_some(())
    })
    .await;
    let before = accepted(&miner);
    node.daemon.spawn();
    node.daemon.wait().await;
    eventually("a block after the restart", PATIENCE, async || {
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
        "no node's URL",
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
        refused(&["--list", "--gpu"], 2, "built without GPUs");
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

async fn template(http: &Http, more: &str) -> Value {
    let account = AccountId([7; 32]);
    http.get(&format!("{TEMPLATE}?account={account}{more}"))
        .await
        .json()
}

fn hex32(value: &Value) -> [u8; 32] {
    let mut bytes = [0; 32];
    hex::decode_to_slice(value.as_str().unwrap(), &mut bytes).unwrap();
    bytes
}

/// Finds what the template wants, and gives the request's body.
fn solve(template: &Value, extra_nonce: [u8; 16]) -> Value {
    let mut target = hex32(&template["target"]);
    target.reverse();
    let mut header = [0; 80];
    hex::decode_to_slice(template["header"].as_str().unwrap(), &mut header).unwrap();
    let work = Template {
        header,
        target,
        coinbase_prefix: hex::decode(template["coinbase_prefix"].as_str().unwrap()).unwrap(),
        merkle_branch: template["merkle_branch"]
            .as_array()
            .unwrap()
            .iter()
            .map(hex32)
            .collect(),
        max_time: 0,
    };
    let mut header = work.header_with(&extra_nonce, work.time(), 0);
    let nonce = (0..=u32::MAX)
        .find(|nonce| {
            header[76..].copy_from_slice(&nonce.to_le_bytes());
            meets_target(&double_sha256(&header), &target)
        })
        .unwrap();
    json!({
        "template": template["id"], "extra_nonce": hex::encode(extra_nonce),
        "time": work.time(), "nonce": nonce,
    })
}

async fn submit(http: &Http, body: &Value) -> Answer {
    let request = http.request("POST", SUBMIT).json(body);
    http.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_gain_nothing_on_the_routes_for_miners() {
    let node = Classic::start().await;
    let http = node.http();
    node.bet("John", "NlEn", 1, 2).await;
    let account = AccountId([7; 32]);

    for bad in [
        "",
        "?account=",
        "?account=nobody",
        "?known=1",
        "?account=%00",
        "?account=%ff",
    ] {
        http.get(&format!("{TEMPLATE}{bad}")).await.problem();
    }
    let long = "x".repeat(4_000);
    http.get(&format!("{TEMPLATE}?account={long}"))
        .await
        .problem();
    // What is known is only compared.
    for known in ["", "1", "%00", &long, "0000000000000000-x"] {
        assert_eq!(
            template(http, &format!("&known={known}")).await["height"],
            1
        );
    }

    let first = template(http, "").await;
    let good = solve(&first, [1; 16]);
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    let id = first["id"].as_str().unwrap();
    let bodies = [
        json!(null),
        json!([]),
        json!({}),
        with("template", json!("")),
        with("template", json!("x".repeat(60_000))),
        with("template", json!(format!("{id}0"))),
        with("template", json!(id.replace('-', "_"))),
        with("template", json!(7)),
        with("extra_nonce", json!("")),
        with("extra_nonce", json!("00".repeat(15))),
        with("extra_nonce", json!("zz".repeat(16))),
        with("extra_nonce", json!("ff".repeat(16))),
        with("time", json!(0)),
        with("time", json!(u32::MAX)),
        with("time", json!(-1)),
        with("time", json!(u64::MAX)),
        with("nonce", json!(u64::MAX)),
        with("nonce", json!(good["nonce"].as_u64().unwrap() ^ 1)),
        with("nonce", json!("1")),
        with("surplus", json!(1)),
    ];
    for body in &bodies {
        submit(http, body).await.problem();
    }
    for text in ["", "{", "\u{0}", &"[".repeat(60_000), "nonsense"] {
        let request = http
            .request("POST", SUBMIT)
            .header("content-type", "application/json");
        http.send(request.body(text.to_owned())).await.problem();
    }
    // Without a content type, and longer than any solution.
    http.post(SUBMIT, good.to_string()).await.problem();
    let request = http
        .request("POST", SUBMIT)
        .header("content-type", "application/json");
    let giant = http.try_send(request.body(vec![b'['; 8 << 20])).await;
    if let Some(answer) = giant {
        assert_eq!(answer.status, 413);
        answer.problem();
    }
    assert_eq!(
        node.daemon.height().await,
        Some(0),
        "none of them was a block"
    );

    // The good one counts once, however often it comes; each time the answer is the same.
    let answers = futures::future::join_all((0..50).map(|_| submit(http, &good))).await;
    let tip = node.daemon.tip().await;
    for answer in &answers {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json()["hash"], tip.as_str());
    }
    // Its template is of the past then.
    let another = solve(&first, [2; 16]);
    assert_eq!(submit(http, &another).await.status, 409);
    assert_eq!(node.daemon.height().await, Some(1));
    let log = node.daemon.log();
    assert_eq!(log.matches("a miner found a block").count(), 1, "{log}");
    assert_eq!(miner_at(&node.daemon, 1).await, account.to_string());

    flood(&node, account).await;
    let next = template(http, "").await;
    assert_eq!(next["height"], 2);
    let taken = submit(http, &solve(&next, [3; 16])).await;
    assert_eq!(taken.json()["hash"], node.daemon.tip().await.as_str());
    // On the chain is enough, it need not be the tip.
    let again = submit(http, &good).await;
    assert_eq!((again.status, &again.json()["hash"]), (200, &tip.into()));
}

/// More miners than there are places wait, others ask for one account after the other, and the node goes on answering.
async fn flood(node: &Classic, account: AccountId) {
    let http = node.http();
    let current = template(http, "").await;
    let known = current["id"].as_str().unwrap();
    let waiting: Vec<_> = (0..150)
        .map(|_| {
            let (http, path) = (
                http.clone(),
                format!("{TEMPLATE}?account={account}&known={known}"),
            );
            tokio::spawn(async move { http.try_get(&path).await.map(|answer| answer.status) })
        })
        .collect();
    let asking: Vec<_> = (0..8_u8)
        .map(|asker| {
            let http = http.clone();
            tokio::spawn(async move {
                for other in 0..100_u8 {
                    let account = AccountId([asker.wrapping_mul(31) ^ other; 32]);
                    let answer = http.get(&format!("{TEMPLATE}?account={account}")).await;
                    assert!([200, 503].contains(&answer.status), "{answer:?}");
                }
            })
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        let asked = Instant::now();
        assert_eq!(http.get("/api/v1/status").await.status, 200);
        slowest = slowest.max(asked.elapsed());
    }
    println!("the slowest of 20 answers during the flood took {slowest:?}");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    for asker in asking {
        asker.await.unwrap();
    }
    let mut refused = 0;
    for waiter in waiting {
        // Those with a place waited until the client had enough.
        match waiter.await.unwrap() {
            None => {}
            Some(503) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(refused >= 50, "{refused} of 150 were refused");
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
    eventually("mining", PATIENCE, async || {
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
