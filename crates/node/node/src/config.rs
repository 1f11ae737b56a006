//! What a node is started with.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use bolao_api::ApiConfig;
pub use bolao_api::MiningMode;
use bolao_discovery::Seed;
use bolao_reach::SiteConfig;
use bolao_work::StartSearcher;
use ipnet::IpNet;
use url::Url;

use crate::{
    mine::outside::ServeMiners,
    reach::advertised::Advertised,
    reach::local_addresses::LocalAddresses,
    services::{links::logs::LogsConfig, relayed::RelayConfig, remind::RemindConfig},
};

/// A node's settings, apart from what lies in its home.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)]
pub struct NodeConfig {
    /// The address to listen on, TCP and UDP alike; others learn it too. Unspecified: every address of the machine, of
    /// both families, of which others learn one. One that the machine has no longer gives way to its interface's new one.
    pub ip: IpAddr,
    /// Whether it listens on every address once the home has joined through a node elsewhere.
    pub widens: bool,
    /// The port, TCP and UDP alike.
    pub port: u16,
    /// The addresses at which others reach the node where it does not know by itself, behind a router for example. Others learn
    /// the first.
    pub advertised: Vec<Advertised>,
    /// The URL of its page for people, where that is not the node's own, as behind a proxy; it may lie below a path, and ends without
    /// a slash.
    pub page_url: Option<String>,
    /// The site on the web that it serves itself, by HTTPS.
    pub site: Option<SiteConfig>,
    /// The name that it has at a relay.
    pub relay: Option<RelayConfig>,
    /// The servers by which it reads public logs of certificates.
    pub logs: LogsConfig,
    /// Whether push services may be at any address and without HTTPS, as those of tests are.
    pub push_anywhere: bool,
    /// The reminders that it sends before betting ends, if any.
    pub remind: Option<RemindConfig>,
    /// The addresses of proxies whose word for who calls is taken.
    pub proxies: Vec<IpNet>,
    /// The file of known nodes.
    pub nodes_file: PathBuf,
    /// From one discovery round to the next.
    pub update_interval: Duration,
    /// Known nodes at which discovery's later steps are left out.
    pub known_limit: usize,
    /// The seed servers that discovery asks.
    pub seeds: Vec<Seed>,
    /// The settings of its HTTP API. `chosen_page_url` is one of its origins and hosts anyway.
    pub api: ApiConfig,
    /// When to look for blocks.
    pub mining: MiningMode,
    /// The searcher for the node's own blocks, if there is one.
    pub searcher: Option<StartSearcher>,
    /// The least time between two blocks of one's own while nothing waits, and from a block of a standard miner to its
    /// next job then, so that an easy fixed target does not fill disks.
    pub idle_pace: Duration,
    /// The address that standard miners connect to (Stratum V1), if they may.
    pub stratum: Option<(SocketAddr, ServeMiners)>,
    /// The address at which Prometheus may scrape the node's numbers.
    pub metrics: Option<SocketAddr>,
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
            widens: false,
            advertised: Vec::new(),
            page_url: None,
            site: None,
            relay: None,
            logs: LogsConfig::default(),
            push_anywhere: false,
            remind: None,
            proxies: Vec::new(),
            nodes_file,
            update_interval: Duration::from_mins(1),
            known_limit: 10,
            seeds: Vec::new(),
            api: ApiConfig::default(),
            mining: MiningMode::Manual,
            searcher: None,
            idle_pace: Duration::from_secs(1),
            stratum: None,
            metrics: None,
            auto_join: true,
            passphrase: String::new(),
        }
    }

    /// The URL at which people and nodes will reach it, as far as this machine knows.
    #[must_use]
    pub fn own_url(&self) -> String {
        let listen = SocketAddr::new(self.ip, self.port);
        LocalAddresses::new(listen, self.advertised.clone()).own_url()
    }

    /// The URL at which people will open its page, as far as this machine knows.
    #[must_use]
    pub fn page_url(&self) -> String {
        self.chosen_page_url().unwrap_or_else(|| self.own_url())
    }

    /// The settings of the API, with the address of the page among its origins and hosts.
    pub(crate) fn of_api(&self) -> ApiConfig {
        let page = self.chosen_page_url();
        let page = page.as_ref().and_then(|url| Url::parse(url).ok());
        let mut api = self.api.clone();
        if let Some(page) = page {
            api.classic_origins
                .push(page.origin().ascii_serialization());
            api.hosts.extend(page.host_str().map(str::to_owned));
        }
        api
    }

    /// The settings for another pool of the same home: without what belongs to the one that was chosen.
    #[must_use]
    pub fn for_another_pool(&self) -> Self {
        let mut config = self.clone();
        config.remind = None;
        config.stratum = None;
        config.api.classic = false;
        config
    }

    /// The path below which the page lies there, without a slash at its end.
    pub(crate) fn page_path(&self) -> String {
        let page = self.chosen_page_url();
        let page = page.and_then(|url| Url::parse(&url).ok());
        page.map_or_else(String::new, |url| {
            url.path().trim_end_matches('/').to_owned()
        })
    }

    /// The URL that the operator chose, if any.
    pub(crate) fn chosen_page_url(&self) -> Option<String> {
        let site = self.site.as_ref().map(|it| &it.certificate);
        let relay = || self.relay.as_ref().map(|it| &it.certificate);
        let own = site.or_else(relay).map(|it| it.site.url());
        self.page_url.clone().or(own)
    }

    /// The URL at which this machine's own programs reach the node.
    #[must_use]
    pub fn local_url(&self) -> String {
        let ip = match self.ip {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(ip, self.port))
    }
}
