//! Where this node can be reached, which changes while it runs: a laptop in another network, a name that leads elsewhere.

use std::{
    net::SocketAddr,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use bolao_discovery::{Discovery, Node};
use tokio::time::sleep;
use url::{Host, Url};

use crate::{config::Advertised, reach::addresses::Addresses, reach::resolver::Resolver};

/// The time between two looks at the addresses.
const LOOK: Duration = Duration::from_secs(2);
/// The time for which the names under which others reach this node are waited for.
const NAMES: Duration = Duration::from_secs(1);

/// The addresses at which this node can be reached now.
#[derive(Debug)]
pub(crate) struct LocalAddresses {
    listen: SocketAddr,
    advertised: Vec<Advertised>,
    now: RwLock<Addresses>,
}

impl LocalAddresses {
    /// Of a node that listens on an address; what is advertised is known once it was looked at.
    pub(crate) fn new(listen: SocketAddr, advertised: Vec<Advertised>) -> Self {
        Self {
            now: RwLock::new(Addresses::find(listen, &[])),
            listen,
            advertised,
        }
    }

    /// Finds out where it is now.
    pub(crate) async fn look(&self, resolver: &Resolver) {
        let found = self.advertised.iter().map(async |advertised| {
            let port = advertised.port.unwrap_or(self.listen.port());
            match &advertised.host {
                Host::Ipv4(ip) => Some((*ip, port).into()),
                Host::Ipv6(ip) => Some((*ip, port).into()),
                Host::Domain(name) => resolver.resolve(name, port, NAMES).await,
            }
        });
        let found: Vec<Option<SocketAddr>> = futures::future::join_all(found).await;
        let found: Vec<SocketAddr> = found.into_iter().flatten().collect();
        let found = Addresses::find(self.listen, &found);
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = found;
    }

    /// Keeps looking, and tells discovery.
    pub(crate) async fn keep(&self, resolver: &Resolver, discovery: &Discovery) {
        if self.advertised.is_empty() && !self.listen.ip().is_unspecified() {
            return std::future::pending().await;
        }
        loop {
            sleep(LOOK).await;
            let before = self.now();
            self.look(resolver).await;
            let now = self.now();
            if before != now
                && let Ok(own) = Node::try_from(now.own)
            {
                tracing::info!(before = %before.own, now = %now.own, "this node's address");
                discovery.set_own(own, now.alias_nodes());
            }
        }
    }

    /// The addresses at which it can be reached now.
    pub(crate) fn now(&self) -> Addresses {
        let now = self.now.read();
        now.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The URL under which people and nodes reach it.
    pub(crate) fn own_url(&self) -> String {
        let own = self.now().own;
        match self.advertised.first() {
            Some(Advertised { host, port }) => {
                format!("http://{host}:{}", port.unwrap_or(self.listen.port()))
            }
            None if own.ip().is_loopback() => format!("http://localhost:{}", own.port()),
            None => format!("http://{own}"),
        }
    }

    /// Whether a URL leads to this very node.
    pub(crate) fn is_own(&self, url: &Url) -> bool {
        let Some(port) = url.port_or_known_default() else {
            return false;
        };
        let here = |ip: std::net::IpAddr| {
            (ip.is_loopback() && port == self.listen.port())
                || self.now().contains(SocketAddr::new(ip, port))
        };
        match url.host() {
            Some(Host::Domain("localhost")) => port == self.listen.port(),
            Some(Host::Domain(name)) => self.advertised.iter().any(|advertised| {
                advertised.host == Host::Domain(name.to_owned())
                    && advertised.port.unwrap_or(self.listen.port()) == port
            }),
            Some(Host::Ipv4(ip)) => here(ip.into()),
            Some(Host::Ipv6(ip)) => here(ip.into()),
            None => false,
        }
    }

    /// Whether a host's name is advertised as this node's.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let mut hosts = self.advertised.iter().map(|advertised| &advertised.host);
        hosts.any(|host| matches!(host, Host::Domain(own) if own.eq_ignore_ascii_case(name)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn what_is_advertised_is_this_node() {
        let advertised = ["localhost:9100", "203.0.113.7"].map(|text| text.parse().unwrap());
        let listen = ([127, 0, 0, 1], 9000).into();
        let local_addresses = LocalAddresses::new(listen, advertised.to_vec());
        local_addresses.look(&Resolver::default()).await;
        assert_eq!(local_addresses.own_url(), "http://localhost:9100");
        assert_eq!(local_addresses.now().own.port(), 9100);
        let is_own = |url: &str| local_addresses.is_own(&url.parse().unwrap());
        assert!(is_own("http://203.0.113.7:9000") && is_own("http://127.0.0.1:9000"));
        assert!(!is_own("http://203.0.113.7:9100") && !is_own("http://203.0.113.8:9000"));
        assert!(local_addresses.is_named("LOCALHOST") && !local_addresses.is_named("elsewhere"));
    }
}
