//! The betting article's `network_nodes`: URLs that somebody registered, kept over restarts, dialled over libp2p.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bolao_api::NodeError;
use bolao_discovery::Node;
use serde_json::json;
use tokio::{task::spawn_blocking, time::timeout};
use url::{Host, Url};

use crate::{addresses::Addresses, error::StartError, home::Home};

/// The most nodes that are registered.
pub const MAX_REGISTERED: usize = 64;

/// The longest host name, in bytes (RFC 1035).
const MAX_HOST: usize = 253;

/// How long another node may take to answer a registration.
const CALL_TIMEOUT: Duration = Duration::from_secs(2);

/// How long looking a name up may take.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(1);

/// Registered nodes and the HTTP client that tells others of them.
#[derive(Debug)]
pub(crate) struct Registry {
    home: Home,
    own: Addresses,
    own_port: u16,
    urls: Mutex<Vec<String>>,
    /// Held while the list is saved, which may take as long as the disk takes.
    saving: Mutex<()>,
    client: reqwest::Client,
}

fn unusable(url: &Url, reason: impl Into<String>) -> NodeError {
    NodeError::UnusableUrl {
        url: url.to_string().chars().take(200).collect(),
        reason: reason.into(),
    }
}

/// `http://host:port` without a trailing slash.
fn normal(url: &Url) -> Result<String, NodeError> {
    if url.scheme() != "http" {
        return Err(unusable(url, "it does not begin with http://"));
    }
    let host = url
        .host()
        .ok_or_else(|| unusable(url, "it names no host"))?;
    let user = !url.username().is_empty() || url.password().is_some();
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || user {
        return Err(unusable(url, "there is more than a host and a port"));
    }
    let port = url
        .port_or_known_default()
        .filter(|port| *port != 0)
        .ok_or_else(|| unusable(url, "it names no port"))?;
    let ip = match &host {
        Host::Domain(name) if name.len() > MAX_HOST || name.ends_with('.') => {
            return Err(unusable(url, "its host is no plain name"));
        }
        Host::Domain(_) => None,
        Host::Ipv4(ip) => Some(IpAddr::from(*ip)),
        Host::Ipv6(ip) => Some(IpAddr::from(*ip)),
    };
    if let Some(Err(error)) = ip.map(|ip| Node::new(ip, port)) {
        return Err(unusable(url, error.to_string()));
    }
    Ok(format!("http://{host}:{port}"))
}

impl Registry {
    /// Reads what was registered before.
    ///
    /// # Errors
    /// The home cannot be read, or no HTTP client can be made.
    pub(crate) fn open(home: Home, own: Addresses, own_port: u16) -> Result<Self, StartError> {
        let mut urls = home.registered()?;
        urls.truncate(MAX_REGISTERED);
        Ok(Self {
            home,
            own,
            own_port,
            urls: Mutex::new(urls),
            saving: Mutex::new(()),
            client: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(CALL_TIMEOUT)
                .build()?,
        })
    }

    /// The registered nodes, in the order of registration.
    #[must_use]
    pub(crate) fn list(&self) -> Vec<String> {
        self.urls().clone()
    }

