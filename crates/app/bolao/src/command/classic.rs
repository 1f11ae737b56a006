//! `bolao classic PORT`: what `python app.py PORT` was in the betting article.

use std::{net::Ipv4Addr, path::Path};

use bolao_ledger::Genesis;
use bolao_node::{Home, MiningMode, NodeConfig};
use clap::Args;

use crate::{
    command::node::{self, NodeArgs},
    home,
    hosting::HostedPool,
    parse,
};

/// Runs a node of the betting article: its two matches, its routes, blocks when you ask for them
#[derive(Args, Clone, Debug)]
pub(crate) struct ClassicArgs {
    /// Port to listen on; without --home, each port has its own home
    port: u16,
    /// When to look for blocks
    #[arg(long, value_parser = parse::mining(), default_value = "manual", value_name = "WHEN")]
    mine: MiningMode,
    #[command(flatten)]
    pub(crate) node: NodeArgs,
}

pub(crate) async fn run(args: ClassicArgs, chosen: Option<&Path>) -> anyhow::Result<()> {
    let dir = home::classic(chosen, args.port)?;
    let is_new = !dir.exists();
    let home = Home::open(&dir)?;
    args.node.keep(&home)?;
    let nodes = home.dir().join("nodes.json");
    let mut config = NodeConfig::new(Ipv4Addr::LOCALHOST.into(), args.port, nodes);
    config.api.classic = true;
    config.mining = args.mine;
    args.node.apply(&home, &mut config)?;
    let hosted = HostedPool {
        home,
        genesis: Genesis::article(),
        config,
    };
    let served = Box::pin(node::serve(hosted, Vec::new(), |node| {
        Ok(format!("http://localhost:{}", node.port()))
    }))
    .await;
    if served.is_err() && is_new {
        // Only if the node could write nothing into it.
        let _ = std::fs::remove_dir(dir);
    }
    served
}
