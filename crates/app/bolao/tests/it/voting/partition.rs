//! Four validators in network namespaces of their own, between which the network is cut.
//!
//! `cargo nextest run -p bolao --run-ignored only -E 'test(partition)'`, as root, where `ip` can make namespaces.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{in_home, new_pool, pool::NAMES};
use crate::support::{assert_audit_is_clean, done, eventually, temp};

/// How long anything may take that is only waited for.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How long the network is cut.
const CUT: Duration = Duration::from_secs(20);
/// The link between the two halves.
const BETWEEN: &str = "bolao-cut0";
const PORT: u16 = 9_000;

fn ip(args: &str) {
    let output = Command::new("ip").args(args.split(' ')).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "ip {args}: {said}");
}

fn space(node: usize) -> String {
    format!("bolao-it-{node}")
}

fn address(node: usize) -> String {
    format!("10.77.3.{}", node + 1)
}

/// Two bridges with a link between them, and two namespaces at each.
struct Net;

impl Net {
    fn new() -> Self {
        Self::clear();
        ip("link add bolao-br0 type bridge");
        ip("link add bolao-br1 type bridge");
        ip(&format!(
            "link add {BETWEEN} type veth peer name bolao-cut1"
        ));
        for half in 0..2 {
            ip(&format!("link set bolao-cut{half} master bolao-br{half}"));
            ip(&format!("link set bolao-cut{half} up"));
            ip(&format!("link set bolao-br{half} up"));
        }
        for node in 0..NAMES.len() {
            let (space, half) = (space(node), node / 2);
            ip(&format!("netns add {space}"));
            ip(&format!(
                "link add bolao-v{node} type veth peer name eth0 netns {space}"
            ));
            ip(&format!("link set bolao-v{node} master bolao-br{half}"));
            ip(&format!("link set bolao-v{node} up"));
            ip(&format!(
                "-n {space} address add {}/24 dev eth0",
                address(node)
            ));
            ip(&format!("-n {space} link set eth0 up"));
            ip(&format!("-n {space} link set lo up"));
        }
        Self
    }

    /// Takes down what a run left that was killed.
    fn clear() {
        let spaces = (0..NAMES.len()).map(|node| format!("netns del {}", space(node)));
        let links = ["bolao-br0", "bolao-br1", BETWEEN].map(|link| format!("link del {link}"));
        for args in spaces.chain(links) {
            let _ = Command::new("ip")
                .args(args.split(' '))
                .stderr(Stdio::null())
                .status();
        }
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        Self::clear();
    }
}

/// The command in a node's namespace.
fn there(node: usize, home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("ip");
    command
        .args(["netns", "exec", &space(node), env!("CARGO_BIN_EXE_bolao")])
        .args(in_home(home, args))
        .env_remove("BOLAO_HOME")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    command
}

struct Pool {
    homes: Vec<PathBuf>,
    children: Vec<Child>,
    bets: u32,
    _dir: TempDir,
    _net: Net,
}

