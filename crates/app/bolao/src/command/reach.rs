//! How others reach a node: flags of `run`, `start` and `relay`.

use std::{
    fs,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use bolao_node::{Advertised, Home, LogsConfig, NodeConfig, RelayConfig};
use bolao_reach::relay::Token;
use bolao_reach::{Authority, CertificateConfig, LETS_ENCRYPT, LogServer, Site, SiteConfig};
use clap::Args;
use ipnet::IpNet;
use url::Url;

use crate::{exit::usage, link, parse};

/// The port of HTTP.
const HTTP: u16 = 80;
/// The directory of certificates.
const TLS: &str = "tls";
/// The heading of these flags.
const REACH: &str = "How others reach it";

/// How others reach a node
#[derive(Args, Clone, Debug)]
pub(crate) struct ReachArgs {
    #[arg(
        long,
        value_name = "NAME[:PORT]",
        help_heading = REACH,
        help = "Public name or address of this machine: its page is then at https://NAME, with an automatic \
            certificate. The name must point to this machine, and ports 443 and 80 (TCP) must be open"
    )]
    domain: Option<Site>,
    #[arg(
        long,
        env = "BOLAO_RELAY",
        hide_env_values = true,
        conflicts_with = "domain",
        value_name = "TOKEN",
        help_heading = REACH,
        help = "The token that the owner of a relay gave you (`bolao relay add`): your page then has a name under \
            the relay's, behind any router. The token is kept in the home"
    )]
    relay: Option<Token>,
    /// Forgets the relay kept in the home
    #[arg(long, conflicts_with = "relay", help_heading = REACH)]
    no_relay: bool,
    #[command(flatten)]
    authority: AuthorityArgs,
    #[command(flatten)]
    logs: CertificateLogArgs,
    #[arg(
        long,
        conflicts_with_all = ["domain", "relay"],
        value_parser = url,
        value_name = "URL",
        help_heading = REACH,
        help = "The URL under which a proxy or tunnel shows this node's page, such as https://pool.example.org, or \
            https://home.example.org/bolao below a path, which the proxy may strip or not"
    )]
    url: Option<String>,
    /// The address of a proxy whose X-Forwarded-For is trusted, such as 127.0.0.1 or 10.0.0.0/8 (repeatable)
    #[arg(long = "proxy", value_parser = network, value_name = "ADDRESS", help_heading = REACH)]
    proxies: Vec<IpNet>,
    #[arg(long, hide = true)]
    push_anywhere: bool,
    /// Public address of this node, if it cannot detect it: your router's outside address, with the port forwarded
    /// (TCP and UDP), or a host name (repeatable; without --domain, --relay or --url, invitations use the first) [-i
    /// is then 0.0.0.0, unless you give it]
    #[arg(long = "advertise", value_name = "HOST[:PORT]", help_heading = REACH)]
    advertised: Vec<Advertised>,
    /// The address at which Prometheus may scrape the node's numbers, at /metrics, such as 127.0.0.1:9464
    #[arg(long, value_parser = address, value_name = "ADDRESS:PORT")]
    metrics: Option<SocketAddr>,
}

/// Public logs of certificates
#[derive(Args, Clone, Debug)]
struct CertificateLogArgs {
    #[arg(
        long = "ct-log",
        value_name = "URL",
        help_heading = REACH,
        help = "A server that lists public certificates, in place of https://crt.sh/ and Cert Spotter (repeatable): \
            there your node looks for certificates that somebody else got for a link of the pool. It answers as crt.sh \
            does or, at https://HOST/v1/issuances, as Cert Spotter"
    )]
    servers: Vec<LogServer>,
    /// Does not look for certificates that somebody else got for a link of the pool
    #[arg(long = "no-ct-log", conflicts_with = "servers", help_heading = REACH)]
    none: bool,
    /// The key of a certificate for your link that is yours though this node does not use it, as a warning names it
    /// (repeatable). It is kept in the home
    #[arg(long = "own-key", value_parser = key, value_name = "KEY", help_heading = REACH)]
    own_keys: Vec<[u8; 32]>,
    #[arg(long = "ct-every", value_parser = parse::seconds, value_name = "SECONDS", hide = true)]
    every: Option<NonZeroU32>,
}

/// The certificate authority
#[derive(Args, Clone, Debug)]
pub(crate) struct AuthorityArgs {
    /// A certificate authority other than Let's Encrypt: the URL of its ACME directory
    #[arg(long, value_name = "URL", help_heading = REACH)]
    acme: Option<String>,
    /// The only certificates to trust for that authority, in PEM [default: the system's]
    #[arg(long, requires = "acme", value_name = "FILE", help_heading = REACH)]
    acme_ca: Option<PathBuf>,
    #[arg(long, default_value_t = HTTP, hide = true)]
    http_port: u16,
}

