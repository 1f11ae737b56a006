//! Where this node can be reached, which changes while it runs: a laptop in another network, a name that leads elsewhere.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::watch;
use url::{Host, Url};

use crate::{
    reach::addresses::{self, Addresses, Facts},
    reach::advertised::Advertised,
    reach::resolver::Resolver,
};

/// The time for which the names under which others reach this node are waited for.
const NAMES: Duration = Duration::from_secs(1);

/// The addresses at which this node can be reached now.
#[derive(Debug)]
pub(crate) struct LocalAddresses {
    listen: SocketAddr,
    /// Whether it listens on every address once it has joined through a node elsewhere.
    widens: bool,
    /// The network interface of the address that was chosen, if one was.
    interface: Option<String>,
    advertised: Vec<Advertised>,
    now: watch::Sender<Addresses>,
    /// The address that others learnt last, where it is not this machine's any more.
    gone: Mutex<Option<SocketAddr>>,
}

impl LocalAddresses {
    /// Of a node that listens on an address; what is advertised is known once it was looked at.
    pub(crate) fn new(listen: SocketAddr, advertised: Vec<Advertised>) -> Self {
        let here = addresses::local();
        let chosen = here.iter().find(|it| it.ip == listen.ip());
        let interface = chosen.map(|it| it.interface.clone());
        let facts = Facts {
            listen,
            interface: interface.as_deref(),
            advertised: &[],
            towards: &[],
        };
        Self {
            now: watch::Sender::new(Addresses::find(facts, &here)),
            listen,
            widens: false,
            interface,
            advertised,
            gone: Mutex::default(),
        }
    }

    /// The same, which listens on every address once it has joined through a node elsewhere.
    pub(crate) fn widening(self, widens: bool) -> Self {
        Self { widens, ..self }
    }

    /// Finds out where it is now, and tells whether that has changed. `towards` are the nodes that it joined through.
    pub(crate) async fn look(&self, resolver: &Resolver, towards: &[SocketAddr]) -> bool {
        let found = self.advertised.iter().map(async |advertised| {
            let port = advertised.port.unwrap_or(self.listen.port());
            match &advertised.host {
                Host::Ipv4(ip) => Some((*ip, port).into()),
                Host::Ipv6(ip) => Some((*ip, port).into()),
                Host::Domain(name) => resolver.resolve(name, port, NAMES).await,
            }
        });
        let found: Vec<Option<SocketAddr>> = futures::future::join_all(found).await;
        let advertised: Vec<SocketAddr> = found.into_iter().flatten().collect();
        let facts = Facts {
            listen: self.listens_by(towards),
            interface: self.interface.as_deref(),
            advertised: &advertised,
            towards,
        };
        let found = Addresses::find(facts, &addresses::local());
        self.note_gone(&found);
        self.now.send_if_modified(|now| {
            let is_new = *now != found;
            *now = found;
            is_new
        })
    }

    fn listens_by(&self, towards: &[SocketAddr]) -> SocketAddr {
        let ip = self.listen.ip();
        let all: IpAddr = match ip {
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let is_wide = self.widens && towards.iter().any(|it| !it.ip().is_loopback());
        SocketAddr::new(if is_wide { all } else { ip }, self.listen.port())
    }

    fn note_gone(&self, found: &Addresses) {
        let before = self.now().own;
        let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        if found.listens.is_empty() {
            *gone = Some(self.listen);
        } else if self.advertised.is_empty()
            && !before.ip().is_loopback()
            && !found.contains(before)
        {
            *gone = Some(before);
        } else if gone.is_some_and(|it| found.contains(it)) {
            *gone = None;
        }
    }

    /// The address that others learnt last, where it is not this machine's any more.
    pub(crate) fn gone(&self) -> Option<SocketAddr> {
        *self.gone.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The addresses at which it can be reached now.
    pub(crate) fn now(&self) -> Addresses {
        self.now.borrow().clone()
    }

    /// Those now and after every change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Addresses> {
        self.now.subscribe()
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
        local_addresses.look(&Resolver::default(), &[]).await;
        assert_eq!(local_addresses.own_url(), "http://localhost:9100");
        assert_eq!(local_addresses.now().own.port(), 9100);
        let is_own = |url: &str| local_addresses.is_own(&url.parse().unwrap());
        assert!(is_own("http://203.0.113.7:9000") && is_own("http://127.0.0.1:9000"));
        assert!(!is_own("http://203.0.113.7:9100") && !is_own("http://203.0.113.8:9000"));
        assert!(local_addresses.is_named("LOCALHOST") && !local_addresses.is_named("elsewhere"));
    }
}
