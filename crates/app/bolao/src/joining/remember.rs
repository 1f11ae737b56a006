//! Keeping the node that a friend joined by, and who may look at it.

use std::net::SocketAddr;

use anyhow::Context as _;
use bolao_api::body::{OutsideStatusBody, Viewers};
use bolao_discovery::{Node, add_nodes};
use bolao_node::{Home, MAX_REGISTERED};
use url::Url;

use crate::{link, output, source::Client};

/// The list of known nodes in a home.
const NODES_FILE: &str = "nodes.json";

/// Keeps the friend's node: among the known ones, and among the registered ones, which are dialled for good. Where it shows itself
/// only to players, so does this home's node.
pub(super) async fn remember(home: &Home, client: &Client) -> anyhow::Result<()> {
    let status: OutsideStatusBody = client.read("/api/v1/status").await?;
    if status.viewers == Viewers::Players {
        home.joined_players_only()?;
    }
    let base = client.base();
    // Nodes meet at another port than that of the page on the web, or of a proxy.
    let is_node = base.scheme() == "http" && base.path() == "/";
    let friend = if is_node {
        base.clone()
    } else {
        let by_relay = status.link.node.map(|node| format!("http://{node}"));
        if by_relay.is_none() && link::is_local(&status.url) && !link::is_local(base.as_str()) {
            output::hint!(
                "note: other nodes cannot reach the node behind {base}: its page works, but your own node needs one \
                that it can reach (see --advertise there)"
            );
            return Ok(());
        }
        Url::parse(by_relay.as_ref().unwrap_or(&status.url))
            .context("the node does not say where other nodes reach it")?
    };
    let (Some(host), Some(port)) = (friend.host_str(), friend.port_or_known_default()) else {
        return Ok(());
    };
    let url = format!("http://{host}:{port}");
    home.change_registered(|registered| {
        if !registered.contains(&url) {
            let too_many = (registered.len() + 1).saturating_sub(MAX_REGISTERED);
            registered.drain(..too_many);
            registered.push(url);
        }
    })?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(addresses) = tokio::net::lookup_host((bare, port)).await {
        let nodes = addresses.filter_map(|address: SocketAddr| Node::try_from(address).ok());
        add_nodes(&home.person_dir().join(NODES_FILE), nodes)?;
    }
    Ok(())
}
