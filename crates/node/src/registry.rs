//! The betting article's `network_nodes`: URLs that somebody registered, kept over restarts, dialled over libp2p.

use std::{
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bolao_api::RegisterError;
use serde_json::json;
use url::{Host, Url};

use crate::home::Home;

/// The most nodes that are registered.
pub(crate) const MAX_REGISTERED: usize = 64;

/// How long another node may take to answer a registration.
const CALL_TIMEOUT: Duration = Duration::from_secs(2);

/// Registered nodes and the HTTP client that tells others of them.
#[derive(Debug)]
pub(crate) struct Registry {
    home: Home,
    own_url: String,
    own_port: u16,
    urls: Mutex<Vec<String>>,
    client: reqwest::Client,
}

fn unusable(url: &Url, reason: impl Into<String>) -> RegisterError {
    RegisterError::Unusable {
        url: url.to_string().chars().take(200).collect(),
        reason: reason.into(),
    }
}

/// `http://host:port` without a trailing slash.
fn normal(url: &Url) -> Result<String, RegisterError> {
    if url.scheme() != "http" {
        return Err(unusable(url, "it does not begin with http://"));
    }
    let host = url
        .host()
        .ok_or_else(|| unusable(url, "it names no host"))?;
    if url.path() != "/" || url.query().is_some() || !url.username().is_empty() {
        return Err(unusable(url, "there is more than a host and a port"));
    }
    let port = url
        .port_or_known_default()
        .filter(|port| *port != 0)
        .ok_or_else(|| unusable(url, "it names no port"))?;
    Ok(format!("http://{host}:{port}"))
}

/// Whether a normal URL is this very node's.
fn is_own(url: &Url, own_port: u16) -> bool {
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    here && url.port_or_known_default() == Some(own_port)
}

impl Registry {
    /// Reads what was registered before.
    ///
    /// # Errors
    /// The home cannot be read, or no HTTP client can be made.
    pub(crate) fn open(home: Home, own_url: String, own_port: u16) -> anyhow::Result<Self> {
        let mut urls = home.registered()?;
        urls.truncate(MAX_REGISTERED);
        Ok(Self {
            home,
            own_url,
            own_port,
            urls: Mutex::new(urls),
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
        self.urls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Adds a node; gives its normal URL, or `None` for this node itself.
    pub(crate) fn add(&self, url: &Url) -> Result<Option<String>, RegisterError> {
        let normal = normal(url)?;
        if is_own(url, self.own_port) || normal == self.own_url {
            return Ok(None);
        }
        let mut urls = self.urls.lock().unwrap_or_else(PoisonError::into_inner);
        if !urls.contains(&normal) {
            if urls.len() >= MAX_REGISTERED {
                return Err(RegisterError::Full {
                    limit: MAX_REGISTERED,
                });
            }
            urls.push(normal.clone());
            if let Err(error) = self.home.set_registered(&urls) {
                tracing::warn!(%error, "the registered nodes were not saved");
            }
        }
        Ok(Some(normal))
    }

    /// Forgets a node that did not take its registration.
    pub(crate) fn remove(&self, normal: &str) {
        let mut urls = self.urls.lock().unwrap_or_else(PoisonError::into_inner);
        urls.retain(|url| url != normal);
        if let Err(error) = self.home.set_registered(&urls) {
            tracing::warn!(%error, "the registered nodes were not saved");
        }
    }

    /// Tells every registered node of a new one, and the new one of them all, as the article's program does.
    pub(crate) async fn spread(&self, new: &str) -> Result<(), RegisterError> {
        let others: Vec<String> = self.list().into_iter().filter(|url| url != new).collect();
        let bulk: Vec<&String> = others.iter().chain([&self.own_url]).collect();
        let told = self
            .client
            .post(format!("{new}/register-nodes-bulk"))
            .json(&json!({ "all_network_nodes": bulk }))
            .send()
            .await
            .and_then(reqwest::Response::error_for_status);
        if let Err(error) = told {
            return Err(RegisterError::Unusable {
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
                tracing::warn!(%url, %error, "a registered node was not told of the new one");
            }
        }
        Ok(())
    }

    /// The UDP addresses of the registered nodes: same host and port as their HTTP.
    pub(crate) async fn addresses(&self) -> Vec<SocketAddr> {
        let mut addresses = Vec::new();
        for url in self.list() {
            addresses.extend(resolve(&url).await);
        }
        addresses
    }
}

/// Where a registered node listens for libp2p; IPv4 first, since nodes listen there unless told otherwise.
pub(crate) async fn resolve(url: &str) -> Option<SocketAddr> {
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
