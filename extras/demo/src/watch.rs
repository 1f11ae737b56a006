//! Watches all nodes: tells of every new block, and keeps the live lines up to date.

use std::{collections::HashSet, time::Duration};

use bolao_api::body::{BlockBody, StatusBody};
use bolao_ledger::{BlockHash, Height};
use bolao_terminal::output::{count, short};
use tokio::time::sleep;

use crate::{node::Node, screen::Screen};

/// From one look at all nodes to the next.
const LOOK: Duration = Duration::from_millis(150);
/// Blocks shown at once; more than that is catching up.
const BLOCKS: usize = 20;

struct Watch {
    nodes: Vec<Node>,
    screen: Screen,
    seen: HashSet<BlockHash>,
}

/// Watches until it is dropped.
pub(crate) async fn run(nodes: Vec<Node>, screen: Screen) {
    let mut watch = Watch {
        nodes,
        screen,
        seen: HashSet::new(),
    };
    loop {
        for index in 0..watch.nodes.len() {
            // A node that does not answer is looked at again; the story waits for what matters.
            let _ = watch.look(index).await;
        }
        sleep(LOOK).await;
    }
}

impl Watch {
    async fn look(&mut self, index: usize) -> anyhow::Result<()> {
        let Some(node) = self.nodes.get(index).cloned() else {
            return Ok(());
        };
        let status = if node.is_up() {
            node.status().await.ok()
        } else {
            None
        };
        self.screen.node(index, line(&node, status.as_ref()));
        let Some(status) = status else {
            return Ok(());
        };
        let mut new = Vec::new();
        let mut next = status.tip.block.hash;
        while !self.seen.contains(&next) && new.len() < BLOCKS {
            let block: BlockBody = node.client.read(&format!("/api/v1/blocks/{next}")).await?;
            next = block.previous;
            let genesis = block.at.height == Height::ZERO;
            new.push(block);
            if genesis {
                break;
            }
        }
        for block in new.into_iter().rev() {
            self.show_block(&block)?;
        }
        Ok(())
    }

    fn show_block(&mut self, block: &BlockBody) -> anyhow::Result<()> {
        self.seen.insert(block.at.hash);
        let Some(coinbase) = &block.coinbase else {
            return Ok(());
        };
        let maker = self
            .nodes
            .iter()
            .find(|node| node.key.account() == coinbase.miner);
        let maker = maker.map_or("somebody".to_owned(), |node| {
            format!("node {} ({})", node.no, node.owner)
        });
        let transactions = count(
            block.transactions.unwrap_or(0),
            "transaction",
            "transactions",
        );
        self.screen.plain(format!(
            "  block {} of {maker}, final: {transactions}, hash {}",
            block.at.height,
            short(&block.at.hash.to_string())
        ))
    }
}

fn line(node: &Node, status: Option<&StatusBody>) -> String {
    let who = format!("node {}  {:<6} :{:<6}", node.no, node.owner, node.port);
    let Some(status) = status else {
        return format!("{who} gone");
    };
    format!(
        "{who} block {:<4} {}  {}  {} waiting",
        status.tip.block.height,
        short(&status.tip.block.hash.to_string()),
        count(status.peers, "peer", "peers"),
        status.pending,
    )
}