impl Drop for Pool {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for (node, home) in self.homes.iter().enumerate() {
                println!("--- {}: {:?}", NAMES[node], self.said(node, &["status"]));
                println!(
                    "{}",
                    fs::read_to_string(home.join("log")).unwrap_or_default()
                );
            }
        }
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Pool {
    async fn start() -> Self {
        let (dir, net) = (temp(), Net::new());
        let mut pool = Self {
            homes: vec![new_pool(dir.path())],
            children: Vec::new(),
            bets: 0,
            _dir: dir,
            _net: net,
        };
        let genesis = pool.homes[0].join("genesis.json").display().to_string();
        for (node, name) in NAMES.iter().enumerate() {
            if node > 0 {
                let home = pool.homes[0].with_file_name(name);
                done(in_home(&home, &["join", &genesis, "--name", name]));
                let known = json!([{ "ip_address": address(0), "port": PORT }]);
                fs::write(home.join("nodes.json"), known.to_string()).unwrap();
                pool.homes.push(home);
            }
            let log = File::create(pool.homes[node].join("log")).unwrap();
            let (ip, port) = (address(node), PORT.to_string());
            let run = ["run", "-i", &ip, "-p", &port, "-u", "1"];
            let mut command = there(node, &pool.homes[node], &run);
            let command = command.stdout(log.try_clone().unwrap()).stderr(log);
            pool.children.push(command.spawn().unwrap());
            pool.until(node, "the node", |_| true).await;
        }
        eventually("all offers", TIMEOUT, async || {
            let offers = pool.json(0, &["validators", "--json"])?["offers"]
                .as_array()?
                .len();
            (offers == 3).then_some(())
        })
        .await;
        let appoint = [
            &["validators", "appoint"],
            &NAMES[1..],
            &["--yes", "--wait"],
        ]
        .concat();
        pool.said(0, &appoint).unwrap();
        for node in 0..NAMES.len() {
            pool.until(node, "all peers", |status| status["peers"] == 3)
                .await;
        }
        pool
    }

    /// What a command prints, if it succeeds.
    fn said(&self, node: usize, args: &[&str]) -> Option<String> {
        let output = there(node, &self.homes[node], args).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        output.status.success().then_some(said)
    }

    fn json(&self, node: usize, args: &[&str]) -> Option<Value> {
        serde_json::from_str(&self.said(node, args)?).ok()
    }

    /// Waits until a node's status is so.
    async fn until(&self, node: usize, what: &str, is_so: impl Fn(&Value) -> bool) {
        eventually(what, TIMEOUT, async || {
            let status = self.json(node, &["status", "--json"])?;
            (status["running"] == true && is_so(&status)).then_some(())
        })
        .await;
    }

    fn height(&self, node: usize) -> u64 {
        let status = self.json(node, &["status", "--json"]).unwrap();
        status["final"]["height"].as_u64().unwrap()
    }

    fn bet(&mut self, node: usize) {
        self.bets += 1;
        let score = format!("{}-{}", self.bets / 10 % 10, self.bets % 10);
        self.said(node, &["bet", "PtCh", &score]).unwrap();
    }

    /// Waits until nothing waits anywhere and all stand on one tip.
    async fn settled(&self) {
        eventually("one tip on which nothing waits", TIMEOUT, async || {
            let all = (0..NAMES.len()).map(|node| self.json(node, &["status", "--json"]));
            let all: Vec<Value> = all.collect::<Option<_>>()?;
            let tip = &all.first()?["tip"]["hash"];
            all.iter()
                .all(|status| status["pending"] == 0 && status["tip"]["hash"] == *tip)
                .then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs root and network namespaces"]
async fn halves_wait_in_a_partition_and_three_of_four_do_not() {
    let mut pool = Pool::start().await;
    pool.bet(0);
    pool.settled().await;

    ip(&format!("link set {BETWEEN} down"));
    // What was decided in this moment may still arrive.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = pool.height(0);
    pool.bet(0);
    pool.bet(3);
    tokio::time::sleep(CUT).await;
    for (node, name) in NAMES.iter().enumerate() {
        assert!(pool.height(node) <= before + 1, "{name} decides alone");
        pool.until(node, "word of whom it waits for", |status| {
            status["waits"]["away"]
                .as_array()
                .is_some_and(|away| away.len() == 2)
        })
        .await;
    }
    ip(&format!("link set {BETWEEN} up"));
    let healed = Instant::now();
    pool.settled().await;
    println!(
        "2|2: all bets final {:?} after the cut was healed",
        healed.elapsed()
    );

    ip("link set bolao-v3 down");
    let before = pool.height(0);
    for _ in 0..5 {
        pool.bet(1);
        pool.until(1, "a block by three", |status| status["pending"] == 0)
            .await;
    }
    assert!(pool.height(0) > before);
    pool.bet(3);
    tokio::time::sleep(CUT).await;
    ip("link set bolao-v3 up");
    let healed = Instant::now();
    pool.settled().await;
    println!(
        "3|1: all bets final {:?} after the cut was healed",
        healed.elapsed()
    );

    let answer = pool.json(0, &["validators", "--json"]).unwrap();
    assert_eq!(answer["guilty"], json!([]));
    for child in &mut pool.children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    for home in &pool.homes {
        assert_audit_is_clean(home);
        let log = fs::read_to_string(home.join("log")).unwrap();
        assert!(!log.contains("signed two"), "{log}");
        assert!(!log.contains("voted twice"), "{log}");
    }
}
