//! Watches all nodes: tells of every new block, and keeps the live lines up to date.

use std::{collections::HashSet, time::Duration};

use bolao_ledger::BlockHash;
use tokio::time::sleep;

use super::{
    face::Face,
    tell::{Kind, Teller},
};
use crate::{
    output::{count, short},
    source::as_view,
    view::{Block, Status},
};

/// From one look at all nodes to the next.
const LOOK: Duration = Duration::from_millis(150);
/// Blocks told of at once; more than that is catching up.
const BLOCKS: usize = 20;

struct Watch {
    faces: Vec<Face>,
    tell: Teller,
    seen: HashSet<BlockHash>,
    heights: HashSet<u64>,
}

/// Watches until it is dropped.
pub(super) async fn run(faces: Vec<Face>, tell: Teller) {
    let mut watch = Watch {
        faces,
        tell,
        seen: HashSet::new(),
        heights: HashSet::new(),
    };
    loop {
        for index in 0..watch.faces.len() {
            // A node that does not answer is looked at again; the story waits for what matters.
            let _ = watch.look(index).await;
        }
        sleep(LOOK).await;
    }
}

impl Watch {
    async fn look(&mut self, index: usize) -> anyhow::Result<()> {
        let Some(face) = self.faces.get(index).cloned() else {
            return Ok(());
        };
        let status = if face.is_up() {
            face.status().await.ok()
        } else {
            None
        };
        self.tell.node(index, line(&face, status.as_ref()));
        let Some(status) = status else {
            return Ok(());
        };
        let mut new = Vec::new();
        let mut next = status.tip.hash;
        while !self.seen.contains(&next) && new.len() < BLOCKS {
            let block: Block = as_view(face.client.get(&format!("/api/v1/blocks/{next}")).await?)?;
            next = block.previous;
            let genesis = block.height == 0;
            new.push(block);
            if genesis {
                break;
            }
        }
        for block in new.into_iter().rev() {
            self.tell_of(&block)?;
        }
        Ok(())
    }

    fn tell_of(&mut self, block: &Block) -> anyhow::Result<()> {
        self.seen.insert(block.hash);
        let Some(coinbase) = &block.coinbase else {
            return Ok(());
        };
        let finder = self
            .faces
            .iter()
            .find(|face| face.account == coinbase.miner);
        let finder = finder.map_or("somebody".to_owned(), |face| {
            format!("node {} ({})", face.no, face.owner)
        });
        let rival = if self.heights.insert(block.height) {
            ""
        } else {
            " (two at once: the next decides)"
        };
        let transactions = count(
            block.transactions.unwrap_or(0),
            "transaction",
            "transactions",
        );
        self.tell.say(
            Kind::Block,
            format!(
                "  block {} found by {finder}: {transactions}, hash {}{rival}",
                block.height,
                short(&block.hash.to_string())
            ),
        )?;
        Ok(())
    }
}

fn line(face: &Face, status: Option<&Status>) -> String {
    let who = format!("node {}  {:<6} :{:<6}", face.no, face.owner, face.port);
    let Some(status) = status else {
        return format!("{who} gone");
    };
    let mining = if status.mining.active { "  mining" } else { "" };
    format!(
        "{who} block {:<4} {}  {}  {} waiting{mining}",
        status.tip.height,
        short(&status.tip.hash.to_string()),
        count(status.peers, "peer", "peers"),
        status.pending,
    )
}
