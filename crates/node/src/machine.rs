//! What a node has of the machine, whatever pool it is of: the port, TCP and UDP alike, the connections to other nodes,
//! the nodes that it knows, and the threads that mine.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use bolao_discovery::{Discovery, DiscoveryConfig};
use bolao_miner::Options;
use bolao_network::{Network, NetworkHandle, Protocol};
use tokio::{net::TcpListener, sync::mpsc};

use crate::{
    addresses::Addresses, config::NodeConfig, dialer, error::StartError, home::Home,
    mining::Threads, registry::Registry, tasks::Tasks,
};

/// How often a free port is tried that is free for TCP and UDP alike.
const PORT_TRIES: usize = 16;
type Events = mpsc::Receiver<bolao_network::Event>;

/// What a node has of the machine. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) network: NetworkHandle,
    pub(crate) discovery: Discovery,
    pub(crate) registry: Arc<Registry>,
    /// This node as others register it.
    pub(crate) own_url: String,
}

/// What of it only one can have.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) listener: TcpListener,
    pub(crate) network_events: Events,
    pub(crate) miners: Threads,
}

impl Machine {
    /// Listens, on the port that `config` says from then on, and reads which nodes are known. Other nodes are spoken to by
    /// `protocol`.
    pub(crate) async fn open(
        home: &Home,
        protocol: Protocol,
        config: &mut NodeConfig,
    ) -> Result<(Self, Inputs), StartError> {
        let miners = Threads::start(Options {
            threads: config.threads,
            kernel: config.kernel.clone(),
            pin: config.pin,
            ..Options::default()
        })?;
        let (network, network_events, listener) = listen(home, protocol, config).await?;
        let addresses = Addresses::find(config.ip);
        let machine = Self {
            network,
            own_url: addresses.own_url(config.port),
            discovery: Discovery::open(discovery_config(config, &addresses))?,
            registry: Arc::new(Registry::open(home.clone(), addresses, config.port)?),
        };
        let inputs = Inputs {
            listener,
            network_events,
            miners,
        };
        Ok((machine, inputs))
    }

    /// Whether there are nodes to connect to.
    pub(crate) fn knows_others(&self) -> bool {
        !self.discovery.known().is_empty() || !self.registry.list().is_empty()
    }

    /// Keeps the node connected.
    pub(crate) fn spawn(&self, tasks: &mut Tasks) {
        let network = self.network.clone();
        tasks.spawn_until("the network", async move { network.stopped().await });
        let (known, registered) = (self.discovery.known().clone(), Arc::clone(&self.registry));
        let dialling = dialer::run(self.network.clone(), known, registered);
        tasks.spawn_until("dialling", dialling);
        let (rounds, stop) = (self.discovery.clone(), tasks.stop());
        tasks.spawn("discovery", async move {
            rounds.run(stop.cancelled_owned()).await;
        });
    }
}

/// Listens on one port for TCP and UDP; with port 0, on any that is free for both.
async fn listen(
    home: &Home,
    protocol: Protocol,
    config: &mut NodeConfig,
) -> Result<(NetworkHandle, Events, TcpListener), StartError> {
    let any_port = config.port == 0;
    let mut tries = 0;
    loop {
        tries += 1;
        let listener = bind(config.ip, config.port, ["-i", "-p"]).await?;
        let address = listener.local_addr()?;
        let settings = bolao_network::Config::new(address, home.node_key()?, protocol);
        match Network::start(settings).await {
            Ok((network, events)) => {
                config.port = address.port();
                return Ok((network, events, listener));
            }
            Err(_) if any_port && tries < PORT_TRIES => {}
            Err(source) => return Err(StartError::Udp { address, source }),
        }
    }
}

/// `flags`: those of address and port.
pub(crate) async fn bind(
    ip: IpAddr,
    port: u16,
    [ip_flag, port_flag]: [&str; 2],
) -> Result<TcpListener, StartError> {
    let address = SocketAddr::new(ip, port);
    TcpListener::bind(address).await.map_err(|source| {
        let next = match source.kind() {
            io::ErrorKind::AddrInUse => format!(
                "another program, or this node itself, listens there: choose another port with {port_flag}, or stop it"
            ),
            io::ErrorKind::AddrNotAvailable => format!(
                "this machine does not have that address: choose another with {ip_flag}"
            ),
            io::ErrorKind::PermissionDenied => {
                format!("ports below 1024 need rights: choose a higher one with {port_flag}")
            }
            _ => format!("choose another address or port with {ip_flag} and {port_flag}"),
        };
        StartError::Listen {
            address,
            source,
            next,
        }
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
