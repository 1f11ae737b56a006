//! What the demo is played on: a seed server and four nodes, each a process with a home of its own.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use bolao_client::Client;
use bolao_ledger::PoolId;
use bolao_node::Home;
use bolao_terminal::{error::usage, time};
use bolao_wallet::{Key, WalletFile};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{
    node::{DemoNode, NodeInfo, is_there},
    ports::{self, Ports},
    process::{Cleaner, Process},
    tournament::{Tournament, Which},
};
/// How often a condition is looked at.
pub(crate) const LOOK: Duration = Duration::from_millis(50);
/// How long the nodes may take to listen, and then to find one another.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whose nodes there are, and which mine; the first ones are the organisers'.
const OWNERS: [(&str, bool); 4] = [
    ("ana", false),
    ("bruno", true),
    ("carla", false),
    ("davi", true),
];

/// Who may bet along.
pub(crate) const VISITOR: &str = "you";

/// How many of them are organisers.
pub(crate) const ORGANISERS: usize = 3;

/// Everything that runs.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) tournament: Tournament,
    pub(crate) pool: PoolId,
    pub(crate) nodes: Vec<DemoNode>,
    pub(crate) seed: Option<Process>,
    seed_port: u16,
    pub(crate) cleaner: Cleaner,
    pub(crate) dir: TempDir,
    free: Ports,
}

fn first_port(port: u16) -> anyhow::Result<u16> {
    if port == 0 {
        return Ports::new(0).free();
    }
    if ports::is_free(port) {
        return Ok(port);
    }
    Err(usage(format!(
        "another program listens on port {port}: stop it, or give the demo's first node another port, such as \
         `bolao demo --port {}`",
        if port < 60_000 { port + 100 } else { 9100 }
    )))
}

