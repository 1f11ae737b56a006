//! Keeping the node that a friend joined by.

use std::{fs::File, io::Read as _, net::SocketAddr, path::Path};

use anyhow::Context as _;
use bolao_node::Home;
use url::Url;

use crate::whole;

/// The longest list of known nodes that is read, in bytes.
const MAX_NODES: u64 = 1 << 20;
/// The most nodes that are registered from here; the node itself keeps no more.
const MAX_REGISTERED: usize = 64;
/// The list of known nodes in a home.
const NODES_FILE: &str = "nodes.json";

/// Keeps the friend's node: among the known ones, and among the registered ones, which are dialled for good.
pub(super) async fn remember(home: &Home, friend: &Url) -> anyhow::Result<()> {
    let (Some(host), Some(port)) = (friend.host_str(), friend.port_or_known_default()) else {
        return Ok(());
    };
    let mut registered = home.registered()?;
    let url = format!("http://{host}:{port}");
    if !registered.contains(&url) && registered.len() < MAX_REGISTERED {
        registered.push(url);
        home.set_registered(&registered)?;
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let Ok(addresses) = tokio::net::lookup_host((bare, port)).await else {
        return Ok(());
    };
    let nodes: Vec<bolao_discovery::Node> = addresses
        .filter_map(|address: SocketAddr| address.try_into().ok())
        .collect();
    add_known(&home.dir().join(NODES_FILE), &nodes)
}

fn add_known(path: &Path, new: &[bolao_discovery::Node]) -> anyhow::Result<()> {
    let mut nodes: Vec<bolao_discovery::Node> = match File::open(path) {
        Ok(file) => {
            let mut text = String::new();
            file.take(MAX_NODES)
                .read_to_string(&mut text)
                .with_context(|| format!("cannot read {}", path.display()))?;
            // What is damaged is the node's to move aside.
            match serde_json::from_str(&text) {
                Ok(nodes) => nodes,
                Err(_) => return Ok(()),
            }
        }
        Err(_) => Vec::new(),
    };
    for node in new {
        if !nodes.contains(node) {
            nodes.push(*node);
        }
    }
    let mut text = serde_json::to_vec(&nodes)?;
    text.push(b'\n');
    whole::write(path, &text, true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn known_nodes_are_added_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NODES_FILE);
        let node: bolao_discovery::Node = "127.0.0.1:9000".parse().unwrap();
        add_known(&path, &[node]).unwrap();
        add_known(&path, &[node]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "[{\"ip_address\":\"127.0.0.1\",\"port\":9000}]\n");
        std::fs::write(&path, "damaged").unwrap();
        add_known(&path, &[node]).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "damaged");
    }
}
