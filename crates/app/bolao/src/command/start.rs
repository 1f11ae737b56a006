//! `bolao start`: from nothing to a running pool, in the browser.

use std::{
    env,
    net::{IpAddr, Ipv4Addr, UdpSocket},
    path::Path,
};

use anyhow::Context as _;
use bolao_node::{MiningMode, NodeConfig};
use clap::Args;
use tokio::net::TcpListener;

use crate::{
    choice,
    command::{
        node::{self, NodeArgs},
        reach::ReachArgs,
        run,
    },
    home,
    hosting::HostedPool,
    output, source,
    start::FirstRun,
};

/// Makes or joins a pool in your browser and runs your node; later it runs the node and opens its page
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "The node listens on all addresses of this machine so that friends in your network can reach it; \
        --here limits it to this machine.\nThe printed address holds a code: it is for this machine's browser, and \
        works once."
)]
pub(crate) struct StartArgs {
    /// Accepts connections from this machine only
    #[arg(long, conflicts_with_all = ["advertised", "domain"])]
    here: bool,
    /// Port for the page (TCP) and for other nodes (UDP) [default: the last one, or at first a random one from 50000
    /// to 60000]
    #[arg(short, long)]
    port: Option<u16>,
    /// Prints the page's address without opening a browser
    #[arg(long)]
    no_browser: bool,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    pub(crate) node: NodeArgs,
}

pub(crate) async fn run(args: StartArgs, dir: &Path) -> anyhow::Result<()> {
    let ip: IpAddr = if args.here {
        Ipv4Addr::LOCALHOST.into()
    } else {
        Ipv4Addr::UNSPECIFIED.into()
    };
    let is_new = home::pool(dir)?.is_none();
    args.node.keep_at(dir)?;
    if !is_new && let Ok(running) = source::node(&choice::to_run(dir)?).await {
        let url = running.base().as_str();
        output::line!("{url}\nYour node is already running.")?;
        open(&args, url);
        return Ok(());
    }
    let mut port = match args.port {
        Some(port) => port,
        None => run::port(dir, ip)?,
    };
    if is_new {
        let listener = listen(&mut port).await?;
        let first = FirstRun {
            home: dir.to_owned(),
            node: config(&args, dir, ip, port)?,
            passphrase: args.node.known_passphrase(dir)?,
        };
        let stop = node::stop_signal()?;
        let begun = |url: &str| {
            output::line!("{url}\nOpen this address in this machine's browser: it works once.")?;
            open(&args, url);
            Ok(())
        };
        if !Box::pin(first.serve(listener, begun, stop)).await? {
            return Ok(());
        }
    }
    let home = choice::to_run(dir)?;
    let genesis = home.genesis()?;
    let mut config = config(&args, dir, ip, port)?;
    args.node.apply(&home, &mut config)?;
    let hosted = HostedPool {
        home,
        genesis,
        config,
    };
    run::keep(hosted, Vec::new(), true, |url| {
        // The page of the first run is open, and waits for the node.
        if !is_new {
            open(&args, url);
        }
    })
    .await
}

fn config(args: &StartArgs, dir: &Path, ip: IpAddr, port: u16) -> anyhow::Result<NodeConfig> {
    let mut config = NodeConfig::new(ip, port, dir.join("nodes.json"));
    args.reach.apply(dir, &mut config)?;
    config.mining = MiningMode::Pending;
    Ok(config)
}

/// Listens on loopback, on a port that other nodes can reach, too.
async fn listen(port: &mut u16) -> anyhow::Result<TcpListener> {
    let cannot = |port: u16| {
        format!(
            "cannot listen on port {port} of 127.0.0.1: choose another with -p, or 0 for any free one"
        )
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).await;
    let listener = listener.with_context(|| cannot(*port))?;
    *port = listener.local_addr()?.port();
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, *port)).with_context(|| cannot(*port))?;
    Ok(listener)
}

/// Opens the browser where there is a screen; else the printed address is for whoever reads it.
fn open(args: &StartArgs, url: &str) {
    let has = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let has_screen = cfg!(not(target_os = "linux")) || has("DISPLAY") || has("WAYLAND_DISPLAY");
    if args.no_browser || !has_screen {
        return;
    }
    if let Err(error) = open::that_detached(url) {
        output::hint!(
            "note: no browser could be opened ({error}): open the address above yourself"
        );
    }
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::*;

    /// The page of a link that only this machine reaches says how to start this program again.
    #[test]
    fn the_page_names_flags_that_start_has() {
        let page = include_str!("../../../../../web/src/design/Opens.tsx");
        let start = StartArgs::augment_args(Command::new("start"));
        let commands = page.split("<code>").skip(1);
        let commands = commands.filter_map(|text| text.split_once("</code>"));
        let flags = commands.flat_map(|(command, _)| command.split_whitespace());
        let flags = flags.filter_map(|word| word.strip_prefix("--"));
        let mut named = 0;
        for flag in flags {
            let is_known = start.get_arguments().any(|it| it.get_long() == Some(flag));
            assert!(is_known, "{flag}");
            named += 1;
        }
        assert!(named > 0);
    }
}
