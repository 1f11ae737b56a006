//! What the pools of a host share of the machine: the port, TCP and UDP alike, and the nodes that it knows.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bolao_discovery::{Discovery, DiscoveryConfig, Node};
use bolao_network::{Network, NetworkHandle, Port, Protocol};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    config::NodeConfig,
    error::StartError,
    home::Home,
    reach::addresses::{self, Addresses},
    reach::listeners,
    reach::local_addresses::LocalAddresses,
    reach::registry::Registry,
};

/// The most tries for a free port that is free for TCP and UDP alike.
const PORT_TRIES: usize = 16;
/// The time that connections that have ended hold a port, and a little more.
const ENDED_HOLD: Duration = Duration::from_secs(65);
/// From one look at the addresses of the machine to the next.
const LOOK: Duration = Duration::from_secs(1);
/// From one try of a port to the next.
const PORT_PAUSE: Duration = Duration::from_millis(250);
/// The option that chooses a node's port.
pub(crate) const PORT_FLAGS: &str = "`-p PORT`";
/// The events of a pool's network.
pub(crate) type Events = mpsc::Receiver<bolao_network::Event>;

/// The parts of a host that its pools share: the UDP port, discovery and registry. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) port: Port,
    pub(crate) discovery: Discovery,
    pub(crate) registry: Arc<Registry>,
}

impl Machine {
    /// Listens, on the port that `config` says from then on, and reads which nodes are known. Gives the listeners of HTTP.
    pub(crate) async fn open(
        home: &Home,
        config: &mut NodeConfig,
    ) -> Result<(Self, Vec<TcpListener>), StartError> {
        let (port, listeners) = listen(home, config).await?;
        let listens = SocketAddr::new(config.ip, config.port);
        let local_addresses = LocalAddresses::new(listens, config.advertised.clone());
        let registry = Registry::open(home.clone(), local_addresses.widening(config.widens))?;
        registry.look_here().await;
        let machine = Self {
            port,
            discovery: Discovery::open(discovery_config(config, &registry.local_addresses.now()))?,
            registry: Arc::new(registry),
        };
        Ok((machine, listeners))
    }

    /// Whether there are nodes to connect to.
    pub(crate) fn knows_others(&self) -> bool {
        !self.discovery.known().is_empty() || !self.registry.list().is_empty()
    }

    /// Joins the network of a pool. Its nodes are spoken to by `protocol`.
    pub(crate) fn join(
        &self,
        home: &Home,
        protocol: Protocol,
    ) -> Result<(NetworkHandle, Events), StartError> {
        let mut settings = bolao_network::Config::new(protocol);
        settings.guarded = home.is_for_players();
        let started = Network::start(settings, &self.port);
        started.map_err(|source| StartError::Udp {
            address: self.port.listen_addr(),
            source,
        })
    }

    /// Looks at this machine's addresses, and follows them: listens there, and tells discovery.
    pub(crate) async fn keeps_address(self) {
        let here = &self.registry.local_addresses;
        let mut before = here.now();
        self.port.listen(before.listens.clone());
        loop {
            sleep(LOOK).await;
            if !self.registry.look_here().await {
                continue;
            }
            let now = here.now();
            if before.own != now.own {
                tracing::info!(before = %before.own, now = %now.own, "this node's address");
            }
            if let Ok(own) = Node::try_from(now.own) {
                self.discovery.set_own(own, now.alias_nodes());
            }
            self.port.listen(now.listens.clone());
            before = now;
        }
    }

    /// Tells a pool's nodes the addresses of this machine, now and after every change.
    pub(crate) async fn tells_address(self, network: NetworkHandle) {
        let mut addresses = self.registry.local_addresses.subscribe();
        loop {
            let told = addresses.borrow_and_update().told.clone();
            while network.tell(told.clone()).is_err() {
                // It is busy.
                sleep(LOOK).await;
            }
            if addresses.changed().await.is_err() {
                return;
            }
        }
    }

    /// Asks other nodes whom they know.
    pub(crate) async fn discovers(self, stop: CancellationToken) {
        self.discovery.run(stop.cancelled_owned()).await;
    }
}