impl Network {
    /// Makes the homes; starts nothing yet.
    pub(crate) fn build(port: u16, which: Which) -> anyhow::Result<Self> {
        let first = first_port(port)?;
        let mut free = Ports::new(first);
        let dir = tempfile::Builder::new()
            .prefix("bolao-demo-")
            .tempdir()
            .context("cannot make a temporary directory")?;
        let mut homes = Vec::new();
        for (index, _) in OWNERS.iter().enumerate() {
            let home = Home::open(dir.path().join(format!("node-{}", index + 1)))?;
            let key = WalletFile::create(home.wallet_path(), "")?.player();
            homes.push((home, key));
        }
        let accounts = homes.iter().map(|(_, key)| key.account());
        let organisers = accounts.take(ORGANISERS).collect();
        let tournament = Tournament::load(which)?;
        let genesis = tournament.genesis(organisers, time::now())?;
        let mut nodes = Vec::new();
        for (no, ((owner, mines), (home, key))) in (1..).zip(OWNERS.into_iter().zip(homes)) {
            home.set_genesis(&genesis)?;
            let port = if no == 1 { first } else { free.free()? };
            nodes.push(node(no, (owner, mines), &home, key, port)?);
        }
        Ok(Self {
            pool: genesis.pool_id(),
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
        let dir = self.dir.path().join("seed");
        let mut args = vec!["seed".into(), "--ip".into(), "127.0.0.1".into()];
        args.extend(["--port".into(), self.seed_port.to_string()]);
        args.extend(["--dir".into(), dir.display().to_string()]);
        args.extend(["--upd_int".into(), "2".into()]);
        let log = self.dir.path().join("seed.log");
        self.seed = Some(Process::start::<String>(args, &log, &self.cleaner)?);
        let seed = Client::new(&format!("http://127.0.0.1:{}", self.seed_port))?;
        self.wait("the seed server", async |network| {
            if let Some(seed) = &mut network.seed
                && let Some(status) = seed.ended()
            {
                bail!("the seed server ended ({status}):\n{}", seed.tail());
            }
            Ok(is_there(&seed).await)
        })
        .await?;
        for no in 1..=self.nodes.len() {
            self.start_node(no)?;
        }
        for no in 1..=self.nodes.len() {
            self.wait_for_node(no).await?;
        }
        Ok(())
    }

    /// Has a visitor join by a link, as a person would, and starts their node; gives its number.
    pub(crate) async fn add_visitor(&mut self, link: &str) -> anyhow::Result<usize> {
        let no = self.nodes.len() + 1;
        let dir = self.dir.path().join(VISITOR);
        let home = dir.display().to_string();
        self.done(&["--home", &home, "join", link, "--name", VISITOR])
            .await?;
        let home = Home::open(&dir)?;
        let key = WalletFile::open(home.wallet_path(), "")?.player();
        let port = self.free.free()?;
        self.nodes
            .push(node(no, (VISITOR, false), &home, key, port)?);
        self.start_node(no)?;
        self.wait_for_node(no).await?;
        Ok(no)
    }

    /// The node with a number, the first being 1.
    pub(crate) fn node(&self, no: usize) -> anyhow::Result<&DemoNode> {
        no.checked_sub(1)
            .and_then(|index| self.nodes.get(index))
            .with_context(|| format!("the demo has no node {no}"))
    }

    fn node_mut(&mut self, no: usize) -> anyhow::Result<&mut DemoNode> {
        no.checked_sub(1)
            .and_then(|index| self.nodes.get_mut(index))
            .with_context(|| format!("the demo has no node {no}"))
    }

    /// What can be seen of the nodes.
    pub(crate) fn infos(&self) -> Vec<NodeInfo> {
        self.nodes.iter().map(|node| node.info.clone()).collect()
    }

    /// Starts a node's process.
    pub(crate) fn start_node(&mut self, no: usize) -> anyhow::Result<()> {
        let (cleaner, seed) = (self.cleaner.clone(), self.seed_port);
        let node = self.node_mut(no)?;
        let mut args = vec!["--home".into(), node.home.display().to_string()];
        args.extend(["run", "--ip", "127.0.0.1", "--port"].map(String::from));
        args.push(node.info.port.to_string());
        args.extend(["--seed".into(), format!("127.0.0.1:{seed}")]);
        let mining = if node.info.mines { "pending" } else { "manual" };
        args.extend(["--upd_int", "1", "--threads", "1", "--mine"].map(String::from));
        args.push(mining.into());
        node.process = Some(Process::start::<String>(args, &node.log, &cleaner)?);
        node.info.up.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Waits until a node answers.
    pub(crate) async fn wait_for_node(&mut self, no: usize) -> anyhow::Result<()> {
        let client = self.node(no)?.info.client.clone();
        self.wait(&format!("node {no}"), async |network| {
            let node = network.node_mut(no)?;
            if let Some(process) = &mut node.process
                && let Some(status) = process.ended()
            {
                bail!("node {no} ended ({status}):\n{}", process.tail());
            }
            Ok(is_there(&client).await)
        })
        .await
    }

    async fn wait(
        &mut self,
        what: &str,
        mut done: impl AsyncFnMut(&mut Self) -> anyhow::Result<bool>,
    ) -> anyhow::Result<()> {
        let end = Instant::now() + PATIENCE;
        while !done(self).await? {
            if Instant::now() > end {
                bail!(
                    "{what} does not answer after {} s:\n{}",
                    PATIENCE.as_secs(),
                    self.logs()
                );
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Waits until every node knows and is connected to every other; how long that took.
    pub(crate) async fn wait_until_connected(&mut self) -> anyhow::Result<Duration> {
        let started = Instant::now();
        let others = self.nodes.len().saturating_sub(1);
        let infos = self.infos();
        self.wait("the network of nodes", async |_| {
            for info in &infos {
                let status = info.status().await?;
                if status.known_nodes < others || status.peers < others {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await?;
        Ok(started.elapsed())
    }

    /// Kills a node's process without warning.
    pub(crate) async fn kill_node(&mut self, no: usize) -> anyhow::Result<()> {
        let node = self.node_mut(no)?;
        node.info.up.store(false, Ordering::Relaxed);
        match node.process.take() {
            Some(mut process) => process.kill().await,
            None => Ok(()),
        }
    }

    /// Where a log is.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.dir.path().join(format!("{name}.log"))
    }

    /// Where a node's home is.
    pub(crate) fn home(&self, no: usize) -> anyhow::Result<&Path> {
        Ok(&self.node(no)?.home)
    }
}

/// A node that does not run yet.
fn node(
    no: usize,
    (owner, mines): (&'static str, bool),
    home: &Home,
    key: Key,
    port: u16,
) -> anyhow::Result<DemoNode> {
    let client = Client::new(&format!("http://127.0.0.1:{port}"))?;
    let dir = home.dir();
    Ok(DemoNode {
        info: NodeInfo {
            no,
            owner,
            account: key.account(),
            port,
            mines,
            client: client.with_token(home.token()?),
            up: Arc::new(AtomicBool::new(false)),
        },
        key,
        log: dir.with_file_name(format!("node-{no}.log")),
        home: dir.to_owned(),
        process: None,
    })
}
