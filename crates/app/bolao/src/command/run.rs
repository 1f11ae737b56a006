//! `bolao run`: a node of the home's pool.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::bail;
use bolao_discovery::Seed;
use bolao_node::{Home, MiningMode, NodeConfig};
use clap::Args;
use rand::RngExt as _;
use url::{Host, Url};

use crate::{
    choice,
    command::{
        node::{self, NodeArgs},
        reach::ReachArgs,
    },
    home,
    hosting::HostedPool,
    input, output, parse, whole,
};

/// The ports of a node that chooses by itself, as in the article.
const PORTS: std::ops::RangeInclusive<u16> = 50_000..=60_000;
/// The number of them that are tried before giving up.
const PORT_TRIES: usize = 100;
/// The seed server's port where only its address is given.
const SEED_PORT: u16 = 42_020;
/// The text below the URL.
const RUNS: &str =
    "leave this open and type `bolao tip` in another terminal. Press Ctrl-C to stop.";
/// Remembers the port in the home.
const PORT_FILE: &str = "port";

/// Runs a node of your pool until Ctrl-C
#[derive(Args, Clone, Debug)]
pub(crate) struct RunArgs {
    /// Address of this machine to listen on, and on no other; 0.0.0.0 listens on all [default: all, once you have joined
    /// through a node elsewhere, else 127.0.0.1, which only this machine can reach]
    #[arg(short, long, value_parser = parse::own_ip, value_name = "ADDRESS")]
    ip: Option<IpAddr>,
    /// Port for HTTP (TCP) and for other nodes (UDP); 0 takes any free one [default: the last one, or at first a
    /// random one from 50000 to 60000]
    #[arg(short, long)]
    port: Option<u16>,
    /// Directory of the list of known nodes; also the home, if --home is not given
    #[arg(short, long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// File name of the list of known nodes
    #[arg(short, long, default_value = "nodes.json", value_name = "FILE")]
    nodes: PathBuf,
    /// Seconds between two searches for other nodes
    #[arg(
        short,
        long,
        alias = "upd_int",
        alias = "upd-int",
        default_value = "60",
        value_parser = parse::seconds,
        value_name = "SECONDS"
    )]
    update_interval: NonZeroU32,
    /// Number of known nodes that is enough: the node then asks for no more
    #[arg(
        short,
        long,
        alias = "kn_limit",
        default_value_t = 10,
        value_name = "N"
    )]
    kn_limit: usize,
    /// A seed server, such as 127.0.0.1:42020 (repeatable)
    #[arg(long = "seed", value_name = "HOST:PORT")]
    seeds: Vec<Seed>,
    /// A seed server's host, in the article's spelling
    #[arg(long, alias = "dns_ip", value_name = "HOST")]
    dns_ip: Option<String>,
    /// That seed server's port [default: 42020]
    #[arg(long, alias = "dns_port", value_name = "PORT")]
    dns_port: Option<u16>,
    /// When to look for blocks
    #[arg(long, value_parser = parse::mining(), default_value = "pending", value_name = "WHEN")]
    mine: MiningMode,
    /// Answers the betting article's routes too, for callers on this machine
    #[arg(long)]
    classic: bool,
    /// Runs only these pools of the home, by their codes or names, besides the one that -P chooses (repeatable) [default: all]
    #[arg(long, value_name = "POOL")]
    only: Vec<String>,
    /// Only watches: does not join the pool under your name
    #[arg(long)]
    no_join: bool,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    pub(crate) node: NodeArgs,
}