/// Listens on one port for TCP and UDP; with port 0, on any that is free for both.
async fn listen(
    home: &Home,
    config: &mut NodeConfig,
) -> Result<(Port, Vec<TcpListener>), StartError> {
    let any_port = config.port == 0;
    let mut tries = 0;
    loop {
        tries += 1;
        let listeners = bind_all(config.ip, config.port).await?;
        let Some(listener) = listeners.first() else {
            return Err(io::Error::other("no listener").into());
        };
        let address = listener.local_addr()?;
        match Port::open(address, home.node_key()?).await {
            Ok(port) => {
                config.port = address.port();
                return Ok((port, listeners));
            }
            Err(_) if any_port && tries < PORT_TRIES => {}
            Err(source) => return Err(StartError::Udp { address, source }),
        }
    }
}

/// Listens on a port; where every address is meant, on those of both families, as far as the machine has them.
pub(crate) async fn bind_all(ip: IpAddr, port: u16) -> Result<Vec<TcpListener>, StartError> {
    let first = bind_by(listeners::listen, ip, port, PORT_FLAGS).await?;
    let port = first.local_addr()?.port();
    let mut all = vec![first];
    if let Some(other) = listeners::other(ip) {
        let address = SocketAddr::new(other, port);
        match listeners::listen(address) {
            Ok(listener) => all.push(listener),
            Err(error) => tracing::debug!(%address, %error, "cannot listen (TCP)"),
        }
    }
    Ok(all)
}

/// Listens on a port. One that nobody listens on, and which connections that have ended still hold, is waited for.
pub(crate) async fn bind(ip: IpAddr, port: u16, choose: &str) -> Result<TcpListener, StartError> {
    let listen = |address| {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        TcpListener::from_std(listener)
    };
    bind_by(listen, ip, port, choose).await
}

async fn bind_by(
    listen: impl Fn(SocketAddr) -> io::Result<TcpListener>,
    ip: IpAddr,
    port: u16,
    choose: &str,
) -> Result<TcpListener, StartError> {
    let address = SocketAddr::new(ip, port);
    let end = Instant::now() + ENDED_HOLD;
    let mut told = false;
    loop {
        let source = match listen(address) {
            Ok(listener) => return Ok(listener),
            Err(source) => source,
        };
        let in_use = source.kind() == io::ErrorKind::AddrInUse;
        if !in_use || Instant::now() >= end || somebody_listens(address).await {
            let next = what_to_do(&source, ip, choose);
            return Err(StartError::Listen {
                address,
                source,
                next,
            });
        }
        if !told {
            tracing::warn!(%address, "closed connections still hold the port: waiting, for a minute at most");
            told = true;
        }
        sleep(PORT_PAUSE).await;
    }
}

async fn somebody_listens(address: SocketAddr) -> bool {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let answer = timeout(PORT_PAUSE, TcpStream::connect((ip, address.port()))).await;
    let refused = |error: io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    !answer.is_ok_and(|answer| answer.is_err_and(refused))
}

fn what_to_do(error: &io::Error, ip: IpAddr, choose: &str) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "another program, or this node itself, listens there: stop it, or choose another port with {choose}"
        ),
        io::ErrorKind::AddrNotAvailable => {
            let own = addresses::local();
            let own: Vec<String> = own.iter().map(|it| it.ip.to_string()).collect();
            format!(
                "this machine has only {}: listen on one of these, or on all with -i 0.0.0.0; if {ip} is your router's, let the router forward the port (TCP and UDP) to this machine, and tell others with --advertise {ip}",
                own.join(", ")
            )
        }
        io::ErrorKind::PermissionDenied => {
            format!("ports below 1024 need special rights: choose a higher one with {choose}")
        }
        _ => format!("choose another address, or another port with {choose}"),
    }
}

fn discovery_config(config: &NodeConfig, addresses: &Addresses) -> DiscoveryConfig {
    let own = bolao_discovery::Node::try_from(addresses.own).ok();
    let mut discovery = DiscoveryConfig::new(own);
    discovery.aliases = addresses.alias_nodes().collect();
    discovery.interval = config.update_interval;
    discovery.kn_limit = config.known_limit;
    discovery.seeds.clone_from(&config.seeds);
    discovery.nodes_file = Some(config.nodes_file.clone());
    discovery
}