fn url(text: &str) -> Result<String, String> {
    link::node(text).map_err(|error| error.to_string())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("got `{text}`, wanted an address and a port, such as 127.0.0.1:9464"))
}

fn key(text: &str) -> Result<[u8; 32], String> {
    let mut key = [0; 32];
    hex::decode_to_slice(text, &mut key)
        .map(|()| key)
        .map_err(|_| format!("got `{text}`, wanted the 64 hexadecimal digits of a key"))
}

fn network(text: &str) -> Result<IpNet, String> {
    let alone = text.parse::<IpAddr>().map(IpNet::from);
    alone.or_else(|_| text.parse()).map_err(|_| {
        format!("got `{text}`, wanted an address or a network, such as 127.0.0.1 or 10.0.0.0/8")
    })
}

impl ReachArgs {
    /// Whether nodes elsewhere are meant to reach this one.
    pub(crate) fn is_wanted(&self) -> bool {
        self.domain.is_some() || !self.advertised.is_empty()
    }

    /// Puts the flags, and the relay that the home keeps, into a node's settings.
    pub(crate) fn apply(&self, dir: &Path, config: &mut NodeConfig) -> anyhow::Result<()> {
        config.advertised.clone_from(&self.advertised);
        config.proxies.clone_from(&self.proxies);
        config.page_url.clone_from(&self.url);
        config.metrics = self.metrics;
        config.push_anywhere = self.push_anywhere;
        if let Some(site) = &self.domain {
            config.site = Some(self.authority.site(site.clone(), dir, config.ip)?);
            if self.advertised.is_empty() {
                let own = site.host().to_string().parse();
                config.advertised.extend(own.ok());
            }
        }
        let token = self.token(dir)?;
        if let (None, None, Some(token)) = (&self.domain, &self.url, token) {
            let port = token.relay().port();
            let site = format!("{}:{port}", token.name()).parse();
            let site = site.map_err(anyhow::Error::msg)?;
            let mut certificate = self.authority.certificate(site, dir)?;
            certificate.is_relayed = true;
            config.relay = Some(RelayConfig { token, certificate });
        }
        self.logs.apply(dir, config)
    }

    /// The relay's token: the one that is given, which is kept, or the one that was.
    fn token(&self, dir: &Path) -> anyhow::Result<Option<Token>> {
        if self.relay.is_none() && !self.no_relay && !dir.is_dir() {
            return Ok(None);
        }
        let home = Home::open(dir)?;
        if let Some(token) = &self.relay {
            // Another takes the place of a good one once its relay has let the node in.
            if home.relay()?.is_none() {
                home.set_relay(Some(&token.to_string()))?;
            }
            return Ok(Some(token.clone()));
        }
        if self.no_relay {
            home.set_relay(None)?;
        }
        let kept = home.relay()?.map(|text| text.trim().parse());
        kept.transpose()
            .context("the relay's token in this home is damaged: give it again with --relay, or remove it with \
                --no-relay")
    }
}

impl CertificateLogArgs {
    fn apply(&self, dir: &Path, config: &mut NodeConfig) -> anyhow::Result<()> {
        let chosen = !self.servers.is_empty();
        let servers = match self.none {
            true => Vec::new(),
            false if chosen => self.servers.clone(),
            false => LogServer::public(),
        };
        let every = self
            .every
            .map(|every| Duration::from_secs(every.get().into()));
        config.logs = LogsConfig {
            servers,
            chosen,
            every,
        };
        if !self.own_keys.is_empty() {
            let page = Url::parse(&config.page_url())?;
            let host = page.origin().ascii_serialization();
            Home::open(dir)?.own_link_keys(&host, &self.own_keys)?;
        }
        Ok(())
    }
}

impl AuthorityArgs {
    /// A certificate that this authority issues, kept beneath a directory.
    fn certificate(&self, site: Site, dir: &Path) -> anyhow::Result<CertificateConfig> {
        let roots = match &self.acme_ca {
            Some(path) => Some(fs::read(path).with_context(|| {
                let path = path.display();
                format!("cannot read {path}: --acme-ca needs certificates in PEM")
            })?),
            None => None,
        };
        let url = self.acme.clone().unwrap_or_else(|| LETS_ENCRYPT.to_owned());
        if !url.starts_with("https://") {
            return Err(usage(format!(
                "got `{url}`, wanted the URL of an ACME directory, which begins with https://"
            )));
        }
        Ok(CertificateConfig {
            site,
            is_relayed: false,
            dir: dir.join(TLS),
            authority: Authority { url, roots },
        })
    }

    /// A site that listens on an address.
    pub(crate) fn site(&self, site: Site, dir: &Path, ip: IpAddr) -> anyhow::Result<SiteConfig> {
        Ok(SiteConfig {
            certificate: self.certificate(site, dir)?,
            ip,
            http_port: Some(self.http_port).filter(|port| *port != 0),
        })
    }
}
