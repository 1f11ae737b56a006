//! What this node asks of others over HTTP: fixed paths, no redirects, no proxies, bounded
//! bodies and times, because the other side may be anybody.

use std::{fmt, net::IpAddr, str::FromStr, time::Duration};

use http::header;
use reqwest::{Client, RequestBuilder, redirect::Policy};
use serde_json::{Value, json};
use tokio::time::timeout;
use url::Url;

use crate::{Node, NodeError};

/// The time that a node has to answer a check.
pub(crate) const CHECK_TIMEOUT: Duration = Duration::from_secs(2);
/// The time that a list of nodes may take, to its last byte. A seed server checks us meanwhile.
const LIST_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_LIST_BYTES: usize = 64 * 1024;
const MAX_LIST_NODES: usize = 1000;

/// A seed server's address; its host may be a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seed {
    url: Url,
}

impl Seed {
    /// The seed server at a host (a name or an IP literal) and a port.
    ///
    /// # Errors
    /// The host is neither, or the port is 0.
    pub fn new(host: &str, port: u16) -> Result<Self, NodeError> {
        format!("{host}:{port}").parse()
    }
}

impl FromStr for Seed {
    type Err = NodeError;

    fn from_str(text: &str) -> Result<Self, NodeError> {
        let wanted = || NodeError::NotAnAddress(text.chars().take(60).collect());
        let plain = text.strip_prefix("http://").unwrap_or(text);
        let plain = plain.strip_suffix('/').unwrap_or(plain);
        let (host, port) = plain.rsplit_once(':').ok_or_else(wanted)?;
        let port: u16 = port.parse().map_err(|_| wanted())?;
        if port == 0 {
            return Err(NodeError::PortZero);
        }
        if host.is_empty() || host.contains(['/', '?', '#', '@', '\\']) {
            return Err(wanted());
        }
        let bare_v6 = host.contains(':') && !host.starts_with('[');
        let url = if bare_v6 {
            format!("http://[{host}]:{port}/nodes/")
        } else {
            format!("http://{host}:{port}/nodes/")
        };
        let url = Url::parse(&url).map_err(|_| wanted())?;
        Ok(Self { url })
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        write!(f, "{host}:{port}")
    }
}

/// Why a list of nodes was not got.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum AskError {
    #[error("no answer")]
    Http(#[from] reqwest::Error),
    #[error("got status {0} where 200 was wanted")]
    Status(u16),
    #[error("the answer is longer than {MAX_LIST_BYTES} bytes")]
    TooLong,
    #[error("the answer is not a JSON array")]
    NotAnArray(#[from] serde_json::Error),
    #[error("the answer is not a list of nodes")]
    NoNodes,
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A node is there.
    Node,
    /// Something else is there.
    NoNode,
    /// Nothing there answers.
    Silence,
}

/// A list of nodes and who gave it.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) nodes: Vec<Node>,
    /// Entries that are no nodes, or too many.
    pub(crate) skipped: usize,
    /// The address that answered, if the connection tells.
    pub(crate) from: Option<IpAddr>,
}

#[derive(Debug)]
pub(crate) struct NodeClient {
    http: Client,
}

