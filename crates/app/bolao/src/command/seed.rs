//! `bolao seed`: where nodes find the first others.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    time::Duration,
};

use bolao_discovery::{SeedError, SeedServer};
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
    let address = SocketAddr::new(args.ip, args.port);
    let interval = Duration::from_secs(args.update_interval.get().into());
    let server = SeedServer::bind(address, args.dir.join(args.nodes), interval);
    let server = server.await.map_err(explained)?;
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn defaults_are_the_articles() {
        #[derive(Parser)]
        struct Command {
            #[command(flatten)]
            seed: SeedArgs,
        }
        let args = Command::parse_from(["bolao"]).seed;
        assert_eq!(args.ip.to_string(), "127.0.0.1");
        assert_eq!(args.port, 42_020);
        let list = args.dir.join(args.nodes);
        assert_eq!(list.to_str(), Some("./.bolao-seed/nodes.json"));
        assert_eq!(args.update_interval.get(), 60);
    }
}
