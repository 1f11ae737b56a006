//! What the demo runs: a seed server and four nodes, each a process with a home of its own, and the program's other
//! commands, called as a person would.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use bolao_client::Client;
use bolao_ledger::{PoolId, Validator};
use bolao_node::Home;
use bolao_terminal::{error::Usage, time};
use bolao_wallet::WalletFile;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::{
    node::{Node, is_there},
    ports::{self, Ports},
    process::{self, Cleaner, Process},
    tournament::Tournament,
};

/// The time from one look at a condition to the next.
pub(crate) const LOOK: Duration = Duration::from_millis(50);
/// The most time that anything that is waited for may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The most time that one command may take.
const COMMAND: Duration = Duration::from_mins(1);

/// The owners of the nodes, each a validator of the same weight; the first ones are the organisers.
const OWNERS: [&str; 4] = ["ana", "bruno", "carla", "davi"];

/// The name of the player who may bet along.
pub(crate) const VISITOR: &str = "guest";

/// The number of owners who are organisers.
pub(crate) const ORGANISERS: usize = 3;

/// Everything that runs.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) tournament: Tournament,
    pub(crate) pool: PoolId,
    /// The notice that the pool's rules ask of organisers, in seconds.
    pub(crate) notice_s: u32,
    pub(crate) nodes: Vec<Node>,
    seed: Option<Process>,
    seed_port: u16,
    cleaner: Cleaner,
    pub(crate) dir: TempDir,
    free: Ports,
}

/// Waits until something is so.
pub(crate) async fn eventually(
    what: impl fmt::Display,
    mut done: impl AsyncFnMut() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    let end = Instant::now() + TIMEOUT;
    while !done().await? {
        if Instant::now() > end {
            bail!("after {} s: {what}", TIMEOUT.as_secs());
        }
        sleep(LOOK).await;
    }
    Ok(())
}

fn first_port(port: u16) -> anyhow::Result<u16> {
    if port == 0 {
        return Ports::new(0).free();
    }
    if ports::is_free(port) {
        return Ok(port);
    }
    Err(Usage(format!(
        "another program listens on port {port}: stop it, or give the demo's first node another port, such as \
         `bolao demo --port {}`",
        if port < 60_000 { port + 100 } else { 9100 }
    ))
    .into())
}

impl Network {
    /// Makes the homes of a pool over a tournament that begins now; starts nothing yet.
    pub(crate) fn build(port: u16, mut tournament: Tournament) -> anyhow::Result<Self> {
        let first = first_port(port)?;
        let mut free = Ports::new(first);
        let dir = tempfile::Builder::new()
            .prefix("bolao-demo-")
            .tempdir()
            .context("cannot make a temporary directory")?;
        let (mut homes, mut nodes, mut validators) = (Vec::new(), Vec::new(), Vec::new());
        for (no, owner) in (1..).zip(OWNERS) {
            let home = Home::open(dir.path().join(format!("node-{no}")))?;
            WalletFile::create(home.wallet_path(), "")?;
            let port = if no == 1 { first } else { free.free()? };
            let node = Node::of(no, owner, &home, port)?;
            validators.push(Validator {
                account: node.key.account(),
                key: home.validator_key()?,
                weight: 1,
            });
            nodes.push(node);
            homes.push(home);
        }
        let accounts = nodes.iter().map(|node| node.key.account());
        let now = time::now();
        tournament.plan(now);
        let organisers = accounts.take(ORGANISERS).collect();
        let genesis = tournament.genesis(organisers, validators, now)?;
        for home in homes {
            home.set_genesis(&genesis)?;
        }
        Ok(Self {
            pool: genesis.pool_id(),
            notice_s: genesis.rules.notice_s,
            tournament,
            nodes,
            seed: None,
            seed_port: free.free()?,
            cleaner: Cleaner::start(dir.path()),
            dir,
            free,
        })
    }

    /// Starts the seed server and every node.
    pub(crate) async fn start(&mut self) -> anyhow::Result<()> {
        let (dir, port) = (self.path("seed"), self.seed_port.to_string());
        let args = ["seed", "--port", &port, "--dir", &dir, "--upd_int", "2"];
        let seed = self
            .seed
            .insert(Process::start(&args, &self.log("seed"), &self.cleaner)?);
        let client = Client::new(&format!("http://127.0.0.1:{port}"))?;
        eventually("the seed server does not answer", async || {
            seed.check("the seed server")?;
            Ok(is_there(&client).await)
        })
        .await?;
        for node in &self.nodes {
            self.start_node(node)?;
        }
        for node in &self.nodes {
            self.wait_for_node(node).await?;
        }
        Ok(())
    }