impl NodeClient {
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .user_agent(concat!("bolao/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(Policy::none())
            // Nodes speak plain HTTP, also where there are no certificates.
            .tls_certs_only([])
            .referer(false)
            .http1_only()
            .connect_timeout(CHECK_TIMEOUT)
            .timeout(LIST_TIMEOUT)
            // A kept connection would tell of the past, and holds a place at the other side.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { http })
    }

    /// Checks whether a node is there. A node asks by `POST /` with its own address, as in the article's first step, and any HTTP
    /// answer counts. A seed server, which others send to addresses of their choice, asks for `GET /nodes/` and wants what a node
    /// answers there.
    pub(crate) async fn check(&self, node: &Node, own: Option<Node>) -> Answer {
        let checked = async {
            if let Some(own) = own {
                let url = format!("{}/", node.url());
                self.http.post(url).json(&own).send().await?;
                return Ok(());
            }
            // The article's program of today wants a body.
            let url = format!("{}/nodes/", node.url());
            speaks(self.http.get(url).json(&json!({}))).await
        };
        match timeout(CHECK_TIMEOUT, checked).await {
            Ok(Ok(())) => Answer::Node,
            Ok(Err(AskError::Http(error))) => {
                tracing::debug!(%node, %error, "no answer");
                Answer::Silence
            }
            Ok(Err(error)) => {
                tracing::debug!(%node, %error, "it answers, but it is not a node");
                Answer::NoNode
            }
            Err(_) => Answer::Silence,
        }
    }

    /// The nodes that a node knows.
    pub(crate) async fn nodes_of(&self, node: &Node) -> Result<Heard, AskError> {
        let mut heard = list(self.http.get(format!("{}/nodes/", node.url()))).await?;
        heard.from = heard.from.or(Some(node.ip()));
        Ok(heard)
    }

    /// Tells a seed server of us and gets the nodes that it knows.
    pub(crate) async fn register_at(
        &self,
        seed: &Seed,
        own: Option<Node>,
    ) -> Result<Heard, AskError> {
        let url = seed.url.clone();
        list(match own {
            Some(own) => self.http.post(url).json(&own),
            None => self.http.get(url),
        })
        .await
    }
}

/// The body of a good answer, and who gave it.
async fn body(request: RequestBuilder) -> Result<(Vec<u8>, Option<IpAddr>), AskError> {
    let request = request.header(header::ACCEPT, "application/json");
    let mut answer = request.send().await?;
    if !answer.status().is_success() {
        return Err(AskError::Status(answer.status().as_u16()));
    }
    let from = answer.remote_addr().map(|address| address.ip());
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > MAX_LIST_BYTES {
            return Err(AskError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body, from))
}

/// Whether the answer is what a node has at `/nodes/`: a list of nodes, or an object, as the simplest ones send.
async fn speaks(request: RequestBuilder) -> Result<(), AskError> {
    let (body, _) = body(request).await?;
    match serde_json::from_slice(&body)? {
        Value::Object(_) => Ok(()),
        Value::Array(entries)
            if entries.iter().all(|entry| {
                entry.get("ip_address").is_some_and(Value::is_string)
                    && entry.get("port").is_some_and(Value::is_u64)
            }) =>
        {
            Ok(())
        }
        _ => Err(AskError::NoNodes),
    }
}

async fn list(request: RequestBuilder) -> Result<Heard, AskError> {
    let (body, from) = body(request).await?;
    let entries: Vec<Value> = serde_json::from_slice(&body)?;
    let count = entries.len();
    let nodes: Vec<Node> = entries
        .into_iter()
        .take(MAX_LIST_NODES)
        .filter_map(|entry| serde_json::from_value(entry).ok())
        .collect();
    let skipped = count - nodes.len();
    Ok(Heard {
        nodes,
        skipped,
        from,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn seeds_are_hosts_with_ports() {
        for (text, shown) in [
            ("127.0.0.1:42020", "127.0.0.1:42020"),
            ("localhost:42020", "localhost:42020"),
            ("http://seed.example:80/", "seed.example:80"),
            ("[::1]:42020", "[::1]:42020"),
        ] {
            assert_eq!(text.parse::<Seed>().unwrap().to_string(), shown);
        }
        assert_eq!(Seed::new("::1", 9).unwrap().to_string(), "[::1]:9");
        for bad in [
            "",
            ":1",
            "127.0.0.1",
            "127.0.0.1:0",
            "127.0.0.1:65536",
            "a b:1",
            "host/path:1",
            "user@host:1",
            "https://host:1",
        ] {
            assert!(bad.parse::<Seed>().is_err(), "{bad}");
        }
    }
}
