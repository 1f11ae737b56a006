//! What a player was given to join by.

use std::{path::Path, time::Duration};

use anyhow::Context as _;
use bolao_ledger::{Genesis, json::from_file};
use bolao_wallet::{HeldTicket, Invite};
use serde_json::Value;

use crate::{
    exit::coded,
    input,
    link::{self, Link},
    output,
    source::Client,
};

/// The longest genesis file that is read, in bytes: twice what the most matches need.
const MAX_GENESIS: usize = 4 << 20;
/// The longest answer of a node that is not known yet, in bytes: what it says of its pool and of who is in charge is far shorter.
const MAX_ANSWER: usize = 1 << 20;
/// The time for which a busy node is asked again.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The entries that may be given.
const WANTED: &str = "an invitation link, a node's URL such as http://192.168.1.5:9000, or the pool's file genesis.json";

/// A way into a pool.
#[derive(Debug)]
pub(crate) enum Entry {
    /// An organiser's link, completed at its node.
    Link { invite: Box<Invite>, client: Client },
    /// A node.
    Node(Client),
    /// A genesis file.
    File(String),
}

impl Entry {
    /// The entry that a text leads to. A file that is there is a file, whatever it is called.
    pub(crate) async fn of(text: &str) -> anyhow::Result<Self> {
        let with_scheme = text.contains("://");
        if !with_scheme && Path::new(text).exists() {
            return Ok(Self::File(text.to_owned()));
        }
        if text.contains('#') {
            let link = Link::parse(text)?;
            let client = node(link.node())?;
            let invite = Box::new(link.complete(&client).await?);
            return Ok(Self::Link { invite, client });
        }
        if text.trim_end_matches('/').ends_with("/join") {
            return Err(coded(
                "bad-invitation",
                "the part after # is missing: copy the whole link, in quotes",
            ));
        }
        if with_scheme || is_address(text) {
            return Ok(Self::Node(node(&link::node(text)?)?));
        }
        Ok(Self::File(text.to_owned()))
    }

    /// The node that it leads to.
    pub(crate) const fn client(&self) -> Option<&Client> {
        match self {
            Self::Link { client, .. } | Self::Node(client) => Some(client),
            Self::File(_) => None,
        }
    }

    /// Its invitation.
    pub(crate) fn invite(&self) -> Option<&Invite> {
        match self {
            Self::Link { invite, .. } => Some(invite),
            _ => None,
        }
    }

    /// The ticket that it carries.
    pub(crate) fn ticket(&self) -> Option<&HeldTicket> {
        self.invite()?.ticket.as_ref()
    }

    /// The pool's rules, which are those that a link names.
    pub(crate) async fn genesis(&self) -> anyhow::Result<Genesis> {
        let (text, from) = match self {
            Self::File(path) => (
                input::text(Path::new(path), MAX_GENESIS, WANTED)?,
                path.as_str(),
            ),
            Self::Link { client, .. } | Self::Node(client) => {
                let bytes = client.bytes("/api/v1/pool/genesis", MAX_GENESIS).await?;
                let text = String::from_utf8(bytes).context("the node's genesis is not UTF-8")?;
                (text, client.base().as_str())
            }
        };
        let genesis = Genesis::from_json(&text).map_err(|error| {
            if is_fixtures(&text) {
                anyhow::anyhow!(
                    "{from} is a file of matches, not a pool's genesis: wanted {WANTED}; to make a pool of it, `bolao new NAME --fixtures FILE`"
                )
            } else {
                anyhow::Error::from(error)
                    .context(format!("{from} is not a usable genesis file, wanted {WANTED}"))
            }
        })?;
        if let Self::Link { invite, .. } = self
            && invite.pool != genesis.pool_id()
        {
            return Err(coded(
                "other-pool",
                format!(
                    "the link is for the pool {}, but the node at {from} has {}, `{}`: ask the sender for a new one",
                    invite.pool,
                    genesis.pool_id(),
                    genesis.name
                ),
            ));
        }
        Ok(genesis)
    }
}

/// The node at a URL, which is asked again while it is busy: friends are let in by hosts that have few places.
fn node(url: &str) -> anyhow::Result<Client> {
    let client = Client::new(url)?.with_max_answer(MAX_ANSWER);
    Ok(client.patient(TIMEOUT, |node| {
        output::hint!(
            "The node at {node} is busy: asking again for up to {} s.",
            TIMEOUT.as_secs()
        );
    }))
}

/// `HOST:PORT`.
fn is_address(text: &str) -> bool {
    let text = text.strip_suffix('/').unwrap_or(text);
    text.rsplit_once(':').is_some_and(|(host, port)| {
        port.parse::<u16>().is_ok() && !host.is_empty() && !host.contains(['/', '\\', ' '])
    })
}

/// Whether a text is what `bolao new` makes pools of.
fn is_fixtures(text: &str) -> bool {
    from_file::<Value>(text).is_ok_and(|value| {
        value.get("version").is_none()
            && ["matches", "rounds"]
                .iter()
                .any(|key| value.get(key).is_some_and(Value::is_array))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::{Router, routing::get};

    use super::*;

    #[test]
    fn a_file_of_matches_is_known_unless_no_genesis_is_as_long() {
        let matches = |count| format!(r#"{{"matches":[{}0]}}"#, r#"{"":0},"#.repeat(count));
        assert!(is_fixtures(&matches(100)));
        assert!(!is_fixtures(&matches(200_000)));
        assert!(!is_fixtures(r#"{"version": 2, "matches": []}"#));
    }

    #[tokio::test]
    async fn a_node_that_is_not_known_answers_shortly() {
        let json = format!("\"{}\"", "x".repeat(MAX_ANSWER));
        let route = Router::new().route("/", get(async || json));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let serving = tokio::spawn(async { axum::serve(listener, route).await });
        let entry = Entry::of(&address).await.unwrap();
        let error = entry.client().unwrap().get("/").await.unwrap_err();
        assert!(error.to_string().contains("longer than"), "{error}");
        serving.abort();
    }

    #[tokio::test]
    async fn addresses_need_no_scheme() {
        for text in [
            "192.0.2.2:9100",
            "http://192.0.2.2:9100",
            "pool.example:9100/",
            "[2001:db8::1]:9100",
        ] {
            assert!(
                matches!(Entry::of(text).await.unwrap(), Entry::Node(_)),
                "{text}"
            );
        }
        for text in ["genesis.json", "/nowhere:1/genesis.json", "a:b", "pool"] {
            assert!(
                matches!(Entry::of(text).await.unwrap(), Entry::File(_)),
                "{text}"
            );
        }
        for text in [
            "192.0.2.2:9100/join#AQ",
            "ftp://pool.example",
            "#",
            "http://a/join#",
        ] {
            assert!(Entry::of(text).await.is_err(), "{text}");
        }
    }
}
