//! `bolao peers`: whom the node is connected to.

use bolao_node::Home;
use clap::Args;

use crate::{
    output,
    source::{self, Source, as_views},
    time,
    view::{Peer, Status},
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
    tell_twin(&source.read("/api/v1/status").await?)?;
    if peers.is_empty() {
        let text = match source {
            Source::Running(_) => "Your node is connected to nobody yet.",
            Source::Stopped(_) => "Your node is not running, so it is connected to nobody.",
        };
        return output::line(text);
    }
    let mut table = output::table(["Address", "", "For", "Block", "Program", "Identity"]);
    for peer in peers {
        let direction = if peer.outbound { "dialled" } else { "came" };
        table.add_row([
            peer.address,
            direction.to_owned(),
            time::span(peer.connected_for_s),
            peer.tip
                .map_or_else(String::new, |tip| tip.height.to_string()),
            peer.agent,
            output::fitting(&peer.id),
        ]);
    }
    output::show(&table)
}

/// Says that a copy of the home runs, too, if one was met.
pub(crate) fn tell_twin(status: &Status) -> anyhow::Result<()> {
    let Some(address) = &status.twin else {
        return Ok(());
    };
    output::line!(
        "{}    a node at {address} has this node's own key: a copy of this home runs, too. Neither can be the other's peer, and \
         a validator that runs twice signs twice: stop one of the two, for good",
        output::bad("Copy")
    )
}
