//! How others reach a node: flags of `run` and `start`.

use std::{
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use bolao_node::{Advertised, NodeConfig};
use bolao_reach::{Authority, CertificateConfig, LETS_ENCRYPT, Site, SiteConfig};
use clap::Args;
use ipnet::IpNet;

use crate::{exit::usage, link};

/// The port of HTTP.
const HTTP: u16 = 80;
/// The directory of certificates in a home.
const TLS: &str = "tls";

/// How others reach a node
#[derive(Args, Clone, Debug)]
pub(crate) struct ReachArgs {
    #[arg(long, help = "The name, or outside address, of this machine: its page is then at https://NAME, with a certificate by itself. The name must lead here, and ports 443 and 80 (TCP) be open", value_name = "NAME[:PORT]", help_heading = REACH)]
    domain: Option<Site>,
    /// Another certificate authority than Let's Encrypt: the URL of its ACME directory
    #[arg(long, requires = "domain", value_name = "URL", help_heading = REACH)]
    acme: Option<String>,
    /// The only certificates by which that authority may be known, in PEM [default: the system's]
    #[arg(long, requires = "acme", value_name = "FILE", help_heading = REACH)]
    acme_ca: Option<PathBuf>,
    #[arg(long, default_value_t = HTTP, requires = "domain", hide = true)]
    http_port: u16,
    #[arg(long, help = "The URL under which a proxy or tunnel shows this node's page, such as https://pool.example.org", conflicts_with = "domain", value_parser = url, value_name = "URL", help_heading = REACH)]
    url: Option<String>,
    /// The address of a proxy, such as 127.0.0.1 or 10.0.0.0/8, whose X-Forwarded-For says who calls (repeatable)
    #[arg(long = "proxy", value_parser = network, value_name = "ADDRESS", help_heading = REACH)]
    proxies: Vec<IpNet>,
    /// How other nodes reach this one, where it does not know by itself: the outside address of your router, which forwards
    /// the port (TCP and UDP), or a host's name (repeatable; without --domain or --url the first stands in invitations)
    /// [-i is then 0.0.0.0, unless you give it]
    #[arg(long = "advertise", value_name = "HOST[:PORT]", help_heading = REACH)]
    advertised: Vec<Advertised>,
}

const REACH: &str = "How others reach it";

fn url(text: &str) -> Result<String, String> {
    link::node(text).map_err(|error| error.to_string())
}

fn network(text: &str) -> Result<IpNet, String> {
    let alone = text.parse::<IpAddr>().map(IpNet::from);
    alone.or_else(|_| text.parse()).map_err(|_| {
        format!("got `{text}`, wanted an address or a network, such as 127.0.0.1 or 10.0.0.0/8")
    })
}

impl ReachArgs {
    /// Whether others are meant to reach the node.
    pub(crate) fn is_wanted(&self) -> bool {
        self.domain.is_some() || !self.advertised.is_empty()
    }

    /// Puts the flags into a node's settings.
    pub(crate) fn apply(&self, dir: &Path, config: &mut NodeConfig) -> anyhow::Result<()> {
        config.advertised.clone_from(&self.advertised);
        config.proxies.clone_from(&self.proxies);
        config.page_url.clone_from(&self.url);
        config.site = match &self.domain {
            Some(site) => Some(self.site(site, dir, config.ip)?),
            None => None,
        };
        if let (Some(site), true) = (&self.domain, self.advertised.is_empty()) {
            let own = site.host().to_string().parse();
            config.advertised.extend(own.ok());
        }
        Ok(())
    }

    fn site(&self, site: &Site, dir: &Path, ip: IpAddr) -> anyhow::Result<SiteConfig> {
        let roots = match &self.acme_ca {
            Some(path) => Some(fs::read(path).with_context(|| {
                format!(
                    "cannot read {}: --acme-ca wants certificates in PEM",
                    path.display()
                )
            })?),
            None => None,
        };
        let url = self.acme.clone().unwrap_or_else(|| LETS_ENCRYPT.to_owned());
        if !url.starts_with("https://") {
            return Err(usage(format!(
                "got `{url}`, wanted the URL of an ACME directory, which begins with https://"
            )));
        }
        Ok(SiteConfig {
            certificate: CertificateConfig {
                site: site.clone(),
                dir: dir.join(TLS),
                authority: Authority { url, roots },
            },
            ip,
            http_port: Some(self.http_port).filter(|port| *port != 0),
        })
    }
}