    /// Has a visitor join by a link, as a person would, and starts their node.
    pub(crate) async fn add_visitor(&mut self, link: &str) -> anyhow::Result<Node> {
        let dir = self.dir.path().join(VISITOR);
        self.done(&dir, &["join", link, "--name", VISITOR]).await?;
        let (no, port) = (self.nodes.len() + 1, self.free.free()?);
        let node = Node::of(no, VISITOR, &Home::open(&dir)?, port)?;
        self.nodes.push(node.clone());
        self.start_node(&node)?;
        self.wait_for_node(&node).await?;
        Ok(node)
    }

    /// The node with a number, the first being 1.
    pub(crate) fn node(&self, no: usize) -> anyhow::Result<&Node> {
        no.checked_sub(1)
            .and_then(|index| self.nodes.get(index))
            .with_context(|| format!("the demo has no node {no}"))
    }

    /// The nodes that are meant to run.
    pub(crate) fn running(&self) -> Vec<&Node> {
        self.nodes.iter().filter(|node| node.is_up()).collect()
    }

    /// Starts a node's process.
    pub(crate) fn start_node(&self, node: &Node) -> anyhow::Result<()> {
        let home = node.home.display();
        let args = [
            format!("--home={home}"),
            "run".to_owned(),
            "--verbose".to_owned(),
            format!("--port={}", node.port),
            format!("--seed=127.0.0.1:{}", self.seed_port),
            "--upd_int=1".to_owned(),
        ];
        let log = self.log(&format!("node-{}", node.no));
        *node.process() = Some(Process::start(&args, &log, &self.cleaner)?);
        Ok(())
    }

    /// Waits until a node answers.
    pub(crate) async fn wait_for_node(&self, node: &Node) -> anyhow::Result<()> {
        let name = format!("node {}", node.no);
        eventually(format!("{name} does not answer"), async || {
            if let Some(process) = node.process().as_mut() {
                process.check(&name)?;
            }
            Ok(is_there(&node.client).await)
        })
        .await
    }

    /// Waits until every node knows and is connected to every other; how long that took.
    pub(crate) async fn wait_until_connected(&self) -> anyhow::Result<Duration> {
        let started = Instant::now();
        let others = self.nodes.len().saturating_sub(1);
        eventually("the nodes are not connected", async || {
            for node in &self.nodes {
                let status = node.status().await?;
                if status.known_nodes < others || status.peers < others {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await?;
        Ok(started.elapsed())
    }

    /// A path within the demo's directory.
    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    fn log(&self, name: &str) -> PathBuf {
        self.dir.path().join(format!("{name}.log"))
    }

    /// Calls `bolao --home HOME ARGS`: its output, or what it says of its failure.
    pub(crate) async fn call(
        &self,
        home: &Path,
        args: &[&str],
    ) -> anyhow::Result<Result<String, String>> {
        let line = args.join(" ");
        let child = process::command(&self.log("commands"))?
            .arg("--home")
            .arg(home)
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot call `bolao {line}`"))?;
        let output = timeout(COMMAND, child.wait_with_output())
            .await
            .with_context(|| format!("`bolao {line}` takes too long"))??;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        Ok(if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        })
    }

    /// Calls a command that has to succeed; gives its output.
    pub(crate) async fn done(&self, home: &Path, args: &[&str]) -> anyhow::Result<String> {
        match self.call(home, args).await? {
            Ok(printed) => Ok(printed),
            Err(error) => bail!("`bolao {}` failed: {error}", args.join(" ")),
        }
    }

    /// Ends the nodes and the seed server; the numbers of those that did not end cleanly.
    pub(crate) async fn end_processes(&mut self) -> Vec<usize> {
        let ending = self.nodes.iter().filter_map(|node| {
            let process = node.process().take();
            process.map(|mut process| async move { (node.no, process.end().await) })
        });
        let ended = futures::future::join_all(ending).await;
        if let Some(mut seed) = self.seed.take() {
            seed.end().await;
        }
        let unclean = ended.into_iter().filter(|(_, clean)| !clean);
        unclean.map(|(no, _)| no).collect()
    }

    /// Ends everything and removes every trace.
    pub(crate) async fn remove(mut self) -> anyhow::Result<()> {
        self.end_processes().await;
        self.cleaner.end();
        match self.dir.close() {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).context("cannot remove the demo's temporary directory")
            }
            _ => Ok(()),
        }
    }

    /// The ends of all logs that hold something.
    pub(crate) fn logs(&self) -> String {
        let entries = fs::read_dir(self.dir.path()).into_iter().flatten();
        let mut logs: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|end| end == "log"))
            .collect();
        logs.sort();
        let name = |log: &PathBuf| log.file_name().map(|name| name.display().to_string());
        let ends: Vec<String> = logs
            .iter()
            .map(|log| (name(log).unwrap_or_default(), process::tail(log)))
            .filter(|(_, tail)| !tail.is_empty())
            .map(|(name, tail)| format!("  last lines of {name}:\n{tail}"))
            .collect();
        ends.join("\n")
    }
}
