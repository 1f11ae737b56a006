//! Starting and stopping a whole node: what it has of the machine, and its pool.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, atomic::AtomicU64},
    time::Instant,
};

use axum::Router;
use bolao_api::{ApiConfig, MiningMode, below};
use bolao_chain::no_mining;
use bolao_discovery::{Limits, serve};
use bolao_ledger::Genesis;
use bolao_network::{NetworkHandle, Port};
use bolao_store::Reader;
use futures::FutureExt as _;
use tokio::{net::TcpListener, sync::Notify, task::spawn_blocking};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    clock::now,
    config::NodeConfig,
    engine::{Engine, EngineThread},
    error::{RunError, StartError},
    home::{Home, Running},
    machine::{Machine, bind, bind_all},
    mine::jobs::Jobs,
    mine::mining::{Mining, Threads},
    mine::outside::{OutsideWork, ServeMiners},
    pool::{self, Hears, Pool, open_wallet, protocol},
    reach::listeners::Listeners,
    recover::repair,
    serve::{backend::NodeBackend, metrics::Metrics, page_clocks::PageClocks},
    services::{
        self, Made, Parts, feeds::Feeds, push::Push, remind::Remind, tasks::Tasks, web::Web,
    },
};

/// A running node.
#[derive(Debug)]
pub struct Node {
    home: Home,
    url: String,
    port: u16,
    reader: Reader,
    /// The UDP port of the network.
    udp: Port,
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
        (config.mining, config.stratum) = (MiningMode::Manual, None);
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

fn limits(config: &NodeConfig) -> Limits {
    let mut limits = Limits::default();
    limits.proxies.clone_from(&config.proxies);
    limits
}

/// A way for this machine's own programs, where the node listens at one of its addresses in a network: that address goes with the
/// network. None where another program has the port.
async fn loopback(config: &NodeConfig) -> Option<(String, TcpListener)> {
    if config.ip.is_unspecified() || config.ip.is_loopback() {
        return None;
    }
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, config.port));
    match TcpListener::bind(here).await {
        Ok(listener) => Some((format!("http://{here}"), listener)),
        Err(error) => {
            tracing::warn!(%error, %here, "commands reach this node only through its network");
            None
        }
    }
}

/// All that a node has opened before anything of it runs.
struct Opened {
    machine: Machine,
    pool: Pool,
    running: pool::Running,
    threads: Threads,
    web: Web,
    http: Vec<TcpListener>,
    miners: Option<(TcpListener, ServeMiners)>,
    metrics: Option<TcpListener>,
}

impl Opened {
    /// Starts all services.
    async fn start(self, config: &NodeConfig, hears_first: bool) -> Result<Tasks, StartError> {
        let (pool, web) = (self.pool, self.web);
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
        let page = config.chosen_page_url();
        let remind = Remind::open(config.remind.as_ref(), page.clone(), &pool)?;
        let push = Push::open(page, config.push_anywhere, &pool)?;
        let (machine, feeds) = (self.machine, Feeds::new(&pool));
        let node = Arc::new(NodeBackend {
            push: push.clone(),
            feeds: Arc::clone(&feeds),
            machine: machine.clone(),
            link: web.link(),
            page_clocks: PageClocks::default(),
            mining,
            jobs,
            token: pool.home.token()?,
            started: Instant::now(),
            started_unix: now().unix,
            answered: AtomicU64::default(),
            pool,
        });
        let mut router = bolao_api::router(Arc::clone(&node) as _, api_config(config));
        let miners = self.miners.map(|it| stratum(it, &node));
        let discovering = machine.clone().discovers(node.pool.stop.clone());
        let mut answering: Vec<Made> = vec![("discovery", discovering.boxed())];
        answering.extend(miners.transpose()?);
        if let Some(listener) = self.metrics {
            let metrics = Metrics::new(Arc::clone(&node));
            let (served, measured) = metrics.serve(listener, api_config(config), router);
            answering.push(served);
            router = measured;
        }
        router = below(router, &config.page_path());
        let addresses = node.machine.registry.local_addresses.subscribe();
        let http = Listeners::new(self.http, addresses);
        answering.extend(answer(config, &node.pool, http, &router).await?);
        let parts = Parts {
            running: self.running,
            port: machine.port.clone(),
            discovery: machine.discovery.clone(),
            registry: Arc::clone(&machine.registry),
            feeds,
            push,
            remind,
            joins: config.auto_join,
            logs: config.logs.clone(),
            web,
            router,
            answering,
            others: vec![
                ("the network", machine.clone().loses_network().boxed()),
                (
                    "looking at this node's address",
                    machine.keeps_address().boxed(),
                ),
                ("mining", task.run().boxed()),
                ("news for miners", news.boxed()),
            ],
        };
        Ok(services::start(&node.pool, parts))
    }
}

