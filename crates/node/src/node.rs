//! Starting and stopping a whole node.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, atomic::AtomicU64},
    time::Instant,
};

use anyhow::Context as _;
use bolao_api::ApiConfig;
use bolao_chain::{Core, CoreConfig};
use bolao_discovery::{Discovery, DiscoveryConfig, Limits, serve};
use bolao_ledger::{Genesis, Name, TipMode};
use bolao_miner::Options;
use bolao_network::{Network, NetworkHandle};
use bolao_store::{Reader, Store};
use bolao_stratum::StratumConfig;
use bolao_wallet::WalletFile;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    addresses::Addresses,
    backend::NodeBackend,
    bridge::bridge,
    config::NodeConfig,
    dialer,
    engine::{Engine, EngineThread, now},
    home::{Home, Running},
    jobs::Jobs,
    joining,
    mining::{Mining, MiningConfig},
    opening,
    registry::Registry,
    signing::Signer,
    stratum::Work,
    tasks::Tasks,
    tips::PeerTips,
    watch::Watch,
};

/// How often a free port is tried that is free for TCP and UDP alike.
const PORT_TRIES: usize = 16;
/// Room in a gossip message or response around the longest block, in bytes.
const MESSAGE_OVERHEAD: usize = 4_096;
/// The shortest limit of a response: room for many small blocks at once, in bytes.
const MIN_RESPONSE_BYTES: usize = 4 << 20;

