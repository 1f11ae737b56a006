//! What a node is started with.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroUsize,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

pub use bolao_api::MiningMode;
use bolao_discovery::Seed;
use bolao_miner::Kernel;

/// A node's settings, apart from what lies in its home.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)]
pub struct NodeConfig {
    /// The address to listen on, TCP and UDP alike; others learn it too. Unspecified: every address of the machine, of
    /// which others learn the one that the default route leaves from.
    pub ip: IpAddr,
    /// The port, TCP and UDP alike.
    pub port: u16,
    /// The file of known nodes.
    pub nodes_file: PathBuf,
    /// From one discovery round to the next.
    pub update_interval: Duration,
    /// Known nodes at which discovery's later steps are left out.
    pub known_limit: usize,
    /// Seed servers.
    pub seeds: Vec<Seed>,
    /// Whether the betting article's routes are on.
    pub classic: bool,
    /// Whether the classic routes answer callers from other machines.
    pub classic_anyone: bool,
    /// Origins of pages that may use the API, besides those on this machine.
    pub origins: Vec<String>,
    /// Names by which browsers may reach the node, besides `localhost` and IP addresses.
    pub hosts: Vec<String>,
    /// When to look for blocks.
    pub mining: MiningMode,
    /// Mining threads; one for each core if `None`.
    pub threads: Option<NonZeroUsize>,
    /// What the threads hash with; the fastest if `None`.
    pub kernel: Option<Arc<dyn Kernel>>,
    /// Whether each mining thread stays on a core of its own.
    pub pin: bool,
    /// The least time between two blocks of one's own while nothing waits, and from a block of a standard miner to its
    /// next job then, so that an easy fixed target does not fill disks.
    pub idle_pace: Duration,
    /// Where standard miners connect (Stratum V1), if they may.
    pub stratum: Option<SocketAddr>,
    /// Whether to join the pool under the profile's name.
    pub auto_join: bool,
    /// The wallet's passphrase; empty if it has none.
    pub passphrase: String,
}

impl NodeConfig {
    /// The articles' defaults on an address: a minute, ten nodes, mining by hand.
    #[must_use]
    pub fn new(ip: IpAddr, port: u16, nodes_file: PathBuf) -> Self {
        Self {
            ip,
            port,
            nodes_file,
            update_interval: Duration::from_mins(1),
            known_limit: 10,
            seeds: Vec::new(),
            classic: false,
            classic_anyone: false,
            origins: Vec::new(),
            hosts: Vec::new(),
            mining: MiningMode::Manual,
            threads: None,
            kernel: None,
            pin: false,
            idle_pace: Duration::from_secs(1),
            stratum: None,
            auto_join: true,
            passphrase: String::new(),
        }
    }

    /// The URL at which this machine's own programs reach the node.
    #[must_use]
    pub fn local_url(&self) -> String {
        let ip = match self.ip {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        format!("http://{}", std::net::SocketAddr::new(ip, self.port))
    }
}
