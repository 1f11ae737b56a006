//! A host that keeps running the pools of a home: one that stops is mended and started again, and holds up no other.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use bolao_ledger::Genesis;
use bolao_node::{Home, Host, Node, NodeConfig, RunError, StartError};
use bolao_store::{OpenError, StoreError};
use tokio::{task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{exit::sentence, output};

/// From one try of what still has the store to the next.
const PAUSE: Duration = Duration::from_millis(500);
/// The most tries.
const MOST_TRIES: u32 = 20;
/// The most times in its life that a pool's store is mended.
const MOST_MENDED: u32 = 3;
/// From one look at which pools there are to the next.
const LOOK: Duration = Duration::from_secs(2);
/// The time after which a pool that could not be kept running is tried again.
const AGAIN: Duration = Duration::from_mins(1);

/// Who hears of a pool's node, each time that it starts and ends.
pub(crate) trait Follower: Send {
    /// It answers once this is done.
    fn started(&mut self, node: &Node) -> impl Future<Output = anyhow::Result<()>> + Send;

    fn ended(&mut self) {}
}

/// A pool that is to run.
#[derive(Clone, Debug)]
pub(crate) struct HostedPool {
    pub(crate) home: Home,
    pub(crate) genesis: Genesis,
    pub(crate) config: NodeConfig,
}

impl HostedPool {
    /// Runs it until `stop`.
    ///
    /// # Errors
    /// What it cannot go on with.
    pub(crate) async fn run(
        &self,
        host: &Host,
        stop: &CancellationToken,
        follower: impl Follower,
    ) -> anyhow::Result<()> {
        let ended = self.go_on(host, stop, follower).await;
        host.hide(&self.home.code()?);
        ended
    }

    async fn go_on(
        &self,
        host: &Host,
        stop: &CancellationToken,
        mut follower: impl Follower,
    ) -> anyhow::Result<()> {
        let (mut mended, mut tries, mut restarted) = (0, 0, false);
        loop {
            let (home, genesis, config) = (&self.home, &self.genesis, &self.config);
            let starting = Node::start_on(host, home.clone(), genesis.clone(), config.clone());
            let node = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                node = Box::pin(starting) => node,
            };
            let node = match node {
                // What began before the node stopped may still have the store.
                Err(StartError::Open(OpenError::InUse { .. }))
                    if restarted && tries < MOST_TRIES =>
                {
                    tries += 1;
                    sleep(PAUSE).await;
                    continue;
                }
                Err(error) if mended < MOST_MENDED && error.damage().is_some() => {
                    (mended, restarted) = (mended + 1, true);
                    tracing::error!(%error, "the store is damaged and is being repaired");
                    self.mend(error.damage()).await?;
                    continue;
                }
                node => node.map_err(|error| self.in_use(error))?,
            };
            tries = 0;
            follower.started(&node).await?;
            let over = node.run(stop.cancelled()).await;
            follower.ended();
            match over {
                Err(RunError::Damaged { source }) if mended < MOST_MENDED => {
                    (mended, restarted) = (mended + 1, true);
                    tracing::error!(error = %source, "the node stops, repairs its store and starts again");
                    self.mend(Some(&source)).await?;
                }
                Err(RunError::VotesAgain) => restarted = true,
                Err(error @ RunError::Damaged { .. }) => {
                    return Err(anyhow::Error::new(error)
                        .context("the store keeps getting damaged: the disk may be failing"));
                }
                over => return Ok(over?),
            }
        }
    }

    /// Makes a store anew whose entries make no sense: of one whose pages are damaged, the start sees that by itself.
    async fn mend(&self, damage: Option<&StoreError>) -> anyhow::Result<()> {
        if !matches!(damage, Some(StoreError::Corrupt { .. })) {
            return Ok(());
        }
        let mut tries = 0;
        loop {
            let (home, genesis) = (self.home.clone(), self.genesis.clone());
            let repair = move || bolao_node::mend(&home, &genesis, |_, _| {});
            match tokio::task::spawn_blocking(repair).await? {
                // What began before the node stopped may still have it.
                Err(StartError::Open(OpenError::InUse { .. })) if tries < MOST_TRIES => {
                    tries += 1;
                    sleep(PAUSE).await;
                }
                mended => return Ok(mended.map(drop)?),
            }
        }
    }

    /// A second node on one home is the likeliest reason for a store that is in use.
    fn in_use(&self, error: StartError) -> anyhow::Error {
        match error {
            StartError::Open(OpenError::InUse { .. }) => anyhow::anyhow!(
                "another node uses {0} already: stop it, or choose another home with --home",
                self.home.dir().display()
            ),
            error => error.into(),
        }
    }
}

