//! `bolao peers`: whom the node is connected to.

use bolao_node::Home;
use clap::Args;

use crate::{
    output,
    source::{self, Source, as_views},
    time,
    view::Peer,
};

/// Shows the nodes that yours is connected to
#[derive(Args, Clone, Debug)]
pub(crate) struct PeersArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: PeersArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let peers = source.list("/api/v1/peers", usize::MAX).await?;
    if args.json {
        return output::json(&peers);
    }
    let peers: Vec<Peer> = as_views(peers)?;
    if let Source::Running(_) = source {
        apart(home, &peers).await?;
    }
    if peers.is_empty() {
        let text = match source {
            Source::Running(_) => "Your node is not connected to any other node yet.",
            Source::Stopped(_) => {
                "Your node is not running, so it is not connected to any other node."
            }
        };
        return output::line(text);
    }
    let mut table = output::table(["Address", "", "For", "Block", "Program", "Identity"]);
    for peer in peers {
        let direction = if peer.outbound { "dialled" } else { "came" };
        let agent = match peer.clock_ahead_s {
            Some(ahead_s) => format!(
                "{}, its clock {} yours",
                peer.agent,
                time::ahead_of(ahead_s)
            ),
            None => peer.agent,
        };
        table.add_row([
            peer.address,
            direction.to_owned(),
            time::span(peer.connected_for_s),
            peer.tip
                .map_or_else(String::new, |tip| tip.height.to_string()),
            agent,
            output::fitting(&peer.id),
        ]);
    }
    output::show(&table)
}

/// Says which nodes are registered and not connected. The articles' own programs never are.
async fn apart(home: &Home, peers: &[Peer]) -> anyhow::Result<()> {
    for node in home.registered()? {
        let place = node.trim_start_matches("http://");
        let found = tokio::net::lookup_host(place).await;
        let found: Vec<String> = found.map_or_else(
            |_| Vec::new(),
            |found| found.map(|address| address.to_string()).collect(),
        );
        if !peers.iter().any(|peer| found.contains(&peer.address)) {
            output::hint!(
                "note: {node} is registered, but not connected: no node of this pool answers there over UDP, so bets and blocks are not shared with it"
            );
        }
    }
    Ok(())
}
