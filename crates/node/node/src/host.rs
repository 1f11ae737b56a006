//! A host: what the pools of a home share while they run, which is the machine's port, the nodes that it knows, and the place of
//! their pages on the web. A pool comes and goes without a word to the others.

use std::{
    collections::BTreeMap,
    fmt,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::Router;
use bolao_api::{HostPools, below};
use bolao_discovery::{Limits, serve};
use futures::FutureExt as _;
use tokio::{
    net::TcpListener,
    sync::{Mutex as AsyncMutex, watch},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    archives::Archives,
    config::NodeConfig,
    error::{RunError, StartError},
    home::{Home, Running},
    machine::{Machine, bind},
    reach::listeners::Listeners,
    serve::metrics::{self, HostMetrics},
    services::{
        Made,
        tasks::Tasks,
        web::{OnWeb, Web},
    },
};

/// A host. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<HostParts>);

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = &self.0.url;
        f.debug_struct("Host")
            .field("url", url)
            .finish_non_exhaustive()
    }
}

struct HostParts {
    home: Home,
    url: String,
    port: u16,
    machine: Machine,
    pools: HostPools,
    archives: Archives,
    web: OnWeb,
    measured: Option<HostMetrics>,
    /// The home said that a node of it runs, which was not stopped then.
    was_not_stopped: bool,
    doors: Mutex<Option<Doors>>,
    tasks: AsyncMutex<Tasks>,
    answers: watch::Sender<bool>,
    stop: CancellationToken,
    _stops: DropGuard,
}

/// The parts that wait until the host answers.
struct Doors {
    config: NodeConfig,
    http: Vec<TcpListener>,
    metrics: Option<TcpListener>,
    web: Web,
}

impl Host {
    /// Listens for a home, but answers nobody yet.
    ///
    /// # Errors
    /// Says what is in the way: a port in use, a damaged file.
    pub async fn open(home: &Home, mut config: NodeConfig) -> Result<Self, StartError> {
        let home = home.of_person();
        let (machine, http) = Machine::open(&home, &mut config).await?;
        let metrics = match config.metrics {
            Some(at) => Some(bind(at.ip(), at.port(), "--metrics").await?),
            None => None,
        };
        let (site, relay) = (config.site.clone(), config.relay.clone());
        let web = Web::open(config.chosen_page_url(), site, relay, &home)?;
        let was_not_stopped = home.running()?.is_some();
        let stop = CancellationToken::new();
        Ok(Self(Arc::new(HostParts {
            url: config.local_url(),
            port: config.port,
            machine,
            pools: HostPools::default(),
            archives: Archives::default(),
            web: web.shown(),
            measured: metrics.is_some().then(HostMetrics::default),
            was_not_stopped,
            tasks: AsyncMutex::new(Tasks::new(stop.clone())),
            answers: watch::Sender::new(false),
            _stops: stop.clone().drop_guard(),
            stop,
            doors: Mutex::new(Some(Doors {
                config,
                http,
                metrics,
                web,
            })),
            home,
        })))
    }

    /// Shows a pool no longer.
    pub fn hide(&self, code: &str) {
        self.0.pools.hide(code);
    }

    /// Shows these pools as archives, by their codes, and no others.
    pub fn set_archives(&self, archives: BTreeMap<String, Home>, config: &NodeConfig) {
        let names = &self.0.machine.registry;
        self.0
            .archives
            .set(archives, &self.0.pools, (config, names));
    }

    /// Answers whoever calls, from now on.
    ///
    /// # Errors
    /// The home cannot be written.
    pub async fn answer(&self) -> Result<(), StartError> {
        let doors = self.0.doors.lock();
        let Some(doors) = doors.unwrap_or_else(PoisonError::into_inner).take() else {
            return Ok(());
        };
        let Doors {
            config,
            http,
            metrics,
            web,
        } = doors;
        let (machine, stop) = (self.0.machine.clone(), &self.0.stop);
        let router = below(self.0.pools.router(), &config.page_path());
        let addresses = machine.registry.local_addresses.subscribe();
        let mut answering = answer(
            &config,
            &self.0.home,
            Listeners::new(http, addresses),
            (&router, stop),
        )
        .await?;
        let discovering = machine.clone().discovers(stop.clone());
        answering.push(("discovery", discovering.boxed()));
        if let (Some(listener), Some(measured)) = (metrics, &self.0.measured) {
            let guards = config.of_api();
            let answers_to = Arc::clone(&machine.registry);
            let router = metrics::page(measured.clone(), guards, answers_to);
            let served = serve(
                listener,
                router,
                Limits::default(),
                stop.clone().cancelled_owned(),
            );
            answering.push(("metrics", served.boxed()));
        }
        let (beside, of_web) = web.services(&self.0.home, &machine.port, &router, stop);
        answering.extend(of_web);
        let mut tasks = self.0.tasks.lock().await;
        for (name, work) in answering {
            tasks.spawn(name, work);
        }
        tasks.spawn_until("looking at this node's address", machine.keeps_address());
        for (name, work) in beside {
            tasks.spawn_until(name, work);
        }
        self.0.answers.send_replace(true);
        Ok(())
    }

    /// The URL for programs on this machine, such as `http://127.0.0.1:9000`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The port, TCP and UDP alike.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port
    }

    pub(crate) fn machine(&self) -> &Machine {
        &self.0.machine
    }

    pub(crate) fn pools(&self) -> &HostPools {
        &self.0.pools
    }

    pub(crate) fn web(&self) -> &OnWeb {
        &self.0.web
    }

    pub(crate) fn measured(&self) -> Option<&HostMetrics> {
        self.0.measured.as_ref()
    }

    pub(crate) fn was_not_stopped(&self) -> bool {
        self.0.was_not_stopped
    }

    /// Returns once a part of it has stopped, which no pool can do without.
    pub async fn lost(&self) -> RunError {
        // Nobody else needs its tasks from then on until it closes.
        let mut answers = self.0.answers.subscribe();
        if answers.wait_for(|answers| *answers).await.is_err() {
            std::future::pending::<()>().await;
        }
        let part = self.0.tasks.lock().await.lost().await.to_string();
        RunError::Lost { part }
    }

    /// Closes it.
    ///
    /// # Errors
    /// The home still says that a node runs.
    pub async fn close(&self) -> Result<(), RunError> {
        self.0.stop.cancel();
        let mut tasks = self.0.tasks.lock().await;
        tasks.finish().await;
        self.0.machine.port.shutdown().await;
        Ok(self.0.home.clear_running()?)
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

/// Answers HTTP at the listeners, and on loopback where that is another address.
async fn answer(
    config: &NodeConfig,
    home: &Home,
    listeners: Listeners,
    (router, stop): (&Router, &CancellationToken),
) -> Result<Vec<Made>, StartError> {
    let loopback = loopback(config).await;
    let here = loopback.as_ref().map(|(url, _)| url.clone());
    // First, so that commands find the node that has answered; who calls before waits at the listener.
    let here = Running::here(&here.unwrap_or_else(|| config.local_url()));
    home.set_running(&here)?;
    let until = || stop.clone().cancelled_owned();
    let served = serve(listeners, router.clone(), limits(config), until());
    let mut all: Vec<Made> = vec![("HTTP", served.boxed())];
    if let Some((_, listener)) = loopback {
        let served = serve(listener, router.clone(), limits(config), until());
        all.push(("HTTP on loopback", served.boxed()));
    }
    Ok(all)
}