    /// Whether a URL is this very node's.
    fn is_own(&self, url: &Url) -> bool {
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback() || self.own.contains(ip.into()),
            Some(Host::Ipv6(ip)) => ip.is_loopback() || self.own.contains(ip.into()),
            None => false,
        };
        here && url.port_or_known_default() == Some(self.own_port)
    }

    /// The normal URLs of nodes that may be registered, this node itself left out. Changes nothing.
    pub(crate) fn check(&self, urls: &[Url]) -> Result<Vec<String>, NodeError> {
        let mut wanted = Vec::new();
        for url in urls {
            let normal = normal(url)?;
            if !self.is_own(url) && !wanted.contains(&normal) {
                wanted.push(normal);
            }
        }
        room(&self.urls(), &wanted)?;
        Ok(wanted)
    }

    /// Adds nodes whose URLs were checked: all of them, or none if there is no room. Returns once they are saved.
    pub(crate) async fn add(self: &Arc<Self>, checked: &[String]) -> Result<(), NodeError> {
        {
            let mut urls = self.urls();
            let new = room(&urls, checked)?;
            if new.is_empty() {
                return Ok(());
            }
            urls.extend(new);
        }
        let registry = Arc::clone(self);
        if let Err(error) = spawn_blocking(move || registry.save()).await {
            tracing::error!(%error, "saving the registered nodes died");
        }
        Ok(())
    }

    /// Saves the list as it is when its turn comes, so that no earlier list is saved after a later one.
    fn save(&self) {
        let _turn = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = self.home.set_registered(&self.list()) {
            tracing::warn!(%error, "the registered nodes were not saved");
        }
    }

    fn urls(&self) -> MutexGuard<'_, Vec<String>> {
        self.urls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells every registered node of a new one, and the new one of them all, as the article's program does.
    pub(crate) async fn spread(&self, new: &str) -> Result<(), NodeError> {
        let others: Vec<String> = self.list().into_iter().filter(|url| url != new).collect();
        let own_url = self.own.own_url(self.own_port);
        let bulk: Vec<&String> = others.iter().chain([&own_url]).collect();
        let taken = self
            .client
            .post(format!("{new}/register-nodes-bulk"))
            .json(&json!({ "all_network_nodes": bulk }))
            .send()
            .await
            .and_then(reqwest::Response::error_for_status);
        if let Err(error) = taken {
            return Err(NodeError::UnusableUrl {
                url: new.to_owned(),
                reason: format!("it did not take the registration ({error})"),
            });
        }
        let calls = others.iter().map(|url| {
            self.client
                .post(format!("{url}/register-node"))
                .json(&json!({ "newnodeurl": new }))
                .send()
        });
        for (url, result) in others.iter().zip(futures::future::join_all(calls).await) {
            if let Err(error) = result {
                tracing::warn!(%url, %error, "a registered node did not hear of the new one");
            }
        }
        Ok(())
    }

    /// The UDP addresses of the registered nodes: same host and port as their HTTP.
    pub(crate) async fn addresses(&self) -> Vec<SocketAddr> {
        addresses(&self.list()).await
    }
}

/// Which of the wanted are not there yet, if there is room for them.
fn room(urls: &[String], wanted: &[String]) -> Result<Vec<String>, NodeError> {
    let new: Vec<String> = wanted
        .iter()
        .filter(|url| !urls.contains(url))
        .cloned()
        .collect();
    if urls.len() + new.len() > MAX_REGISTERED {
        return Err(NodeError::TooManyNodes {
            limit: MAX_REGISTERED,
        });
    }
    Ok(new)
}

/// Where nodes listen for libp2p; those whose names cannot be resolved in time are left out.
pub(crate) async fn addresses(urls: &[String]) -> Vec<SocketAddr> {
    let found = urls
        .iter()
        .map(|url| timeout(RESOLVE_TIMEOUT, resolve(url)));
    let found = futures::future::join_all(found).await;
    found.into_iter().filter_map(|found| found.ok()?).collect()
}

/// Where a registered node listens for libp2p; IPv4 first, since nodes listen there by default.
async fn resolve(url: &str) -> Option<SocketAddr> {
    let url = Url::parse(url).ok()?;
    let port = url.port_or_known_default()?;
    match url.host()? {
        Host::Ipv4(ip) => Some(SocketAddr::new(ip.into(), port)),
        Host::Ipv6(ip) => Some(SocketAddr::new(ip.into(), port)),
        Host::Domain(name) => {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name, port)).await.ok()?.collect();
            found
                .iter()
                .find(|address| address.is_ipv4())
                .or(found.first())
                .copied()
        }
    }
}

#[cfg(test)]
mod tests;