/// The pools of a home besides the one that the command line chose: those that are there, and those that come.
#[derive(Debug)]
pub(crate) struct OtherPools {
    pub(crate) host: Host,
    /// The home's directory.
    pub(crate) dir: PathBuf,
    /// The code of the one that is not among them.
    pub(crate) but: String,
    /// The only ones that are wanted, if not all are.
    pub(crate) only: Vec<String>,
    pub(crate) config: NodeConfig,
}

/// One of them, while it runs or is tried.
struct KeptPool {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl OtherPools {
    /// The pools that are to run now, by their codes, and those that are archives.
    pub(crate) fn wanted(
        &self,
    ) -> anyhow::Result<(BTreeMap<String, Home>, BTreeMap<String, Home>)> {
        let (mut run, mut archived) = (BTreeMap::new(), BTreeMap::new());
        for home in Home::pools(&self.dir)? {
            // Rules that cannot be read are said, and read again, as whatever else keeps a pool from running.
            let code = home.code().unwrap_or_default();
            if code == self.but || !(self.only.is_empty() || self.only.contains(&code)) {
                continue;
            }
            let of = if home.is_archived() {
                &mut archived
            } else {
                &mut run
            };
            of.insert(code, home);
        }
        Ok((run, archived))
    }

    /// Keeps them running until `stop`.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut kept: BTreeMap<String, KeptPool> = BTreeMap::new();
        loop {
            match self.wanted() {
                Ok((wanted, archived)) => {
                    self.follow(&mut kept, wanted, &stop).await;
                    self.host.set_archives(archived, &self.config);
                }
                Err(error) => tracing::warn!("{}", sentence(&error)),
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = sleep(LOOK) => {}
            }
        }
        for (_, KeptPool { task, .. }) in kept {
            let _ = task.await;
        }
    }

    async fn follow(
        &self,
        kept: &mut BTreeMap<String, KeptPool>,
        wanted: BTreeMap<String, Home>,
        stop: &CancellationToken,
    ) {
        let gone = kept.extract_if(.., |code, _| !wanted.contains_key(code));
        for (_, gone) in gone.collect::<Vec<_>>() {
            gone.stop.cancel();
            let _ = gone.task.await;
        }
        for (code, home) in wanted {
            kept.entry(code).or_insert_with(|| {
                let stop = stop.child_token();
                let (host, config) = (self.host.clone(), self.config.clone());
                let task = tokio::spawn(keep(host, home, config, stop.clone()));
                KeptPool { stop, task }
            });
        }
    }
}

/// Keeps one of them running. What stops it is told and kept, and it is tried again.
async fn keep(host: Host, home: Home, config: NodeConfig, stop: CancellationToken) {
    let mut told = String::new();
    while !stop.is_cancelled() {
        let kept = keep_once(&host, &home, &config, &stop).await;
        let Err(error) = kept else { break };
        tell(&home, &error, &mut told);
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep(AGAIN) => {}
        }
    }
}

/// Keeps a pool running that has just stopped for this reason.
pub(crate) async fn keep_after(
    error: &anyhow::Error,
    host: &Host,
    hosted: &HostedPool,
    stop: &CancellationToken,
) {
    tell(&hosted.home, error, &mut String::new());
    tokio::select! {
        () = stop.cancelled() => return,
        () = sleep(AGAIN) => {}
    }
    let (host, config) = (host.clone(), hosted.config.clone());
    keep(host, hosted.home.clone(), config, stop.clone()).await;
}

/// Tells why a pool does not run, and keeps it, unless that is `told`.
fn tell(home: &Home, error: &anyhow::Error, told: &mut String) {
    let why = sentence(error);
    if why == *told {
        return;
    }
    tracing::error!(pool = %home.dir().display(), "this pool does not run: {why}");
    if let Err(error) = home.set_trouble(Some(&why)) {
        tracing::warn!(%error, "that cannot be kept");
    }
    *told = why;
}

async fn keep_once(
    host: &Host,
    home: &Home,
    config: &NodeConfig,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let hosted = HostedPool {
        home: home.clone(),
        genesis: home.genesis()?,
        config: config.clone(),
    };
    let follower = AnotherPool {
        home: home.clone(),
        name: hosted.genesis.name.to_string(),
    };
    hosted.run(host, stop, follower).await
}

/// Says where the page of another pool is.
struct AnotherPool {
    home: Home,
    name: String,
}

impl Follower for AnotherPool {
    async fn started(&mut self, node: &Node) -> anyhow::Result<()> {
        self.home.set_trouble(None)?;
        let (name, url) = (&self.name, node.local_url());
        output::hint!("Your node of {name} runs: {url}/");
        Ok(())
    }
}
