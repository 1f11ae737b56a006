//! Starting and stopping the node of a pool, on a host of its own or on one that it shares.

use std::{
    io,
    sync::{Arc, atomic::AtomicU64},
    time::Instant,
};

use axum::Router;
use bolao_api::{HostPools, MiningMode};
use bolao_chain::no_mining;
use bolao_ledger::Genesis;
use bolao_network::NetworkHandle;
use bolao_store::Reader;
use futures::FutureExt as _;
use tokio::{net::TcpListener, sync::Notify, task::spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::now,
    config::NodeConfig,
    engine::{Engine, EngineThread},
    error::{RunError, StartError},
    home::Home,
    host::Host,
    machine::{bind, bind_all},
    mine::jobs::Jobs,
    mine::mining::{Mining, Threads},
    mine::outside::{OutsideWork, ServeMiners},
    pool::{self, Hears, Pool, open_wallet, protocol},
    recover::repair,
    serve::{backend::NodeBackend, page_clocks::PageClocks},
    services::{self, Made, Parts, feeds::Feeds, push::Push, remind::Remind, tasks::Tasks},
};

/// The running node of a pool.
#[derive(Debug)]
pub struct Node {
    home: Home,
    host: Host,
    /// Whether the host ends with it.
    is_alone: bool,
    code: String,
    reader: Reader,
    network: NetworkHandle,
    engine: Engine,
    core: EngineThread,
    /// Told once the home may vote, and its node is to start again.
    votes_again: Arc<Notify>,
    tasks: Tasks,
    cancel: CancellationToken,
}

/// Tells whether a running node is at work.
#[derive(Clone, Debug)]
pub struct Liveness(Engine);

impl Liveness {
    /// Returns once the core has done all that came before: whether it still runs.
    pub async fn beat(&self) -> bool {
        self.0.alive().await.is_ok()
    }
}

/// Mends the home, as far as it can be.
async fn put_damaged_aside(home: &Home) -> Result<(), StartError> {
    let home = home.clone();
    let put = spawn_blocking(move || home.put_damaged_aside(services::kept::read(&home)));
    Ok(put.await.map_err(io::Error::other)?)
}

/// Listens for standard miners, if that is wanted. Where validators make the blocks, nobody mines, whatever is wanted.
async fn miners(
    config: &mut NodeConfig,
    genesis: &Genesis,
) -> Result<Option<(TcpListener, ServeMiners)>, StartError> {
    if no_mining(genesis).is_some() {
        (config.mining, config.stratum, config.searcher) = (MiningMode::Manual, None, None);
    } else if config.searcher.is_none() {
        tracing::warn!(
            "this program was built without the miner: blocks come only from other nodes and from `bolao miner --node`"
        );
    }
    match config.stratum.clone() {
        Some((at, server)) => Ok(Some((bind(at.ip(), at.port(), "--stratum").await?, server))),
        None => Ok(None),
    }
}

/// All that a node has opened before anything of it runs.
struct Opened {
    host: Host,
    pool: Pool,
    running: pool::Running,
    threads: Threads,
    miners: Option<(TcpListener, ServeMiners)>,
}

