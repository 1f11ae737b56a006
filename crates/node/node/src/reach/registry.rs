//! The betting article's `network_nodes`: URLs that somebody registered, kept over restarts, dialled over libp2p.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use bolao_api::{BET_POOL, NodeError, NotTaken};
use bolao_discovery::Node;
use bolao_ledger::PoolId;
use reqwest::{StatusCode, header};
use serde_json::json;
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};
use url::{Host, Url};

use crate::{
    error::StartError, home::Home, reach::advertised::MAX_HOST,
    reach::local_addresses::LocalAddresses, reach::resolver::Resolver,
};

/// The most nodes that are registered.
pub const MAX_REGISTERED: usize = 64;

/// The time that another node may take to answer a registration.
const CALL_TIMEOUT: Duration = Duration::from_secs(2);

/// The time that posting a bet to another node may take, with the wait for others that are posted.
const POST_PATIENCE: Duration = Duration::from_secs(4);

/// The time that looking a name up may take.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(1);

/// Registered nodes and the HTTP client that tells others of them.
///
/// Commands write into the home while the node runs (`bolao join`, `bolao invite`): what they wrote is taken up at the
/// next look.
#[derive(Debug)]
pub(crate) struct Registry {
    home: Home,
    pub(crate) local_addresses: LocalAddresses,
    pub(crate) resolver: Resolver,
    urls: Mutex<Vec<String>>,
    /// Names by which others reach this node, as the home keeps them.
    names: Mutex<BTreeSet<String>>,
    /// The time of change and the length of each of the home's files when they were read last.
    read: Mutex<Vec<Option<(SystemTime, u64)>>>,
    /// Held while the list is saved, which may take as long as the disk takes.
    saving: Mutex<()>,
    client: reqwest::Client,
    /// Held by each bet that is posted to another program.
    posts: Semaphore,
}

/// The answer to a bet that was posted.
enum Posted {
    Taken,
    /// A node of this pool answers there, which hears of the bet from its peers.
    OfThePool,
    Refused(StatusCode),
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
            return Err(unusable(url, "its host is not a plain name"));
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
    pub(crate) fn open(home: Home, local_addresses: LocalAddresses) -> Result<Self, StartError> {
        let mut urls = home.registered()?;
        urls.truncate(MAX_REGISTERED);
        Ok(Self {
            names: Mutex::new(home.names()?),
            home,
            local_addresses,
            resolver: Resolver::default(),
            urls: Mutex::new(urls),
            read: Mutex::default(),
            saving: Mutex::new(()),
            client: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                // Nodes speak plain HTTP, also where there are no certificates.
                .tls_certs_only([])
                .timeout(CALL_TIMEOUT)
                .build()?,
            posts: Semaphore::new(MAX_REGISTERED),
        })
    }

    /// Takes up what commands have written into the home since the last look.
    pub(crate) fn refresh(&self) {
        let files = [self.home.registered_path(), self.home.names_path()];
        let found: Vec<_> = files.iter().map(stamp).collect();
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if *read == found {
            return;
        }
        *read = found;
        match (self.home.registered(), self.home.names()) {
            (Ok(urls), Ok(names)) => {
                self.take_up(urls);
                *self.names() = names;
            }
            (Err(error), _) | (_, Err(error)) => {
                tracing::warn!(%error, "what was written into the home is not used");
            }
        }
    }

    /// Adds what is not there yet; the oldest make room.
    fn take_up(&self, written: Vec<String>) {
        let mut urls = self.urls();
        for text in written {
            let Some(Ok(normal)) = Url::parse(&text).ok().map(|url| {
                let normal = normal(&url)?;
                Ok::<_, NodeError>((!self.local_addresses.is_own(&url)).then_some(normal))
            }) else {
                tracing::warn!(node = text, "no node's URL is registered in the home");
                continue;
            };
            if let Some(new) = normal.filter(|new| urls.iter().all(|url| !same(url, new))) {
                tracing::info!(node = new, "joined through another node");
                urls.push(new);
            }
        }
        let too_many = urls.len().saturating_sub(MAX_REGISTERED);
        urls.drain(..too_many);
    }

    /// Whether a host's name is this node's.
    pub(crate) fn answers_to(&self, name: &str) -> bool {
        self.local_addresses.is_named(name) || self.names().contains(&name.to_ascii_lowercase())
    }