/// A running node.
#[derive(Debug)]
pub struct Node {
    home: Home,
    url: String,
    port: u16,
    reader: Reader,
    network: NetworkHandle,
    core: EngineThread,
    tasks: Tasks,
    cancel: CancellationToken,
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
    ) -> anyhow::Result<Self> {
        home.set_genesis(&genesis)?;
        let store = Store::open_or_create(&home.chain_path(), &genesis)?;
        let reader = store.reader();
        let wallet = open_wallet(&home, &config.passphrase)?;
        let (listener, network, network_events) = listen(&home, &genesis, &mut config).await?;

        let cancel = CancellationToken::new();
        // Whatever was started ends again if a later step fails.
        let guard = cancel.clone().drop_guard();
        let started = Instant::now();
        let began = now();
        let core = Core::new(store, CoreConfig::default(), began)?;
        let tips = PeerTips::default();
        let (outbound, pump) = bridge(
            network.clone(),
            network_events,
            reader.clone(),
            tips.clone(),
            response_bytes(&genesis),
        );
        let (engine, core) = Engine::start(core, outbound, cancel.clone())?;

        let addresses = Addresses::find(config.ip);
        let own_url = addresses.own_url(config.port);
        let discovery = Discovery::open(discovery_config(&config, &addresses))?;
        let registry = Arc::new(Registry::open(home.clone(), addresses, config.port)?);
        let player = wallet.player().account();
        let mut profile = home.profile()?;
        if let Some(name) = &profile.name {
            Name::new(name).context("the name in profile.json cannot be used")?;
        }
        if profile.account != Some(player) {
            profile.account = Some(player);
            home.set_profile(&profile)?;
        }
        let signer = Arc::new(Signer::new(wallet, engine.clone(), reader.clone()));
        let (jobs, telling) = Jobs::new(engine.clone(), reader.clone(), config.idle_pace)?;
        let jobs = Arc::new(jobs);
        let (mining, mined) = Mining::start(
            Arc::clone(&jobs),
            MiningConfig {
                mode: config.mining,
                miner: Options {
                    threads: config.threads,
                    kernel: config.kernel.clone(),
                    pin: config.pin,
                    ..Options::default()
                },
                idle_pace: config.idle_pace,
                account: player,
                salt: rand::random(),
            },
        )?;
        let watch = Watch::new(reader.clone(), tips.clone())?;

        let mut tasks = Tasks::new(cancel.clone());
        let ended = network.clone();
        tasks.spawn_until("the network", async move { ended.stopped().await });
        tasks.spawn_until("the network's bridge", pump.run(engine.clone()));
        tasks.spawn_until("news for miners", telling);
        tasks.spawn_until("mining", mined);
        let watched = watch
            .clone()
            .run(engine.events(), network.clone(), Arc::clone(&signer));
        tasks.spawn_until("events", watched);
        let (known, registered) = (discovery.known().clone(), Arc::clone(&registry));
        tasks.spawn_until("dialling", dialer::run(network.clone(), known, registered));
        let (rounds, stop) = (discovery.clone(), cancel.clone());
        tasks.spawn("discovery", async move {
            rounds.run(stop.cancelled_owned()).await;
        });
        // A home without a name may be given one while its node runs.
        if config.auto_join {
            let joining = joining::run(
                home.clone(),
                reader.pool_id(),
                Arc::clone(&signer),
                engine.clone(),
                network.clone(),
            );
            tasks.spawn_until("joining", async {
                joining.await;
                // That the core has stopped is told elsewhere.
                std::future::pending::<()>().await;
            });
        }

        if genesis.rules.tips == TipMode::Sealed {
            let opening = opening::run(
                Arc::clone(&signer),
                engine.clone(),
                network.clone(),
                tips.clone(),
            );
            tasks.spawn_until("opening", opening);
        }

        if let Some(address) = config.stratum {
            let miners = bind(address.ip(), address.port(), ["--stratum"; 2]).await?;
            let work = Work::new(Arc::clone(&jobs), reader.clone());
            let stop = cancel.clone();
            let local = miners.local_addr()?;
            let from = if local.ip().is_loopback() {
                "on this machine"
            } else {
                "on every machine that reaches this one"
            };
            tracing::info!(address = %local, "standard miners {from} may connect (Stratum V1)");
            tasks.spawn("Stratum", async move {
                let settings = StratumConfig::default();
                let stopped = stop.cancelled_owned();
                let served = bolao_stratum::serve(miners, Arc::new(work), settings, stopped).await;
                if let Err(error) = served {
                    tracing::error!(%error, "Stratum stopped");
                }
            });
        }

        let backend = NodeBackend {
            engine,
            reader: reader.clone(),
            network: network.clone(),
            discovery,
            registry,
            mining,
            jobs,
            signer,
            watch,
            tips,
            own_url,
            token: home.token()?,
            started,
            started_unix: began.unix,
            answered: AtomicU64::default(),
        };
        let router = bolao_api::router(Arc::new(backend), api_config(&config));
        // Before HTTP answers, so that commands find the node that has answered; who calls before waits at the listener.
        let url = config.local_url();
        home.set_running(&Running {
            url: url.clone(),
            pid: std::process::id(),
        })?;
        let stop = cancel.clone();
        tasks.spawn("HTTP", async move {
            let served = serve(listener, router, Limits::default(), stop.cancelled_owned());
            if let Err(error) = served.await {
                tracing::error!(%error, "HTTP stopped");
            }
        });
        tracing::info!(%url, pool = %reader.pool_id(), account = %player, "the node is running");
        guard.disarm();
        Ok(Self {
            home,
            url,
            port: config.port,
            reader,
            network,
            core,
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

    /// Runs until `shutdown` is done or the node fails, then closes everything.
    ///
    /// # Errors
    /// What made the node fail, such as a full disk.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        let mut tasks = self.tasks;
        let lost = tokio::select! {
            () = shutdown => None,
            // Why the core has stopped is told below.
            () = self.cancel.cancelled() => None,
            lost = tasks.lost() => Some(lost),
        };
        self.cancel.cancel();
        self.network.shutdown().await;
        tasks.finish().await;
        let core = self.core;
        let core = tokio::task::spawn_blocking(move || core.join()).await?;
        let cleared = self.home.clear_running();
        if let Err(error) = &cleared {
            tracing::warn!(%error, "the home still says that the node runs");
        }
        core?;
        if let Some(lost) = lost {
            anyhow::bail!("a part of the node stopped, and the node with it: {lost}");
        }
        Ok(cleared?)
    }
}

fn open_wallet(home: &Home, passphrase: &str) -> anyhow::Result<WalletFile> {
    let path = home.wallet_path();
    Ok(if path.exists() {
        WalletFile::open(path, passphrase)?
    } else {
        WalletFile::create(path, passphrase)?
    })
}

fn response_bytes(genesis: &Genesis) -> usize {
    (genesis.limits.block_bytes_max() + MESSAGE_OVERHEAD).max(MIN_RESPONSE_BYTES)
}

/// Listens on one port for TCP and UDP; with port 0, on any that is free for both.
async fn listen(
    home: &Home,
    genesis: &Genesis,
    config: &mut NodeConfig,
) -> anyhow::Result<(
    TcpListener,
    NetworkHandle,
    tokio::sync::mpsc::Receiver<bolao_network::Event>,
)> {
    let any_port = config.port == 0;
    let mut tries = 0;
    loop {
        tries += 1;
        let listener = bind(config.ip, config.port, ["-i", "-p"]).await?;
        let address = listener.local_addr()?;
        let mut settings =
            bolao_network::Config::new(address, home.node_key()?, genesis.pool_id().0);
        settings.max_message_bytes = genesis.limits.block_bytes_max() + MESSAGE_OVERHEAD;
        settings.max_response_bytes = response_bytes(genesis);
        match Network::start(settings).await {
            Ok((network, events)) => {
                config.port = address.port();
                return Ok((listener, network, events));
            }
            Err(_) if any_port && tries < PORT_TRIES => {}
            Err(error) => {
                return Err(error).with_context(|| {
                    format!("cannot listen on UDP {address}: choose another port")
                });
            }
        }
    }
}

/// `flags`: those of address and port.
async fn bind(ip: IpAddr, port: u16, flags: [&str; 2]) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(ip, port);
    TcpListener::bind(address).await.map_err(|error| {
        let next = match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "another program, or this node itself, listens there: choose another port with {}, or stop it",
                flags[1]
            ),
            io::ErrorKind::AddrNotAvailable => format!(
                "this machine does not have that address: choose another with {}",
                flags[0]
            ),
            io::ErrorKind::PermissionDenied => format!(
                "ports below 1024 need rights: choose a higher one with {}",
                flags[1]
            ),
            _ => format!("choose another address or port with {}", flags.join(" and ")),
        };
        anyhow::anyhow!("cannot listen on {address} ({error}): {next}")
    })
}

fn discovery_config(config: &NodeConfig, addresses: &Addresses) -> DiscoveryConfig {
    let own = bolao_discovery::Node::new(addresses.own, config.port).ok();
    let mut discovery = DiscoveryConfig::new(own);
    discovery.aliases = addresses.alias_nodes(config.port);
    discovery.interval = config.update_interval;
    discovery.kn_limit = config.known_limit;
    discovery.seeds.clone_from(&config.seeds);
    discovery.nodes_file = Some(config.nodes_file.clone());
    discovery
}

fn api_config(config: &NodeConfig) -> ApiConfig {
    ApiConfig {
        classic: config.classic,
        classic_anyone: config.classic_anyone,
        classic_origins: config.origins.clone(),
        hosts: config.hosts.clone(),
    }
}
