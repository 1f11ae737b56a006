//! `bolao join`: a pool that somebody else made.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    net::SocketAddr,
    path::Path,
};

use anyhow::{Context as _, bail};
use bolao_ledger::{Genesis, Name};
use bolao_node::{Home, Profile};
use clap::Args;
use tempfile::NamedTempFile;
use url::Url;

use crate::{
    output::{self, count},
    passphrase::PassphraseArgs,
    source::Client,
};

/// The longest genesis file that is read, in bytes: twice what the most matches need.
const MAX_GENESIS: usize = 4 << 20;
/// The longest list of known nodes that is read, in bytes.
const MAX_NODES: u64 = 1 << 20;
/// The most nodes that are registered from here; the node itself keeps no more.
const MAX_REGISTERED: usize = 64;
/// The list of known nodes in a home.
const NODES_FILE: &str = "nodes.json";

/// Joins a pool by its genesis file, or by the URL of a friend's running node
#[derive(Args, Clone, Debug)]
pub(crate) struct JoinArgs {
    #[arg(
        value_name = "FILE_OR_URL",
        help = "The file genesis.json, or a node's URL such as http://192.168.1.5:9000"
    )]
    genesis: String,
    /// Your name in the pool, which your node joins under
    #[arg(long, value_name = "PLAYER")]
    name: Option<Name>,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

pub(crate) async fn run(args: JoinArgs, dir: &Path) -> anyhow::Result<()> {
    let url = args.genesis.contains("://").then_some(&args.genesis);
    let (text, friend) = match url {
        Some(url) => {
            let client = Client::new(url)?;
            let bytes = client.bytes("/api/v1/pool/genesis", MAX_GENESIS).await?;
            let text = String::from_utf8(bytes).context("the node's genesis is not UTF-8")?;
            (text, Some(client.base().clone()))
        }
        None => (read(Path::new(&args.genesis))?, None),
    };
    let genesis = Genesis::from_json(&text)
        .with_context(|| format!("{} is no genesis that can be played", args.genesis))?;

    let home = Home::open(dir)?;
    home.set_genesis(&genesis)?;
    let (wallet, is_new) = args.passphrase.open_or_create(&home)?;
    if let Some(name) = &args.name {
        home.set_profile(&Profile {
            name: Some(name.to_string()),
        })?;
    }
    if let Some(friend) = friend {
        remember(&home, &friend).await?;
    }
    tell(
        &home,
        &genesis,
        args.name.as_ref(),
        is_new,
        &wallet.player().account().to_string(),
    )
}

fn read(path: &Path) -> anyhow::Result<String> {
    let most = u64::try_from(MAX_GENESIS).unwrap_or(u64::MAX);
    let mut text = String::new();
    let got = File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_string(&mut text))
        .with_context(|| format!("cannot read {}", path.display()))?;
    if got > MAX_GENESIS {
        bail!(
            "{} is longer than {MAX_GENESIS} bytes, which no genesis file is",
            path.display()
        );
    }
    Ok(text)
}

/// Keeps the friend's node: among the known ones, and among the registered ones, which are dialled for good.
async fn remember(home: &Home, friend: &Url) -> anyhow::Result<()> {
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
    let write = || -> anyhow::Result<()> {
        let dir = path.parent().unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(dir)?;
        serde_json::to_writer(&mut file, &nodes)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

fn tell(
    home: &Home,
    genesis: &Genesis,
    name: Option<&Name>,
    wallet_is_new: bool,
    account: &str,
) -> anyhow::Result<()> {
    let dir = home.dir().display();
    output::line(format_args!(
        "This home is in the pool {}, {}.",
        output::bold(genesis.name.as_str()),
        count(genesis.matches.len(), "match", "matches")
    ))?;
    output::line(format_args!(
        "Pool id  {}   (compare it with your friends')",
        genesis.pool_id()
    ))?;
    output::line(format_args!("Account  {account}"))?;
    match name {
        Some(name) => output::line(format_args!("Name     {name}, taken once your node runs"))?,
        None => output::line("Name     none yet: join again with --name to play")?,
    }
    output::line(format_args!("\nNext:\n  bolao --home {dir} run"))?;
    if wallet_is_new {
        output::line(format_args!(
            "  bolao --home {dir} wallet words   (write these down: they alone bring your bets' key back)"
        ))?;
    }
    Ok(())
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