/// Answers HTTP at the listeners, and on loopback where that is another address.
async fn answer(
    config: &NodeConfig,
    pool: &Pool,
    listeners: Listeners,
    router: &Router,
) -> Result<Vec<Made>, StartError> {
    let loopback = loopback(config).await;
    let here = loopback.as_ref().map(|(url, _)| url.clone());
    // First, so that commands find the node that has answered; who calls before waits at the listener.
    let here = Running::here(&here.unwrap_or_else(|| config.local_url()));
    pool.home.set_running(&here)?;
    let stop = || pool.stop.clone().cancelled_owned();
    let served = serve(listeners, router.clone(), limits(config), stop());
    let mut all: Vec<Made> = vec![("HTTP", served.boxed())];
    if let Some((_, listener)) = loopback {
        let served = serve(listener, router.clone(), limits(config), stop());
        all.push(("HTTP on loopback", served.boxed()));
    }
    Ok(all)
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
    /// Opens the home's chain and wallet, listens, and starts everything. Returns once HTTP and UDP are there.
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
        let store = repair::open(&home, &genesis).await?;
        let wallet = open_wallet(&home, &config.passphrase)?;
        let player = wallet.player().account();
        let (machine, inputs) = Machine::open(&home, protocol(&genesis), &mut config).await?;
        let miners = miners(&mut config, &genesis).await?;
        let metrics = match config.metrics {
            Some(at) => Some(bind(at.ip(), at.port(), "--metrics").await?),
            None => None,
        };
        let (site, relay) = (config.site.clone(), config.relay.clone());
        let web = Web::open(config.chosen_page_url(), site, relay, &home)?;

        let cancel = CancellationToken::new();
        // Whatever was started ends again if a later step fails.
        let guard = cancel.clone().drop_guard();
        let (udp, network) = (machine.port.clone(), machine.network.clone());
        let knows_others = machine.knows_others() || !config.seeds.is_empty();
        let heard = (network.clone(), inputs.network_events);
        let hears = Hears {
            nodes: knows_others,
            // One that was not stopped still says that it runs.
            pages: home.running()?.is_some(),
        };
        let (pool, core, running) = Pool::open(store, wallet, &home, heard, hears, cancel.clone())?;
        let votes_again = Arc::clone(&running.votes_again);
        let (reader, engine) = (pool.reader.clone(), pool.engine.clone());
        let opened = Opened {
            machine,
            pool,
            running,
            threads: inputs.miners,
            web,
            http: inputs.listeners,
            miners,
            metrics,
        };
        let tasks = opened.start(&config, knows_others).await?;
        let url = config.local_url();
        tracing::info!(%url, pool = %reader.pool_id(), account = %player, "the node is running");
        guard.disarm();
        Ok(Self {
            home,
            url,
            port: config.port,
            reader,
            udp,
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
        &self.url
    }

    /// The port, TCP and UDP alike.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
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

    /// Runs until `shutdown` is done or the node fails, then closes everything.
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
            lost = tasks.lost() => Some(lost),
            () = self.votes_again.notified() => {
                votes_again = true;
                None
            }
            found = repair::watch(&self.home, &self.reader) => {
                damage = Some(found);
                None
            }
        };
        self.cancel.cancel();
        self.network.shutdown().await;
        self.udp.shutdown().await;
        tasks.finish().await;
        let core = self.core;
        let core = tokio::task::spawn_blocking(move || core.join()).await;
        let core = core.unwrap_or(Err(RunError::CorePanicked));
        let cleared = self.home.clear_running();
        if let Err(error) = &cleared {
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
        if let Some(lost) = lost {
            return Err(RunError::Lost {
                part: lost.to_string(),
            });
        }
        Ok(cleared?)
    }
}

/// The settings of the API, with the address of the page among its origins and hosts.
fn api_config(config: &NodeConfig) -> ApiConfig {
    let page = config.chosen_page_url();
    let page = page.as_ref().and_then(|url| Url::parse(url).ok());
    let mut api = config.api.clone();
    if let Some(page) = page {
        api.classic_origins
            .push(page.origin().ascii_serialization());
        api.hosts.extend(page.host_str().map(str::to_owned));
    }
    api
}