pub(crate) async fn run(args: RunArgs, chosen: Option<&Path>) -> anyhow::Result<()> {
    let dir = match (chosen, &args.dir) {
        (None, Some(dir)) => {
            home::chose(dir);
            dir.clone()
        }
        _ => home::default(chosen)?,
    };
    let home = choice::to_run(&dir)?;
    let genesis = home.genesis()?;
    args.node.keep(&home)?;
    let folder = args.dir.as_deref().unwrap_or(&dir);
    let ip = match args.ip {
        Some(ip) => ip,
        None if args.reach.is_wanted() || home.registered()?.iter().any(|it| is_elsewhere(it)) => {
            Ipv4Addr::UNSPECIFIED.into()
        }
        None => Ipv4Addr::LOCALHOST.into(),
    };
    let port = match args.port {
        Some(port) => port,
        None => port(&dir, ip)?,
    };
    let mut config = NodeConfig::new(ip, port, folder.join(&args.nodes));
    args.reach.apply(&dir, &mut config)?;
    config.widens = args.ip.is_none();
    config.update_interval = Duration::from_secs(args.update_interval.get().into());
    config.known_limit = args.kn_limit;
    config.seeds = seeds(&args)?;
    config.mining = args.mine;
    config.api.classic = args.classic;
    config.auto_join = !args.no_join;
    args.node.apply(&home, &mut config)?;
    let any = args.port == Some(0);
    let only = args.only.iter();
    let only = only.map(|pool| choice::code(&dir, pool));
    let only = only.collect::<anyhow::Result<Vec<_>>>()?;
    let hosted = HostedPool {
        home,
        genesis,
        config,
    };
    keep(hosted, only, !any, |_| {}).await
}

/// Runs a node until a signal; `started` gets its URL once it answers.
pub(crate) async fn keep(
    hosted: HostedPool,
    only: Vec<String>,
    keeps_port: bool,
    started: impl FnOnce(&str) + Send,
) -> anyhow::Result<()> {
    let (keep, name) = (hosted.home.clone(), hosted.genesis.name.clone());
    Box::pin(node::serve(hosted, only, move |node| {
        if keeps_port {
            remember(&keep, node.port())?;
        }
        let url = node.url();
        started(url);
        Ok(match output::width() {
            Some(_) => format!("{url}\nYour node of {name} runs; {RUNS}"),
            None => url.to_owned(),
        })
    }))
    .await
}

fn seeds(args: &RunArgs) -> anyhow::Result<Vec<Seed>> {
    let mut seeds = args.seeds.clone();
    if args.dns_ip.is_some() || args.dns_port.is_some() {
        let host = args.dns_ip.as_deref().unwrap_or("127.0.0.1");
        seeds.push(Seed::new(host, args.dns_port.unwrap_or(SEED_PORT))?);
    }
    Ok(seeds)
}

/// Whether a node that the home joined by is on another machine. No name is looked up: a machine that starts may have no network
/// yet.
fn is_elsewhere(node: &str) -> bool {
    let url = Url::parse(node).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name != "localhost",
        Some(Host::Ipv4(ip)) => !ip.is_loopback(),
        Some(Host::Ipv6(ip)) => !ip.to_canonical().is_loopback(),
        None => false,
    }
}

/// The port that the home used last, else a random one that is free now.
pub(crate) fn port(home: &Path, ip: IpAddr) -> anyhow::Result<u16> {
    let remembered = input::text(&home.join(PORT_FILE), 100, "a port")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .filter(|port| *port != 0);
    if let Some(port) = remembered {
        return Ok(port);
    }
    let any = if ip.is_unspecified() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        ip
    };
    let mut random = rand::rng();
    for _ in 0..PORT_TRIES {
        let port = random.random_range(PORTS);
        if TcpListener::bind(SocketAddr::new(any, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!(
        "found no free port from 50000 to 60000 on {ip}: choose one with -p, or an address of this machine with -i"
    );
}

fn remember(home: &Home, port: u16) -> anyhow::Result<()> {
    let text = format!("{port}\n");
    whole::write(&home.person_dir().join(PORT_FILE), text.as_bytes(), true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    #[test]
    fn friends_on_this_machine_are_not_elsewhere() {
        for (node, elsewhere) in [
            ("http://127.0.0.1:9000", false),
            ("http://localhost:9000", false),
            ("http://[::1]:9000", false),
            ("no url", false),
            ("http://192.168.1.20:9000", true),
            ("http://[2001:db8::1]:9000", true),
            ("http://cup.example:9000", true),
        ] {
            assert_eq!(is_elsewhere(node), elsewhere, "{node}");
        }
    }

    #[test]
    fn the_port_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let ip = Ipv4Addr::LOCALHOST.into();
        let first = port(dir.path(), ip).unwrap();
        assert!(PORTS.contains(&first));
        remember(&home, first).unwrap();
        assert_eq!(port(dir.path(), ip).unwrap(), first);
        fs::write(dir.path().join(PORT_FILE), "damaged").unwrap();
        assert!(PORTS.contains(&port(dir.path(), ip).unwrap()));
    }
}