impl Opened {
    /// Starts all services. Gives them, and the routes of the pool.
    fn start(self, config: &NodeConfig, hears_first: bool) -> Result<(Tasks, Router), StartError> {
        let (pool, host) = (self.pool, self.host);
        let (mode, pace) = (config.mining, config.idle_pace);
        let (jobs, news) = Jobs::new(pool.engine.clone(), pool.reader.clone(), pace)?;
        let (jobs, player) = (Arc::new(jobs), pool.signer.player());
        let (mining, mut task) = Mining::new(Arc::clone(&jobs), self.threads, player, mode, pace);
        if hears_first {
            let pool = pool.clone();
            task = task.after(async move {
                let _ = pool.caught_up().await;
            });
        }
        let link = host.web().link(&path(&pool.home)?);
        let remind = Remind::open(config.remind.as_ref(), link.url.clone(), &pool)?;
        let push = Push::open(link.url.clone(), config.push_anywhere, &pool)?;
        let (machine, feeds) = (host.machine().clone(), Feeds::new(&pool));
        let node = Arc::new(NodeBackend {
            push: push.clone(),
            feeds: Arc::clone(&feeds),
            machine: machine.clone(),
            link,
            page_clocks: PageClocks::default(),
            mining,
            jobs,
            token: pool.home.token()?,
            started: Instant::now(),
            started_unix: now().unix,
            answered: AtomicU64::default(),
            pool,
        });
        let mut router = bolao_api::router(Arc::clone(&node) as _, config.of_api());
        let miners = self.miners.map(|it| stratum(it, &node));
        let answering: Vec<Made> = miners.transpose()?.into_iter().collect();
        if let Some(measured) = host.measured() {
            router = measured.add(&node.pool.home.code()?, &node, router);
        }
        let network = node.pool.network.clone();
        let parts = Parts {
            running: self.running,
            discovery: machine.discovery.clone(),
            registry: Arc::clone(&machine.registry),
            feeds,
            push,
            remind,
            joins: config.auto_join,
            logs: config.logs.clone(),
            web: host.web().clone(),
            answering,
            others: vec![
                ("the network", stops(network.clone()).boxed()),
                (
                    "telling this node's address",
                    machine.tells_address(network).boxed(),
                ),
                ("mining", task.run().boxed()),
                ("news for miners", news.boxed()),
            ],
        };
        Ok((services::start(&node.pool, parts), router))
    }
}

/// Returns once a network has stopped.
async fn stops(network: NetworkHandle) {
    network.stopped().await;
}

/// The path of a pool's page on its host: of the first pool, none.
fn path(home: &Home) -> Result<String, StartError> {
    if home.is_first() {
        return Ok(String::new());
    }
    Ok(HostPools::path(&home.code()?))
}

/// Gives work to standard miners.
fn stratum(
    (listener, server): (TcpListener, ServeMiners),
    NodeBackend { jobs, pool, .. }: &NodeBackend,
) -> Result<Made, StartError> {
    let work = OutsideWork::new(Arc::clone(jobs), pool.reader.clone());
    let local = listener.local_addr()?;
    let from = if local.ip().is_loopback() {
        "on this machine"
    } else {
        "on every machine that reaches this one"
    };
    tracing::info!(address = %local, "standard miners {from} may connect (Stratum V1)");
    let served = server.serve(listener, work, pool.stop.clone());
    let served = async move {
        if let Err(error) = served.await {
            tracing::error!(%error, "Stratum stopped");
        }
    };
    Ok(("Stratum", served.boxed()))
}

impl Node {
    /// Opens the home's chain and wallet, listens, and starts everything, on a host of its own. Returns once HTTP and UDP are there.
    ///
    /// # Errors
    /// Says what is in the way: a port in use, a home in use, a damaged file.
    pub async fn start(
        home: Home,
        genesis: Genesis,
        mut config: NodeConfig,
    ) -> Result<Self, StartError> {
        // A node that cannot listen writes nothing into its home.
        drop(bind_all(config.ip, config.port).await?);
        home.set_genesis(&genesis)?;
        put_damaged_aside(&home).await?;
        let host = Host::open(&home, config.clone()).await?;
        config.port = host.port();
        let mut node = Self::start_on(&host, home, genesis, config).await?;
        node.is_alone = true;
        host.answer().await?;
        Ok(node)
    }