    fn names(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The registered nodes, in the order of registration.
    #[must_use]
    pub(crate) fn list(&self) -> Vec<String> {
        self.urls().clone()
    }

    /// The normal URLs of nodes that may be registered, this node itself left out. Changes nothing.
    pub(crate) fn check(&self, urls: &[Url]) -> Result<Vec<String>, NodeError> {
        let mut wanted = Vec::new();
        for url in urls {
            let normal = normal(url)?;
            if !self.local_addresses.is_own(url) && !wanted.contains(&normal) {
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
        let saved = self.home.change_registered(|written| {
            // A command may have added some since the last look.
            self.take_up(std::mem::take(written));
            *written = self.list();
        });
        if let Err(error) = saved {
            tracing::warn!(%error, "the registered nodes were not saved");
        }
    }

    fn urls(&self) -> MutexGuard<'_, Vec<String>> {
        self.urls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells every registered node of a new one, and the new one of them all, as the article's program does.
    pub(crate) async fn spread(&self, new: &str) -> Result<(), NodeError> {
        let others: Vec<String> = self.list().into_iter().filter(|url| url != new).collect();
        let own_url = self.local_addresses.own_url();
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

    /// Posts a bet to the registered nodes, to all at once. Gives those that did not take it, with the reason.
    pub(crate) async fn post_bet(&self, pool: PoolId, bet: &str) -> Vec<NotTaken> {
        let posts = self.list().into_iter().map(async |url| {
            let why = match timeout(POST_PATIENCE, self.post(&url, pool, bet)).await {
                Ok(Ok(Posted::Taken | Posted::OfThePool)) => return None,
                Ok(Ok(Posted::Refused(status))) => format!("it answered {}", status.as_u16()),
                Ok(Err(error)) if error.is_connect() => "nothing answers there".to_owned(),
                Ok(Err(_)) | Err(_) => "no answer in time".to_owned(),
            };
            Some(NotTaken { url, why })
        });
        let missed = futures::future::join_all(posts).await;
        missed.into_iter().flatten().collect()
    }

    async fn post(&self, url: &str, pool: PoolId, bet: &str) -> reqwest::Result<Posted> {
        // Closed never.
        let _place = self.posts.acquire().await;
        let post = self.client.post(format!("{url}/bet"));
        let post = post
            .header(header::CONTENT_TYPE, "application/json")
            .body(bet.to_owned());
        let pool = pool.to_string();
        let answer = post.header(BET_POOL, &pool).send().await?;
        let named = answer.headers().get(BET_POOL);
        Ok(match answer.status() {
            status if status.is_success() => Posted::Taken,
            _ if named.is_some_and(|named| *named == *pool) => Posted::OfThePool,
            status => Posted::Refused(status),
        })
    }

    /// The UDP addresses of the registered nodes, as far as they are known: same host and port as their HTTP. `works` says
    /// of an address whether a node is reached there.
    pub(crate) fn known_addresses(&self, works: impl Fn(SocketAddr) -> bool) -> Vec<SocketAddr> {
        let places = self.list();
        let places = places.iter().filter_map(|url| place(url));
        let known = places.filter_map(|(host, port)| match host {
            Host::Domain(name) => self.resolver.known(&name, port, &works),
            Host::Ipv4(ip) => Some((ip, port).into()),
            Host::Ipv6(ip) => Some((ip, port).into()),
        });
        known.collect()
    }

    /// Looks at this node's own addresses; whether they have changed.
    pub(crate) async fn look_here(&self) -> bool {
        let towards = self.known_addresses(|_| true);
        self.local_addresses.look(&self.resolver, &towards).await
    }

    /// The addresses at which nodes listen for libp2p; those whose names cannot be resolved in time are left out.
    pub(crate) async fn addresses(&self, urls: &[String]) -> Vec<SocketAddr> {
        let found = urls.iter().map(async |url| match place(url)? {
            (Host::Domain(name), port) => self.resolver.resolve(&name, port, RESOLVE_TIMEOUT).await,
            (Host::Ipv4(ip), port) => Some((ip, port).into()),
            (Host::Ipv6(ip), port) => Some((ip, port).into()),
        });
        let found = futures::future::join_all(found).await;
        found.into_iter().flatten().collect()
    }
}

/// When a file was changed last, and its length.
pub(crate) fn stamp(path: &PathBuf) -> Option<(SystemTime, u64)> {
    let there = std::fs::metadata(path).ok()?;
    Some((there.modified().ok()?, there.len()))
}

/// A registered node's host and port.
fn place(url: &str) -> Option<(Host, u16)> {
    let url = Url::parse(url).ok()?;
    Some((url.host()?.to_owned(), url.port_or_known_default()?))
}

/// The wanted nodes that are not there yet, if there is room for them.
fn room(urls: &[String], wanted: &[String]) -> Result<Vec<String>, NodeError> {
    let mut new: Vec<String> = Vec::new();
    for url in wanted {
        if urls.iter().chain(&new).all(|known| !same(known, url)) {
            new.push(url.clone());
        }
    }
    if urls.len() + new.len() > MAX_REGISTERED {
        return Err(NodeError::TooManyNodes {
            limit: MAX_REGISTERED,
            registered: urls.len(),
            new: new.len(),
        });
    }
    Ok(new)
}

/// Whether two normal URLs are spellings of one: this machine has several.
fn same(one: &str, other: &str) -> bool {
    let spelt = |url: &str| {
        let (host, port) = place(url)?;
        let local = match &host {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.to_canonical().is_loopback(),
        };
        Some(if local {
            (Host::Domain("localhost".to_owned()), port)
        } else {
            (host, port)
        })
    };
    one == other || spelt(one).is_some_and(|one| Some(one) == spelt(other))
}

#[cfg(test)]
mod tests;
