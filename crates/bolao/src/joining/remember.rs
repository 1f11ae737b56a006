//! Keeping the node that a friend joined by.

use std::net::SocketAddr;

use bolao_discovery::{Node, add_nodes};
use bolao_node::{Home, MAX_REGISTERED};
use url::Url;

/// The list of known nodes in a home.
const NODES_FILE: &str = "nodes.json";

/// Keeps the friend's node: among the known ones, and among the registered ones, which are dialled for good.
pub(super) async fn remember(home: &Home, friend: &Url) -> anyhow::Result<()> {
    let (Some(host), Some(port)) = (friend.host_str(), friend.port_or_known_default()) else {
        return Ok(());
    };
    let mut registered = home.registered()?;
    let url = format!("http://{host}:{port}");
    if !registered.contains(&url) {
        let too_many = (registered.len() + 1).saturating_sub(MAX_REGISTERED);
        registered.drain(..too_many);
        registered.push(url);
        home.set_registered(&registered)?;
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(addresses) = tokio::net::lookup_host((bare, port)).await {
        let nodes = addresses.filter_map(|address: SocketAddr| Node::try_from(address).ok());
        add_nodes(&home.dir().join(NODES_FILE), nodes)?;
    }
    Ok(())
}