    /// The same on a host that other pools may share. It answers once the host does.
    ///
    /// # Errors
    /// Says what is in the way: a home in use, a damaged file.
    pub async fn start_on(
        host: &Host,
        home: Home,
        genesis: Genesis,
        mut config: NodeConfig,
    ) -> Result<Self, StartError> {
        home.set_genesis(&genesis)?;
        put_damaged_aside(&home).await?;
        let store = repair::open(&home, &genesis).await?;
        let wallet = open_wallet(&home, &config.passphrase)?;
        let player = wallet.player().account();
        let code = home.code()?;
        if home.is_first() {
            host.pools().set_first(&code);
        }
        host.pools().pause(&code);
        let miners = miners(&mut config, &genesis).await?;
        let threads = Threads::start(config.searcher.as_ref()).map_err(StartError::Miner)?;

        let cancel = CancellationToken::new();
        // Whatever was started ends again if a later step fails.
        let guard = cancel.clone().drop_guard();
        let machine = host.machine();
        let (network, events) = machine.join(&home, protocol(&genesis))?;
        let knows_others = machine.knows_others() || !config.seeds.is_empty();
        let heard = (network.clone(), events);
        let hears = Hears {
            nodes: knows_others,
            pages: host.was_not_stopped(),
        };
        let (pool, core, running) = Pool::open(store, wallet, &home, heard, hears, cancel.clone())?;
        let votes_again = Arc::clone(&running.votes_again);
        let (reader, engine) = (pool.reader.clone(), pool.engine.clone());
        let opened = Opened {
            host: host.clone(),
            pool,
            running,
            threads,
            miners,
        };
        let (tasks, router) = opened.start(&config, knows_others)?;
        host.pools().show(&code, router);
        let url = host.url();
        tracing::info!(%url, pool = %reader.pool_id(), account = %player, "the node is running");
        guard.disarm();
        Ok(Self {
            home,
            host: host.clone(),
            is_alone: false,
            code,
            reader,
            network,
            engine,
            core,
            votes_again,
            tasks,
            cancel,
        })
    }

    /// The URL for programs on this machine, such as `http://127.0.0.1:9000`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.host.url()
    }

    /// The URL of this pool for programs on this machine.
    #[must_use]
    pub fn local_url(&self) -> String {
        format!("{}{}", self.host.url(), HostPools::path(&self.code))
    }

    /// The port, TCP and UDP alike.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.host.port()
    }

    /// Read access to the chain.
    #[must_use]
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// For whoever restarts a node that hangs.
    #[must_use]
    pub fn pulse(&self) -> Liveness {
        Liveness(self.engine.clone())
    }

    /// Runs until `shutdown` is done or the node fails, then closes everything, and the host if it is its own.
    ///
    /// # Errors
    /// What made the node fail, such as a full disk.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), RunError> {
        let mut tasks = self.tasks;
        let (mut damage, mut asked, mut votes_again) = (None, false, false);
        let lost = tokio::select! {
            () = shutdown => {
                asked = true;
                None
            }
            // Why the core has stopped is returned below.
            () = self.cancel.cancelled() => None,
            lost = tasks.lost() => Some(RunError::Lost { part: lost.to_string() }),
            lost = self.host.lost(), if self.is_alone => Some(lost),
            () = self.votes_again.notified() => {
                votes_again = true;
                None
            }
            found = repair::watch(&self.home, &self.reader) => {
                damage = Some(found);
                None
            }
        };
        // Whoever keeps it running hides it in the end.
        self.host.pools().pause(&self.code);
        self.cancel.cancel();
        self.network.shutdown().await;
        tasks.finish().await;
        let core = self.core;
        let core = tokio::task::spawn_blocking(move || core.join()).await;
        let core = core.unwrap_or(Err(RunError::CorePanicked));
        let closed = if self.is_alone {
            self.host.close().await
        } else {
            Ok(())
        };
        if let Err(error) = &closed {
            tracing::warn!(%error, "the home still says that the node is running");
        }
        // Whatever else went wrong, it may be for that. Who asked it to end does not want it mended now.
        if !asked && let Some(source) = damage.or_else(|| self.reader.damage()) {
            return Err(RunError::Damaged { source });
        }
        if votes_again {
            core?;
            return Err(RunError::VotesAgain);
        }
        core.map_err(|error| if asked { error } else { error.or_damaged() })?;
        lost.map_or(closed, Err)
    }
}
