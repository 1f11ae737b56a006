//! `bolao seed`: where nodes find the first others.

use std::{net::IpAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use bolao_discovery::{SeedConfig, SeedError, SeedServer};
use clap::Args;

use crate::{
    command::{logging::LogArgs, node::stop_signal},
    exit::sentence,
    output, parse,
};

/// Runs a seed server, which keeps a list of nodes and gives it to anyone who asks
#[derive(Args, Clone, Debug)]
pub(crate) struct SeedArgs {
    /// Address to listen on
    #[arg(short, long, value_parser = parse::ip, default_value = "127.0.0.1", value_name = "ADDRESS")]
    ip: IpAddr,
    /// Port to listen on; 0 takes any free one
    #[arg(short, long, default_value_t = 42_020)]
    port: u16,
    /// Directory of the list
    #[arg(short, long, default_value = "./.bolao-seed", value_name = "DIR")]
    dir: PathBuf,
    /// File name of the list
    #[arg(short, long, default_value = "nodes.json", value_name = "FILE")]
    nodes: PathBuf,
    /// Seconds between two checks of the listed nodes
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
    #[command(flatten)]
    pub(crate) log: LogArgs,
}

pub(crate) async fn run(args: SeedArgs) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let config = SeedConfig {
        ip: args.ip,
        port: args.port,
        dir: args.dir,
        nodes: args.nodes,
        interval: Duration::from_secs(args.update_interval.get().into()),
    };
    let server = SeedServer::bind(config).await.map_err(explained)?;
    output::line!("http://{}", server.local_addr())?;
    tracing::info!(address = %server.local_addr(), "the seed server is running");
    server.run(stop).await;
    Ok(())
}

fn explained(error: SeedError) -> anyhow::Error {
    let next = match &error {
        SeedError::Listen { .. } => {
            "choose another port with -p, or an address of this machine with -i"
        }
        _ => return error.into(),
    };
    anyhow::anyhow!("{}; {next}", sentence(&error.into()))
}
